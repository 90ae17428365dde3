package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
)

func (a *app) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Make and open transport messages of electronic reporting",
		Example: `  dstu report pack --key accountant.p12 --key seal.p12 --password-file pass --to centre.cer -o out.bin F0103305.xml
  dstu report open --signature-only --key centre.p12 --password-file pass -o inbox out.bin`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return usage("pack, open or receipt; try dstu report --help")
		},
	}
	cmd.AddCommand(a.reportPackCommand(), a.reportOpenCommand(), a.reportReceiptCommand())
	return cmd
}

type messageJSON struct {
	File         string             `json:"file"`
	Verdict      validation.Verdict `json:"verdict"`
	Code         *string            `json:"code"`
	Trust        string             `json:"trust"`
	Document     *documentJSON      `json:"document"` // null if it was not written
	Header       []fieldJSON        `json:"header"`
	Layers       []layerJSON        `json:"layers"`
	Officials    []signerJSON       `json:"officials"` // in signing order
	Transport    []signerJSON       `json:"transport_signers"`
	Certificates []certificateJSON  `json:"sender_certificates"`
	Receipt      *receiptJSON       `json:"receipt,omitempty"`
	Error        *faultJSON         `json:"error,omitempty"`
}

type documentJSON struct {
	File   string `json:"file"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

type layerJSON struct {
	Kind       string             `json:"kind"`
	Label      *string            `json:"label"`
	Verdict    validation.Verdict `json:"verdict"`
	Code       *string            `json:"code"`
	Checks     []checkItemJSON    `json:"checks"`
	Signers    []signerJSON       `json:"signers,omitempty"`
	Recipients []recipientJSON    `json:"recipients,omitempty"`
}

func describeMessage(name string, m *transport.Message) *messageJSON {
	j := &messageJSON{
		File: name, Verdict: m.Report.Verdict, Code: text(string(m.Report.Code)), Trust: trustNotEvaluated,
		Header: fields(m.Header.Fields), Layers: []layerJSON{}, Officials: signatures(m.Officials), Transport: signatures(m.Transport),
		Certificates: describeCertificates(m.SenderCertificates),
	}
	for _, l := range m.Layers {
		layer := layerJSON{Kind: string(l.Kind), Label: text(l.Label), Verdict: l.Report.Verdict, Code: text(string(l.Report.Code)), Checks: checkItems(l.Report)}
		if l.Signed != nil {
			for i := range l.Signed.Signers {
				layer.Signers = append(layer.Signers, describeSigner(&l.Signed.Signers[i]))
			}
		}
		if l.Envelope != nil {
			layer.Recipients = describeEnveloped(l.Envelope).Recipients
		}
		j.Layers = append(j.Layers, layer)
	}
	return j
}

func signatures(list []transport.Signature) []signerJSON {
	out := make([]signerJSON, 0, len(list))
	for i := range list {
		out = append(out, describeSigner(&list[i].SignerResult))
	}
	return out
}

func (j *messageJSON) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %v", shown(j.File), j.Verdict)
	if j.Code != nil {
		fmt.Fprintf(b, " (%s)", *j.Code)
	}
	fmt.Fprintln(b, "\n  only mathematics and digests were checked, not whom the keys belong to")
	for _, f := range j.Header {
		fmt.Fprintf(b, "  %s=%s\n", f.Key, f.Value)
	}
	for i, l := range j.Layers {
		fmt.Fprintf(b, "  layer %d: %s", i, l.Kind)
		if l.Label != nil {
			fmt.Fprintf(b, " %s", *l.Label)
		}
		fmt.Fprintf(b, ": %v\n", l.Verdict)
	}
	for i, s := range j.Officials {
		writeSigner(b, fmt.Sprintf("official %d: ", i+1), &s)
	}
	for _, s := range j.Transport {
		writeSigner(b, "transport signature: ", &s)
	}
	if j.Receipt != nil {
		j.Receipt.write(b)
	}
	if j.Document != nil {
		fmt.Fprintf(b, "  document: %s, %d octets\n", shown(j.Document.File), j.Document.Size)
	}
}

type reportOpenCommand struct {
	*app
	keys  keyFlags
	trust trustFlags
	out   string
	force bool
}

func (a *app) reportOpenCommand() *cobra.Command {
	c := &reportOpenCommand{app: a}
	cmd := &cobra.Command{
		Use:   "open --key FILE [flags] FILE",
		Short: "Open a transport message down to the document",
		Long: `Peel every layer of a transport message, report each layer and each official in signing order,
and write the document into the directory of -o under the name that the header gives, made
harmless. "-o -" writes it to standard output.

If any layer failed, or a signature could not be checked, nothing is written. The document of a
message without any signature is written, but the exit status is 1: nobody vouches for it.

This version checks mathematics and digests only, and says so: --signature-only is required.`,
		Example: `  dstu report open --signature-only --key centre.p12 --password-file pass -o inbox message.bin
  dstu report open --signature-only --key centre.p12 --password secret --json message.bin`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	c.keys.register(cmd.Flags(), "the recipient")
	c.trust.register(cmd)
	cmd.Flags().StringVarP(&c.out, "output", "o", ".", "`DIR` to write the document to")
	cmd.Flags().BoolVar(&c.force, "force", false, "replace an existing file")
	return cmd
}

func (c *reportOpenCommand) run(ctx context.Context, name string) error {
	if err := c.trust.check(); err != nil {
		return err
	}
	if c.json && c.out == "-" {
		return usage("--json needs -o DIR: standard output holds one or the other")
	}
	data, o, err := c.material(name, &c.keys)
	if err != nil {
		return err
	}
	m, _ := transport.Open(ctx, data, o)
	if len(m.Layers) == 0 {
		return malformed("%s: neither a transport message nor signed or enveloped", name)
	}
	j := describeMessage(name, m)
	return c.conclude(j, m, c.out, documentName(m), c.force)
}

// material reads a message and everything it may be opened with.
func (a *app) material(name string, keys *keyFlags) ([]byte, *transport.OpenOptions, error) {
	stores, certs, err := a.stores(keys)
	if err != nil {
		return nil, nil, err
	}
	data, err := a.readAll(name)
	if err != nil {
		return nil, nil, err
	}
	if data, err = unwrapAll(data); err != nil {
		return nil, nil, err
	}
	return data, &transport.OpenOptions{Recipients: recipients(stores), Certificates: pkix.NewPool(certs...)}, nil
}

// conclude writes the document if it may be, prints what was found, and turns the verdict into the
// exit status.
func (a *app) conclude(j *messageJSON, m *transport.Message, dir, name string, force bool) error {
	verdict := verdictFault(j.File, m.Report)
	if verdict != nil && verdict.code == "" && errors.Is(m.Report.Err(), transport.ErrFormat) {
		verdict = classify(malformed("%s", verdict.line()))
	}
	var failed error
	if verdict != nil {
		failed = verdict
	}
	if m.Document != nil && (verdict == nil || m.Report.Code == validation.NoSigners) {
		place, err := a.writeDocument(dir, name, force, m.Document)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(m.Document)
		j.Document = &documentJSON{place, len(m.Document), hex.EncodeToString(sum[:])}
	}
	if verdict != nil && verdict.code != "" {
		j.Error = verdict.json()
	}
	if a.json {
		if err := a.answer(j); err != nil {
			return err
		}
		return failed
	}
	var b strings.Builder
	j.write(&b)
	if dir == "-" {
		_, err := fmt.Fprint(a.stderr, plain(b.String()))
		return errors.Join(ioFault("standard error", err), failed)
	}
	if err := a.print(b.String()); err != nil {
		return err
	}
	return failed
}

// writeDocument puts the document into a directory, which is made if it is not there.
func (a *app) writeDocument(dir, name string, force bool, data []byte) (string, error) {
	place := "-"
	if dir != "-" {
		if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", ioFault(dir, err)
		}
		if info, err := os.Stat(dir); err == nil && !info.IsDir() {
			return "", ioFault(dir, fmt.Errorf("%s: not a directory", dir))
		}
		place = filepath.Join(dir, name)
	}
	return place, a.writeArmored(place, force, modePublic, data, false, "")
}

// maxName bounds the name of a document in octets.
const maxName = 200

// documentName makes the FILENAME of the header harmless. Nobody signed that line: it may hold a
// path, or characters that a shell or a terminal obeys.
func documentName(m *transport.Message) string {
	name := m.Header.Get(transport.KeyFileName)
	if name == "" {
		name = m.Header.Get("filename")
	}
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, name)
	for len(name) > maxName {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
	if name = strings.TrimLeft(name, ".-"); strings.Trim(name, "._-") == "" {
		return "document"
	}
	return name
}
