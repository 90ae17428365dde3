package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/keystore"
)

type containerJSON struct {
	Format       string            `json:"format"`
	Keys         []keyJSON         `json:"keys"`         // null if the container was not opened
	Certificates []certificateJSON `json:"certificates"` // null likewise
	Warnings     []string          `json:"warnings,omitempty"`

	why string // the container was not opened
}

type keyJSON struct {
	Index       int      `json:"index"`
	Alias       string   `json:"alias,omitempty"`
	Algorithm   string   `json:"algorithm"`
	Use         []string `json:"use"`
	CurveM      *int     `json:"curve_m"`
	CurveParams *string  `json:"curve_params"`
	PublicKey   *string  `json:"public_key_hex"`
	KeyID       *string  `json:"key_id_hex"`
	KeyIDKupyna *string  `json:"key_id_kupyna_hex"`
	Certificate *string  `json:"certificate_sha256"`
	Error       string   `json:"error,omitempty"`
}

func describeStore(s *keystore.Store) *containerJSON {
	j := &containerJSON{Format: string(s.Format()), Keys: []keyJSON{}, Certificates: describeCertificates(s.Certificates())}
	for e := range s.Entries() {
		k := keyJSON{
			Index: len(j.Keys), Alias: e.Alias, Algorithm: oid(e.Algorithm), Use: e.Use.Strings(),
			PublicKey: hexText(e.PublicKeyWire()), KeyID: hexText(e.KeyID()), KeyIDKupyna: hexText(e.KeyIDKupyna()),
		}
		if e.Err != nil {
			k.Error = e.Err.Error()
		}
		if e.Key != nil {
			if _, ok := e.Key.Public().(*dstu4145.PublicKey); ok {
				m, params := e.CurveBits(), curveParams(e.NamedCurve)
				k.CurveM, k.CurveParams = &m, &params
			}
		}
		if c := e.Certificate(); c != nil {
			sum := c.SHA256()
			k.Certificate = hexText(sum[:])
		}
		j.Keys = append(j.Keys, k)
	}
	for _, w := range s.Warnings() {
		j.Warnings = append(j.Warnings, w.Error())
	}
	return j
}

func (j *containerJSON) write(b *strings.Builder) {
	fmt.Fprintf(b, "  format       %s\n", j.Format)
	if j.Keys == nil {
		fmt.Fprintf(b, "  not opened: %s\n", cmp.Or(j.why, "no password given"))
	}
	for _, k := range j.Keys {
		fmt.Fprintf(b, "  key %d        %s", k.Index, strings.Join(k.Use, ", "))
		if k.CurveM != nil {
			fmt.Fprintf(b, "; DSTU 4145, m = %d, %s parameters", *k.CurveM, *k.CurveParams)
		} else {
			fmt.Fprintf(b, "; %s", nameOf(k.Algorithm))
		}
		fmt.Fprintln(b)
		for _, line := range []struct{ name, value string }{
			{"alias", k.Alias}, {"public key", value(k.PublicKey)}, {"key id", value(k.KeyID)},
			{"by Kupyna", value(k.KeyIDKupyna)}, {"certificate", value(k.Certificate)}, {"unusable", wording(k.Error)},
		} {
			if line.value != "" {
				fmt.Fprintf(b, "    %-12s %s\n", line.name, line.value)
			}
		}
	}
	for _, w := range j.Warnings {
		fmt.Fprintf(b, "  warning      %s\n", wording(w))
	}
}

type keysCommand struct {
	*app
	keys   keyFlags
	export string
	to     string
	cipher string
	fresh  passwords
	out    string
	force  bool
	pem    bool

	changed func(flag string) bool
}

func (a *app) keysCommand() *cobra.Command {
	c := &keysCommand{app: a}
	cmd := &cobra.Command{
		Use:   "keys FILE",
		Short: "Open a key container, list or rewrite its keys",
		Long: `Open a key container of any format (Key-6.dat, PKCS#12, PKCS#8, JKS, a bare scalar) and list
its keys and certificates. With --export write one key, or all, as another container. The new
password is the old one unless --new-password says otherwise; a pkcs8 is written in the clear
unless it is given, and a line on standard error warns of it. --cipher kalyna256 encrypts by
Kalyna and Kupyna, which less software reads.`,
		Example: `  dstu keys --password-file pass Key-6.dat
  dstu keys --json --password secret key.jks
  dstu keys --password secret --export all --to pkcs12 --new-password new -o key.p12 Key-6.dat`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(args[0]) },
	}
	flags := cmd.Flags()
	c.changed = flags.Changed
	c.keys.passwords.register(flags, "", "the container")
	flags.StringVar(&c.keys.inner, "key-password", "", "`password` of the keys inside a JKS, where it differs")
	flags.StringArrayVar(&c.keys.certs, "cert", nil, "`FILE` with certificates of the keys; may be repeated")
	flags.StringVar(&c.export, "export", "", "`INDEX` of the key to write, or all")
	flags.StringVar(&c.to, "to", string(keystore.FormatPKCS12), "format to write: pkcs12, key6-iit, pkcs8 or pkcs8-encrypted")
	flags.StringVar(&c.cipher, "cipher", "gost28147", "cipher of a pkcs12 or an encrypted pkcs8: gost28147 or kalyna256")
	c.fresh.register(flags, "new-", "the new container")
	flags.StringVarP(&c.out, "output", "o", "", "`FILE` to write")
	flags.BoolVar(&c.force, "force", false, "replace an existing file")
	flags.BoolVar(&c.pem, "pem", false, "write PEM (pkcs8)")
	return cmd
}

func (c *keysCommand) run(name string) error {
	if c.export != "" && c.out == "" {
		return usage("--export needs -o")
	}
	if c.export != "" {
		if err := c.oneOutput(c.out); err != nil {
			return err
		}
	}
	for _, flag := range []string{"output", "to", "cipher", "pem", "force", "new-password", "new-password-file"} {
		if c.export == "" && c.changed(flag) {
			return usage("--%s needs --export", flag)
		}
	}
	certs, err := c.certificates(c.keys.certs)
	if err != nil {
		return err
	}
	c.keys.files = []string{name}
	store, password, err := c.openStore(name, &c.keys, 0)
	if err != nil {
		return err
	}
	store.Match(certs...)
	if c.export != "" {
		return c.write(store, password)
	}
	j := describeStore(store)
	if c.json {
		return c.answer(struct {
			File string `json:"file"`
			*containerJSON
		}{name, j})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", shown(name))
	j.write(&b)
	writeCertificates(&b, j.Certificates)
	return c.print(b.String())
}

// write rewrites the chosen keys.
func (c *keysCommand) write(store *keystore.Store, password string) error {
	var entries []*keystore.Entry
	for e := range store.Entries() {
		entries = append(entries, e)
	}
	if c.export != "all" {
		n, err := strconv.Atoi(c.export)
		if err != nil || n < 0 || n >= len(entries) {
			return usage("--export: %q is no index of a key, of which there are %d", c.export, len(entries))
		}
		entries = entries[n : n+1]
	}
	fresh := len(c.fresh.list) > 0
	if fresh {
		var err error
		if password, err = c.readPassword(c.fresh.list[0]); err != nil {
			return err
		}
	}
	format, label, err := c.format(fresh)
	if err != nil {
		return err
	}
	if format != keystore.FormatPKCS8 && password == "" {
		return usage("--to %s needs --new-password", c.to)
	}
	o := &keystore.MarshalOptions{Kalyna: c.cipher == "kalyna256"}
	der, err := keystore.Marshal(format, entries, nil, password, o)
	if err != nil {
		return err
	}
	if err := c.writeArmored(c.out, c.force, modeSecret, der, c.pem, label); err != nil {
		return err
	}
	if format == keystore.FormatPKCS8 && store.Format() != format && store.Format() != keystore.FormatRaw {
		fmt.Fprintln(c.stderr, "dstu: keys: warning: the key is written unencrypted; --new-password encrypts it")
	}
	return c.wrote(wroteJSON{File: c.keys.files[0], Output: c.out})
}

// format returns the format to write and its label in PEM, if it has one. fresh tells that a new
// password was given.
func (c *keysCommand) format(fresh bool) (keystore.Format, string, error) {
	format, label := keystore.Format(c.to), ""
	if format == keystore.FormatPKCS8 && fresh {
		format = keystore.FormatPKCS8Encrypted
	}
	ciphers := true
	switch format {
	case keystore.FormatPKCS8:
		label, ciphers = "PRIVATE KEY", false
	case keystore.FormatPKCS8Encrypted:
		label = "ENCRYPTED PRIVATE KEY"
	case keystore.FormatPKCS12:
	case keystore.FormatKey6:
		ciphers = false
	default:
		return "", "", noneOf("to", c.to, []string{"pkcs12", "key6-iit", "pkcs8", "pkcs8-encrypted"})
	}
	if _, err := cipherOf(c.cipher); err != nil {
		return "", "", err
	}
	switch {
	case c.changed("cipher") && !ciphers:
		return "", "", usage("--cipher is for pkcs12 and an encrypted pkcs8")
	case c.pem && label == "":
		return "", "", usage("--pem is for pkcs8")
	}
	return format, label, nil
}
