package main

import (
	"context"
	"encoding/asn1"
	"io"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
)

type encryptCommand struct {
	*app
	keys   keyFlags
	to     []string
	cipher string
	sign   bool
	out    string
	force  bool
	pem    bool
}

func (a *app) encryptCommand() *cobra.Command {
	c := &encryptCommand{app: a}
	cmd := &cobra.Command{
		Use:   "encrypt --to CERT… -o OUT FILE",
		Short: "Encrypt a file to certificates",
		Long: `Encrypt FILE to the key-agreement certificates of --to, one in each file. Without --key the originator is an
ephemeral key; with it, the key-agreement key of the container, whose certificate goes into the
message. With --sign the signing key of the container signs the content first: whoever decrypts
can then tell that nobody changed it.`,
		Example: `  dstu encrypt --to centre.cer -o report.p7e report.xml
  dstu encrypt --to centre.cer --key me.p12 --password-file pass --sign -o report.p7e report.xml`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&c.to, "to", nil, "`CERT` of a recipient; may be repeated")
	c.keys.register(flags, "the originator")
	flags.BoolVar(&c.sign, "sign", false, "sign the content first")
	flags.StringVar(&c.cipher, "cipher", "gost28147", "content cipher: gost28147 or kalyna256")
	flags.StringVarP(&c.out, "output", "o", "", "`FILE` to write")
	flags.BoolVar(&c.force, "force", false, "replace an existing file")
	flags.BoolVar(&c.pem, "pem", false, "write PEM")
	return cmd
}

// cipherOf returns the algorithms of a content cipher: nil for the defaults.
func cipherOf(name string) (asn1.ObjectIdentifier, error) {
	switch name {
	case "gost28147":
		return cms.CipherGOST28147, nil
	case "kalyna256":
		return cms.CipherKalyna256, nil
	}
	return nil, usage("--cipher: %q is none of gost28147, kalyna256", name)
}

func (c *encryptCommand) run(ctx context.Context, name string) error {
	switch {
	case len(c.to) == 0:
		return usage("--to is needed")
	case c.out == "":
		return usage("-o is needed")
	case c.sign && len(c.keys.files) == 0:
		return usage("--sign needs --key")
	case len(c.keys.files) > 1:
		return usage("one --key, there is one originator")
	}
	if err := c.oneOutput(c.out); err != nil {
		return err
	}
	o := new(cms.EncryptOptions)
	var err error
	if o.Cipher, err = cipherOf(c.cipher); err != nil {
		return err
	}
	to, err := c.agreementCertificates(c.to)
	if err != nil {
		return err
	}
	var who *cms.Signer
	if len(c.keys.files) > 0 {
		if who, err = c.originator(o); err != nil {
			return err
		}
	}
	in, err := c.open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := c.create(c.out, c.force, modePublic)
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
	if err := envelop(ctx, w, metered, in.size, to, o, who); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	end()
	c.encryptedTo(to)
	return c.wrote(wroteJSON{File: name, Output: c.out, Recipients: parties(to)})
}

// originator sets the static sender, and returns the signer if the content is to be signed.
func (c *encryptCommand) originator(o *cms.EncryptOptions) (*cms.Signer, error) {
	stores, _, err := c.stores(&c.keys)
	if err != nil {
		return nil, err
	}
	if o.Sender, err = sender(stores[0], c.keys.files[0]); err != nil {
		return nil, err
	}
	c.checkDates(o.Sender.Certificate)
	o.IncludeSenderCertificate = true
	if !c.sign {
		return nil, nil
	}
	s, err := signer(stores[0], c.keys.files[0], "")
	c.checkDates(s.Certificate)
	return &s, err
}

// envelop writes the envelope over in, signed by who if that is not nil. As the library of IIT
// does, the signed content is then a bare SignedData and the content type says so.
func envelop(ctx context.Context, w io.Writer, in io.Reader, size int64, to []*pkix.Certificate, o *cms.EncryptOptions, who *cms.Signer) error {
	if who == nil {
		open := func(size int64) (io.WriteCloser, error) {
			sized := *o
			sized.Size = size
			return cms.NewEncrypter(w, to, &sized)
		}
		return pour(w, in, size, open, func(content []byte) ([]byte, error) { return cms.Encrypt(content, to, o) })
	}
	o.ContentType = cms.ContentTypeSignedData
	signers := []cms.Signer{*who}
	open := func(size int64) (io.WriteCloser, error) {
		outer, err := cms.NewEncrypter(w, to, o)
		if err != nil {
			return nil, err
		}
		inner, err := cms.NewSigner(ctx, outer, signers, &cms.SignOptions{Size: size, OmitContentInfo: true})
		if err != nil {
			return nil, err
		}
		return nested{inner, outer}, nil
	}
	return pour(w, in, size, open, func(content []byte) ([]byte, error) {
		signed, err := cms.Sign(content, signers, &cms.SignOptions{OmitContentInfo: true})
		if err != nil {
			return nil, err
		}
		return cms.Encrypt(signed, to, o)
	})
}

// nested is a writer within a writer; closing closes both.
type nested struct{ inner, outer io.WriteCloser }

func (n nested) Write(p []byte) (int, error) { return n.inner.Write(p) }

func (n nested) Close() error {
	if err := n.inner.Close(); err != nil {
		return err
	}
	return n.outer.Close()
}
