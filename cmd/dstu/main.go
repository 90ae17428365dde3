// Command dstu signs, verifies, encrypts, decrypts, hashes and inspects with the cryptography of
// Ukraine: DSTU 4145, GOST 34.311, Kupyna, GOST 28147, the CMS profiles in use, the key
// containers that users hold, and the transport messages of electronic reporting.
//
// Exit status: 0 done and true; 1 the cryptographic answer is no; 2 usage, input or output,
// malformed or unsupported input; 130 interrupted.
package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	a := newApp(os.Stdin, os.Stdout, os.Stderr)
	a.useTerminal()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		a.cleanup.run()
		fmt.Fprintln(os.Stderr, "dstu: interrupted")
		os.Exit(130)
	}()
	os.Exit(a.run(os.Args[1:]))
}

// execute runs one command line without a terminal and returns the exit status.
func execute(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return newApp(stdin, stdout, stderr).run(args)
}
