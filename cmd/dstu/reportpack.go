package main

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

type reportPackCommand struct {
	*app
	keys   keyFlags
	to     []string
	header []string
	hash   string
	cipher string
	static bool
	out    string
	force  bool
}

func (a *app) reportPackCommand() *cobra.Command {
	c := &reportPackCommand{app: a}
	cmd := &cobra.Command{
		Use:   "pack --key FILE… --to CERT -o OUT FILE",
		Short: "Make the transport message of a report",
		Long: `Sign FILE with the key of each --key, one signature around the other in the order given
(accountant, director, seal), encrypt it to the certificate of --to, sign the envelope with the
last key and put the header before it. The key-agreement certificate of the last container that
has one goes along, so that receipts can be encrypted.

FILENAME is the name of FILE unless --header says otherwise; what FILE holds is not converted.`,
		Example: `  dstu report pack --key accountant.p12 --password a --key seal.p12 --password b \
    --to centre.cer --header RCV_EMAIL=me@example.com -o out.bin F0103305.xml`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(args[0]) },
	}
	flags := cmd.Flags()
	c.keys.register(flags, "who signs, in order")
	flags.StringArrayVar(&c.to, "to", nil, "`CERT` of the receiver; may be repeated")
	flags.StringArrayVar(&c.header, "header", nil, "header field `KEY=VALUE`; may be repeated")
	flags.StringVar(&c.hash, "hash", "", "gost34311, kupyna256, kupyna384 or kupyna512; default: as each certificate is signed")
	flags.StringVar(&c.cipher, "cipher", "gost28147", "content cipher: gost28147 or kalyna256")
	flags.BoolVar(&c.static, "static", false, "encrypt with the key-agreement key of the last container, not with an ephemeral one")
	flags.StringVarP(&c.out, "output", "o", "", "`FILE` to write")
	flags.BoolVar(&c.force, "force", false, "replace an existing file")
	return cmd
}

// headerFields reads the values of --header.
func headerFields(list []string) ([]transport.Field, error) {
	var out []transport.Field
	for _, s := range list {
		key, value, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			return nil, usage("--header: %q is not KEY=VALUE", s)
		}
		out = append(out, transport.Field{Key: key, Value: value})
	}
	return out, nil
}

type packedJSON struct {
	File   string      `json:"file"`
	Size   int         `json:"size"`
	SHA256 string      `json:"sha256"`
	Header []fieldJSON `json:"header"`

	Recipients []partyJSON `json:"recipients"`
	Notes      []string    `json:"notes,omitempty"`
}

func (c *reportPackCommand) run(name string) error {
	switch {
	case len(c.keys.files) == 0:
		return usage("--key is needed")
	case len(c.to) == 0:
		return usage("--to is needed")
	case c.out == "":
		return usage("-o is needed")
	}
	if err := c.oneOutput(c.out); err != nil {
		return err
	}
	o := new(transport.PackOptions)
	var err error
	if o.Envelope.Cipher, err = cipherOf(c.cipher); err != nil {
		return err
	}
	if o.Header.Fields, err = headerFields(c.header); err != nil {
		return err
	}
	if o.Envelope.Recipients, err = c.agreementCertificates(c.to); err != nil {
		return err
	}
	if err := c.people(o); err != nil {
		return err
	}
	data, err := c.readAll(name)
	if err != nil {
		return err
	}
	if name != stdinName {
		named := slices.ContainsFunc(o.Header.Fields, func(f transport.Field) bool { return f.Key == transport.KeyFileName })
		if o.Header.FileName = filepath.Base(name); !named && !utf8.ValidString(o.Header.FileName) {
			return usage("%s: the name of the file is not in UTF-8; give another with --header FILENAME=NAME", name)
		}
	}
	message, err := transport.Pack(data, o)
	if err != nil {
		return err
	}
	if err := c.writeArmored(c.out, c.force, modePublic, message, false, ""); err != nil {
		return err
	}
	return c.packed(c.out, message, o.Envelope.Recipients)
}

// people sets the signers and the sender.
func (c *reportPackCommand) people(o *transport.PackOptions) error {
	digest, err := digestOf(c.hash)
	if err != nil {
		return err
	}
	stores, _, err := c.stores(&c.keys)
	if err != nil {
		return err
	}
	for i, store := range stores {
		s, err := signer(store, c.keys.files[i], "")
		if err != nil {
			return err
		}
		s.Digest = digest
		c.checkDates(s.Certificate)
		o.Signers = append(o.Signers, s)
	}
	last := len(stores) - 1
	if c.static {
		if o.Envelope.Sender, err = sender(stores[last], c.keys.files[last]); err == nil {
			c.checkDates(o.Envelope.Sender.Certificate)
		}
		return err
	}
	o.Envelope.SenderCertificate = replyCertificate(stores)
	c.checkDates(o.Envelope.SenderCertificate)
	return nil
}

// replyCertificate returns the certificate of the last key-agreement key that has one, or nil.
func replyCertificate(stores []*keystore.Store) *pkix.Certificate {
	for i := len(stores) - 1; i >= 0; i-- {
		if e, err := stores[i].Find(pkix.KeyUsageKeyAgreement); err == nil {
			if cert := e.CertificateFor(pkix.KeyUsageKeyAgreement); cert != nil {
				return cert
			}
		}
	}
	return nil
}

// packed says what was made.
func (a *app) packed(place string, message []byte, to []*pkix.Certificate) error {
	a.encryptedTo(to)
	if !a.json {
		return nil
	}
	sum := sha256.Sum256(message)
	j := packedJSON{File: place, Size: len(message), SHA256: hex.EncodeToString(sum[:]), Header: []fieldJSON{}, Recipients: parties(to), Notes: a.notes}
	if c, err := transport.Parse(message); err == nil && c.Header != nil {
		j.Header = fields(c.Header.Fields)
	}
	return a.answer(j)
}
