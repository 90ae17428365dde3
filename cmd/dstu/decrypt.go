package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
)

type decryptCommand struct {
	*app
	keys  keyFlags
	out   string
	force bool
}

func (a *app) decryptCommand() *cobra.Command {
	c := &decryptCommand{app: a}
	cmd := &cobra.Command{
		Use:   "decrypt --key FILE [flags] FILE",
		Short: "Decrypt an enveloped message",
		Long: `Decrypt FILE with the key of the container that it is addressed to. --cert also offers the
certificate of the sender, which some messages only name.

If the message is of the kind "sign and envelop", the signature inside is checked, its
mathematics and digests, and the signed content is written. A message without a signature, or
with one that cannot be checked for want of the signer's certificate, is not protected against
change, as the command says on standard error.

An output file appears only when everything was right. Standard output, the default, is written
while the message is read: look at the exit status.`,
		Example: `  dstu decrypt --key Key-6.dat --password-file pass -o report.xml report.p7e
  dstu decrypt --key me.p12 --password secret --cert sender.cer - < report.p7e`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	c.keys.register(cmd.Flags(), "the recipient")
	cmd.Flags().StringVarP(&c.out, "output", "o", "-", "`FILE` to write")
	cmd.Flags().BoolVar(&c.force, "force", false, "replace an existing file")
	return cmd
}

type decryptJSON struct {
	File    string              `json:"file"`
	Output  *string             `json:"output"` // null if nothing was written
	Signed  bool                `json:"signed"`
	Verdict *validation.Verdict `json:"verdict"` // of the signatures inside; null without any
	Trust   string              `json:"trust"`
	Sender  *string             `json:"sender_cn"` // null for an ephemeral key
	Signers []signerJSON        `json:"signers"`
	Error   *faultJSON          `json:"error,omitempty"`

	message   bool   // the plaintext is itself a signed message
	unchecked string // why the signatures inside could not be checked
}

func (c *decryptCommand) run(ctx context.Context, name string) error {
	if len(c.keys.files) == 0 {
		return usage("--key is needed")
	}
	if err := c.oneOutput(c.out); err != nil {
		return err
	}
	stores, certs, err := c.stores(&c.keys)
	if err != nil {
		return err
	}
	in, err := c.open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	metered, end := c.meter(in, in.size)
	defer end()
	plain, err := unwrap(metered)
	if err != nil {
		return inFile(name, err)
	}
	message, pool, err := c.envelope(name, plain, certs)
	if err != nil {
		return inFile(name, err)
	}
	d, err := cms.NewDecrypter(message, &cms.DecryptOptions{Recipients: recipients(stores), Certificates: pool})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	out, err := c.create(c.out, c.force, modePublic)
	if err != nil {
		return err
	}
	defer out.abort()
	j := &decryptJSON{File: name, Trust: trustNotEvaluated, Signers: []signerJSON{}}
	if s := d.SenderCertificate(); s != nil {
		j.Sender = text(s.Subject.CommonName())
	}
	if err := c.content(ctx, j, out, d, pool); err != nil {
		if c.json && j.Signed {
			return errors.Join(c.answer(j), err)
		}
		return inFile(name, err)
	}
	if err := out.commit(); err != nil {
		return err
	}
	j.Output = &c.out
	end()
	return c.conclude(j)
}

// envelope finds the enveloped message: the input itself, or the section of a transport message
// without an outer signature, where the sender's certificate stands beside it.
func (c *decryptCommand) envelope(name string, in *armored, certs []*pkix.Certificate) (io.Reader, *pkix.Pool, error) {
	pool := pkix.NewPool(certs...)
	head, err := in.Peek(peekSize)
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	if contentInfo(head) == 2 {
		return nil, nil, malformed("%s: is signed, not enveloped", name)
	}
	if !transport.IsFramed(head) {
		if len(head) == 0 || head[0] != 0x30 {
			return nil, nil, malformed("%s: neither an enveloped message nor a transport message", name)
		}
		return in, pool, nil
	}
	data, err := readWhole(name, in)
	if err != nil {
		return nil, nil, err
	}
	container, err := transport.Parse(data)
	if err != nil {
		return nil, nil, err
	}
	var message io.Reader
	for _, s := range container.Sections {
		if s.Label == transport.LabelCertificate {
			if cert, err := pkix.ParseCertificate(s.Content); err == nil {
				pool.Add(cert)
			}
		}
		if s.Encrypted() && message == nil {
			message = bytes.NewReader(s.Content)
		}
	}
	if message == nil {
		return nil, nil, malformed("%s: no envelope at the top of the transport message; report open peels it", name)
	}
	return message, pool, nil
}

// content writes the plaintext, or what is signed in it.
func (c *decryptCommand) content(ctx context.Context, j *decryptJSON, out io.Writer, d *cms.Decrypter, pool *pkix.Pool) error {
	if !d.ContentType().Equal(cms.ContentTypeSignedData) {
		buffered := bufio.NewReaderSize(d, peekSize)
		head, _ := buffered.Peek(peekSize)
		j.message = contentInfo(head) == 2
		_, err := io.Copy(out, buffered)
		return err
	}
	s, err := cms.NewSignedReader(d)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, s); err != nil {
		return err
	}
	result, err := s.CheckSignatures(ctx, &cms.CheckOptions{Certificates: pool})
	if result == nil {
		return err
	}
	j.Signed, j.Verdict = true, &result.Report.Verdict
	for i := range result.Signers {
		j.Signers = append(j.Signers, describeSigner(&result.Signers[i]))
	}
	if result.Report.Verdict == validation.Indeterminate {
		j.unchecked = wording(reason(result.Report)) // no worse than a message without a signature
		return nil
	}
	if f := verdictFault(j.File, result.Report); f != nil {
		if f.code != "" {
			j.Error = f.json()
		}
		return f
	}
	return nil
}

func (c *decryptCommand) conclude(j *decryptJSON) error {
	if c.json {
		return c.answer(j)
	}
	switch {
	case j.message:
		fmt.Fprintf(c.stderr, "dstu: decrypt: note: %s holds a signed message, which was not checked; dstu verify does that\n", shown(j.File))
	case j.unchecked != "":
		fmt.Fprintf(c.stderr, "dstu: decrypt: note: %s: its signature was not checked: %s\n", shown(j.File), plain(j.unchecked))
		return nil
	case !j.Signed:
		fmt.Fprintf(c.stderr, "dstu: decrypt: note: %s is not signed; nothing protects it against change\n", shown(j.File))
	}
	for _, s := range j.Signers {
		fmt.Fprintf(c.stderr, "dstu: decrypt: note: signed by %s (mathematics only)\n", plain(value(s.SubjectCN)))
	}
	return nil
}
