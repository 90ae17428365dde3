package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

type reportReceiptCommand struct {
	*app
	keys     keyFlags
	trust    trustFlags
	open     bool
	number   int
	result   int
	final    bool
	body     string
	bodyFile string
	to       []string
	clear    bool
	header   []string
	out      string
	force    bool
}

func (a *app) reportReceiptCommand() *cobra.Command {
	c := &reportReceiptCommand{app: a}
	cmd := &cobra.Command{
		Use:   "receipt --key FILE [flags] FILE",
		Short: "Make the first or second receipt of a message, or open one",
		Long: `Make a receipt of the transport message FILE: its outer signature is checked, and the receipt,
signed with --key, is encrypted to the certificate that the message brought along, or to --to.
With --open FILE is a receipt: every layer is reported and the text is written into the directory
of -o, under the name of the report with .kvt1 or .kvt2 behind it.

The number and the result in the header of a receipt are not signed; the text is what counts.`,
		Example: `  dstu report receipt --key centre.p12 --password-file pass --number 1 -o kvt1.bin message.bin
  dstu report receipt --key centre.p12 --password-file pass --number 2 --result 1 --text-file reasons.txt -o kvt2.bin message.bin
  dstu report receipt --open --signature-only --key me.p12 --password-file pass -o receipts kvt1.bin`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.open {
				return c.read(cmd.Context(), args[0])
			}
			return c.make(cmd.Context(), args[0])
		},
	}
	flags := cmd.Flags()
	c.keys.register(flags, "the centre, or with --open the respondent")
	flags.BoolVar(&c.open, "open", false, "open a receipt")
	flags.IntVar(&c.number, "number", 0, "1: first receipt, 2: second")
	flags.IntVar(&c.result, "result", 0, "0: accepted, other values: not")
	flags.BoolVar(&c.final, "final", false, "mark the receipt as the last one")
	flags.StringVar(&c.body, "text", "", "`TEXT` of the receipt")
	flags.StringVar(&c.bodyFile, "text-file", "", "`FILE` with the text, taken as it is")
	flags.StringArrayVar(&c.to, "to", nil, "`CERT` of the respondent, if the message brought none")
	flags.BoolVar(&c.clear, "clear", false, "do not encrypt")
	flags.StringArrayVar(&c.header, "header", nil, "header field `KEY=VALUE`; may be repeated")
	c.trust.register(cmd)
	flags.StringVarP(&c.out, "output", "o", "", "`FILE` to write; with --open a directory")
	flags.BoolVar(&c.force, "force", false, "replace an existing file")
	return cmd
}

type receiptJSON struct {
	Number    int    `json:"number"`
	Result    *int   `json:"result"`
	Accepted  bool   `json:"accepted"`
	Final     bool   `json:"final"`
	Encrypted bool   `json:"encrypted"`
	Text      string `json:"text"`
	Verdict   string `json:"xml_result,omitempty"`
}

func (j *receiptJSON) write(b *strings.Builder) {
	fmt.Fprintf(b, "  receipt %d, header says accepted: %v\n", j.Number, j.Accepted)
	for line := range strings.Lines(j.Text) {
		fmt.Fprintf(b, "  | %s\n", strings.TrimRight(line, "\r\n"))
	}
}

// read opens a receipt.
func (c *reportReceiptCommand) read(ctx context.Context, name string) error {
	if err := c.trust.check(); err != nil {
		return err
	}
	if c.out == "" {
		c.out = "."
	}
	if c.json && c.out == "-" {
		return usage("--json needs -o DIR: standard output holds one or the other")
	}
	data, o, err := c.material(name, &c.keys)
	if err != nil {
		return err
	}
	r, err := transport.OpenReceipt(ctx, data, o)
	if len(r.Message.Layers) == 0 {
		return malformed("%s: neither a transport message nor signed or enveloped", name)
	}
	if err != nil && r.Message.Report.Err() == nil {
		return err // the numbers of the header
	}
	j := describeMessage(name, r.Message)
	j.Receipt = &receiptJSON{Number: r.Number, Accepted: r.Accepted(), Final: r.Final, Encrypted: r.Encrypted, Text: r.Text}
	if r.HasResult {
		j.Receipt.Result = &r.Result
	}
	if r.XML != nil {
		j.Receipt.Verdict = r.XML.Body.Result
	}
	return c.conclude(j, r.Message, c.out, receiptName(r), c.force)
}

// receiptName returns the name of the file for the text of a receipt. Its FILENAME is that of the
// report, which must stay as it is, as must the other receipt.
func receiptName(r *transport.Receipt) string {
	name := documentName(r.Message)
	switch r.Number {
	case transport.FirstReceipt:
		return name + ".kvt1"
	case transport.SecondReceipt:
		return name + ".kvt2"
	}
	return name + ".kvt"
}

// make makes the receipt of a message.
func (c *reportReceiptCommand) make(ctx context.Context, name string) error {
	switch {
	case c.number != transport.FirstReceipt && c.number != transport.SecondReceipt:
		return usage("--number 1 or 2 is needed, or --open")
	case len(c.keys.files) != 1:
		return usage("one --key is needed")
	case c.out == "":
		return usage("-o is needed")
	case c.body != "" && c.bodyFile != "":
		return usage("--text or --text-file")
	}
	if err := c.oneOutput(c.out); err != nil {
		return err
	}
	data, o, err := c.material(name, &keyFlags{certs: c.keys.certs})
	if err != nil {
		return err
	}
	m, _ := transport.CheckStructure(ctx, data, o)
	if f := verdictFault(name, m.Report); f != nil {
		if c.json && f.code == "" {
			return errors.Join(c.answer(describeMessage(name, m)), f)
		}
		return f
	}
	ro, err := c.options(m)
	if err != nil {
		return err
	}
	body, err := c.text(m)
	if err != nil {
		return err
	}
	receipt, err := transport.PackReceipt(body, ro)
	if err != nil {
		return err
	}
	if err := c.writeArmored(c.out, c.force, modePublic, receipt, false, ""); err != nil {
		return err
	}
	if c.clear {
		ro.Envelope.Recipients = nil
	}
	return c.packed(c.out, receipt, ro.Envelope.Recipients)
}

// options collects who signs the receipt and to whom it is encrypted.
func (c *reportReceiptCommand) options(m *transport.Message) (*transport.ReceiptOptions, error) {
	ro := &transport.ReceiptOptions{
		Number: c.number, Result: c.result, Final: c.final, Clear: c.clear,
		Header: transport.HeaderOptions{FileName: m.Header.Get(transport.KeyFileName), Email: m.Header.Get(transport.KeyReceiverEmail)},
	}
	var err error
	if ro.Header.Fields, err = headerFields(c.header); err != nil {
		return nil, err
	}
	stores, _, err := c.stores(&c.keys)
	if err != nil {
		return nil, err
	}
	if ro.Signer, err = signer(stores[0], c.keys.files[0], ""); err != nil {
		return nil, err
	}
	if ro.Envelope.Recipients, err = c.agreementCertificates(c.to); err != nil {
		return nil, err
	}
	c.checkDates(ro.Signer.Certificate)
	if to := m.ReplyTo(); len(c.to) == 0 && to != nil {
		c.checkDates(to)
		ro.Envelope.Recipients = []*pkix.Certificate{to}
	}
	if !c.clear && len(ro.Envelope.Recipients) == 0 {
		return nil, noCertificate("the message brought no certificate to encrypt the receipt to; give it with --to, or --clear")
	}
	return ro, nil
}

// text returns the text of the receipt in windows-1251; without any the bare facts.
func (c *reportReceiptCommand) text(m *transport.Message) ([]byte, error) {
	if c.bodyFile != "" {
		return c.readAll(c.bodyFile)
	}
	body := c.body
	if body == "" {
		sent := transport.FormatSent(time.Now())
		body = fmt.Sprintf("Квитанція № %d\r\nФайл: %s\r\nДата і час: %s.%s.%s %s:%s:%s\r\nРезультат: %d\r\n", c.number,
			m.Header.Get(transport.KeyFileName), sent[6:8], sent[4:6], sent[:4], sent[8:10], sent[10:12], sent[12:], c.result)
	}
	encoded, err := transport.EncodeText(body)
	if err != nil {
		return nil, usage("--text: %v", err)
	}
	return encoded, nil
}
