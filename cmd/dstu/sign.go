package main

import (
	"bytes"
	"context"
	"encoding/asn1"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/alg"
)

type signCommand struct {
	*app
	keys     keyFlags
	role     string
	detached bool
	hash     string
	level    string
	tsp      string
	cmp      string
	addTo    string
	out      string
	force    bool
	pem      bool
}

func (a *app) signCommand() *cobra.Command {
	c := &signCommand{app: a}
	cmd := &cobra.Command{
		Use:   "sign --key FILE [flags] FILE",
		Short: "Sign a file",
		Long: `Sign FILE (CAdES-BES). Each --key makes one signature, side by side. The certificate is found
among --cert and in the container. The output is FILE.p7s unless -o names another; from standard
input it is standard output. With --add-to the signatures are added to a message that exists;
FILE is its content, --detached does not apply, and with --force -o may be the message itself.`,
		Example: `  dstu sign --key Key-6.dat --password-file pass --cert me.cer report.xml
  dstu sign --key seal.jks --role stamp --detached -o report.p7s report.xml
  dstu sign --key director.p12 --add-to report.p7s -o both.p7s report.xml`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	flags := cmd.Flags()
	c.keys.register(flags, "who signs")
	flags.StringVar(&c.role, "role", "", "choose the key by its certificate: personal, fop, director, stamp")
	flags.BoolVar(&c.detached, "detached", false, "leave the content out of the message")
	flags.StringVar(&c.hash, "hash", "", "gost34311, kupyna256, kupyna384 or kupyna512; default: as the certificate is signed")
	flags.StringVar(&c.level, "level", "BES", "CAdES level")
	flags.StringVar(&c.tsp, "tsp", "", "`URL` of a timestamp server (not in this version)")
	flags.StringVar(&c.cmp, "cmp", "", "`URL` where to look for the certificate (not in this version)")
	flags.StringVar(&c.addTo, "add-to", "", "add the signatures to the message in `P7S`")
	flags.StringVarP(&c.out, "output", "o", "", "`FILE` to write")
	flags.BoolVar(&c.force, "force", false, "replace an existing file")
	flags.BoolVar(&c.pem, "pem", false, "write PEM")
	return cmd
}

// digestOf returns the digest algorithm by the name of a flag; nil is the default.
func digestOf(name string) (asn1.ObjectIdentifier, error) {
	switch name {
	case "":
		return nil, nil
	case "gost34311":
		return alg.OIDGOST34311, nil
	case "kupyna256":
		return alg.OIDKupyna256, nil
	case "kupyna384":
		return alg.OIDKupyna384, nil
	case "kupyna512":
		return alg.OIDKupyna512, nil
	}
	return nil, noneOf("hash", name, hashNames)
}

func (c *signCommand) run(ctx context.Context, name string) error {
	switch {
	case len(c.keys.files) == 0:
		return usage("--key is needed")
	case c.addTo != "" && c.detached:
		return usage("--detached does not go with --add-to: the message stays as it is")
	case c.tsp != "" || c.cmp != "":
		return unsupported("--tsp and --cmp are not in this version")
	}
	if err := c.oneOutput(c.place(name)); err != nil {
		return err
	}
	if err := oneOf("level", c.level, "BES", "T", "C", "XL", "A"); err != nil {
		return err
	}
	if c.level != "BES" {
		return unsupported("--level %s is not in this version", c.level)
	}
	signers, err := c.signers()
	if err != nil {
		return err
	}
	if c.addTo != "" {
		return c.add(name, signers)
	}
	in, err := c.open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := c.create(c.place(name), c.force, modePublic)
	if err != nil {
		return err
	}
	defer out.abort()
	w, err := armor(out, c.pem, "CMS")
	if err != nil {
		return err
	}
	metered, end := c.meter(in, in.size)
	defer end()
	open := func(size int64) (io.WriteCloser, error) {
		return cms.NewSigner(ctx, w, signers, &cms.SignOptions{Detached: c.detached, Size: size})
	}
	whole := func(content []byte) ([]byte, error) {
		return cms.Sign(content, signers, &cms.SignOptions{Detached: c.detached})
	}
	if err := pour(w, metered, in.size, open, whole); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	end()
	return c.wrote(wroteJSON{File: name, Output: c.place(name)})
}

func (c *signCommand) place(name string) string {
	switch {
	case c.out != "":
		return c.out
	case name == stdinName:
		return "-"
	}
	return name + ".p7s"
}

func (c *signCommand) signers() ([]cms.Signer, error) {
	if c.role != "" {
		if err := oneOf("role", c.role, roles...); err != nil {
			return nil, err
		}
	}
	digest, err := digestOf(c.hash)
	if err != nil {
		return nil, err
	}
	stores, _, err := c.stores(&c.keys)
	if err != nil {
		return nil, err
	}
	var signers []cms.Signer
	for i, store := range stores {
		s, err := signer(store, c.keys.files[i], c.role)
		if err != nil {
			return nil, err
		}
		s.Digest = digest
		c.checkDates(s.Certificate)
		signers = append(signers, s)
	}
	return signers, nil
}

// small is how much of an input of unknown length is collected in the hope of its end: a short
// message is then written in DER.
const small = 1 << 20

// pour writes a message over in to w: as a whole if the input is short, else streaming.
func pour(w io.Writer, in io.Reader, size int64, open func(size int64) (io.WriteCloser, error), whole func([]byte) ([]byte, error)) error {
	head, err := io.ReadAll(io.LimitReader(in, small))
	if err != nil {
		return err
	}
	if len(head) < small {
		message, err := whole(head)
		if err != nil {
			return err
		}
		_, err = w.Write(message)
		return err
	}
	m, err := open(max(size, 0))
	if err != nil {
		return err
	}
	if _, err := io.Copy(m, io.MultiReader(bytes.NewReader(head), in)); err != nil {
		return err
	}
	return m.Close()
}

// add puts the signatures into a message that exists. If it holds its content, that must be what
// the file holds.
func (c *signCommand) add(name string, signers []cms.Signer) error {
	read := c.inputs
	data, err := c.readAll(c.addTo)
	if err != nil {
		return err
	}
	c.inputs = read // the message may be replaced: nothing of it is lost
	if data, err = unwrapAll(data); err != nil {
		return err
	}
	present, err := cms.ParseSigned(data)
	if err != nil {
		return fmt.Errorf("%s: %w", c.addTo, err)
	}
	in, err := c.open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	var content io.Reader
	if present.Detached {
		metered, end := c.meter(in, in.size)
		defer end()
		content = metered
	} else if same, err := equalContent(in, present.Content); err != nil {
		return err
	} else if !same {
		return usage("%s is not the content of %s", name, c.addTo)
	}
	message, err := cms.AddSigners(data, content, signers, nil)
	if err != nil {
		return err
	}
	if err := c.writeArmored(c.place(name), c.force, modePublic, message, c.pem, "CMS"); err != nil {
		return err
	}
	return c.wrote(wroteJSON{File: name, Output: c.place(name)})
}

func equalContent(r io.Reader, content []byte) (bool, error) {
	data, err := io.ReadAll(io.LimitReader(r, int64(len(content))+1))
	return bytes.Equal(data, content), err
}
