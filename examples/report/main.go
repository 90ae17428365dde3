// Command report is the main job of the library from end to end: a statistical report is signed
// by the officials of a firm, encrypted to the centre, packed into a transport message and
// "sent"; the centre opens it, verifies every official and answers with two receipts; the firm
// opens both and files them. Nothing has to be prepared: a throw-away authority issues the
// certificates on the spot.
//
// With -keep the containers, the certificates beside them and the messages stay, for the command
// dstu to be tried on. It prints each step in Ukrainian, and three failures at the end.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	keep := flag.String("keep", "", "directory to keep the files in; by default they are removed")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

// run plays the whole scene in dir, or in a temporary directory if dir is empty.
func run(ctx context.Context, w io.Writer, dir string) error {
	if dir == "" {
		temp, err := os.MkdirTemp("", "dstu-report-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temp)
		dir = temp
	}
	s, err := newScene(w, dir)
	if err != nil {
		return err
	}
	message, err := s.send()
	if err != nil {
		return err
	}
	first, second, err := s.receive(ctx, message)
	if err != nil {
		return err
	}
	if err := s.file(ctx, first, second); err != nil {
		return err
	}
	return s.failures(ctx, message)
}
