package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
)

// trustFlags say whom to trust. Path validation is not in this version: the flags are known so
// that the answer is plain.
type trustFlags struct {
	roots         []string
	signatureOnly bool
	at            string
	crls          []string
	ocsp          []string
	noRevocation  bool
}

func (t *trustFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&t.roots, "roots", nil, "`FILE` with trusted root certificates (not in this version)")
	flags.BoolVar(&t.signatureOnly, "signature-only", false, "check mathematics and digests, and not whom the keys belong to")
	flags.StringVar(&t.at, "at", "", "verify for this `TIME` (not in this version)")
	flags.StringArrayVar(&t.crls, "crl", nil, "`FILE` with a revocation list (not in this version)")
	flags.StringArrayVar(&t.ocsp, "ocsp", nil, "fetch, or `FILE` with an OCSP response (not in this version)")
	flags.BoolVar(&t.noRevocation, "no-revocation", false, "do not ask whether certificates were revoked (not in this version)")
}

// check refuses what cannot be decided: trust without roots, and in this version with them.
func (t *trustFlags) check() error {
	switch {
	case len(t.roots) > 0:
		return unsupported("--roots: path validation is not in this version; --signature-only checks mathematics and digests")
	case !t.signatureOnly:
		return usage("--signature-only is needed: this version checks mathematics and digests, and trusts every certificate")
	case t.at != "" || len(t.crls) > 0 || len(t.ocsp) > 0 || t.noRevocation:
		return usage("--at, --crl, --ocsp and --no-revocation go with --roots")
	}
	return nil
}

type verdictJSON struct {
	File    string             `json:"file"`
	Type    string             `json:"type"`
	Verdict validation.Verdict `json:"verdict"`
	Code    *string            `json:"code"`
	Trust   string             `json:"trust"`
	Signers []signerJSON       `json:"signers"`
	Members []memberJSON       `json:"members,omitempty"` // of a bundle
	Error   *faultJSON         `json:"error,omitempty"`
}

// trustNotEvaluated is what --signature-only says of trust.
const trustNotEvaluated = "not_evaluated"

type signerJSON struct {
	Verdict        validation.Verdict `json:"verdict"`
	Code           *string            `json:"code"`
	SubjectCN      *string            `json:"subject_cn"`
	IssuerCN       *string            `json:"issuer_cn"`
	Serial         *string            `json:"serial_hex"`
	SKI            *string            `json:"ski_hex"`
	SHA256         *string            `json:"certificate_sha256"`
	EDRPOU         *string            `json:"edrpou"`
	DRFO           *string            `json:"drfo"`
	SignatureValid *bool              `json:"signature_valid"`
	DigestValid    *bool              `json:"digest_valid"`
	DigestAlg      *string            `json:"digest_algorithm"`
	SignatureAlg   *string            `json:"signature_algorithm"`
	Level          *string            `json:"level"`
	ClaimedTime    *string            `json:"claimed_time"`
	ProofTime      *string            `json:"proof_time"`
	Checks         []checkItemJSON    `json:"checks"`
}

type checkItemJSON struct {
	Code    string             `json:"code"`
	Verdict validation.Verdict `json:"verdict"`
	Subject string             `json:"subject"`
	Message string             `json:"message"`
}

// truth is null for what was not decided.
func truth(v validation.Verdict) *bool {
	if v == validation.Indeterminate {
		return nil
	}
	b := v == validation.Passed
	return &b
}

func checkItems(r *validation.Report) []checkItemJSON {
	out := []checkItemJSON{}
	for _, c := range r.Checks {
		item := checkItemJSON{Code: string(c.Code), Verdict: c.Verdict, Subject: c.Subject}
		if c.Err != nil {
			item.Message = c.Err.Error()
		}
		out = append(out, item)
	}
	return out
}

func describeSigner(r *cms.SignerResult) signerJSON {
	level := r.Level.String()
	j := signerJSON{
		Verdict: r.Report.Verdict, Code: text(string(r.Report.Code)),
		IssuerCN: text(r.ID.Issuer.CommonName()), Serial: hexText(r.ID.RawSerial), SKI: hexText(r.ID.SubjectKeyID),
		SignatureValid: truth(r.SignatureValid), DigestValid: truth(r.DigestValid),
		DigestAlg: text(oid(r.DigestAlgorithm)), SignatureAlg: text(oid(r.SignatureAlgorithm)),
		Level: &level, ClaimedTime: moment(r.ClaimedTime), Checks: checkItems(r.Report),
	}
	if r.Certificate != nil {
		j.certificate(r.Certificate)
	}
	return j
}

func (j *signerJSON) certificate(c *pkix.Certificate) {
	sum := c.SHA256()
	j.SubjectCN, j.IssuerCN = text(c.Subject.CommonName()), text(c.Issuer.CommonName())
	j.Serial, j.SHA256 = hexText(c.RawSerial), hexText(sum[:])
	j.EDRPOU, j.DRFO = text(c.EDRPOU()), text(c.DRFO())
}

type verifyCommand struct {
	*app
	trust   trustFlags
	content string
	certs   []string
}

func (a *app) verifyCommand() *cobra.Command {
	c := &verifyCommand{app: a}
	cmd := &cobra.Command{
		Use:   "verify [flags] FILE",
		Short: "Verify signatures",
		Long: `Verify whatever FILE is: a signed message (every signer), a timestamp, a certificate, a
request, a revocation list, an OCSP response, or a transport message as far as its envelope. Of a
bundle of certificates each is verified, and all must pass; issuers are found among them too.

This version checks mathematics and digests only, and says so: --signature-only is required.`,
		Example: `  dstu verify --signature-only report.xml.p7s
  dstu verify --signature-only --content report.xml report.p7s
  dstu verify --signature-only --cert CACertificates.p7b --json user.cer`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	cmd.Flags().StringVar(&c.content, "content", "", "`FILE` with the content of a detached signature")
	cmd.Flags().StringArrayVar(&c.certs, "cert", nil, "`FILE` with certificates of signers or issuers; may be repeated")
	c.trust.register(cmd)
	return cmd
}

func (c *verifyCommand) run(ctx context.Context, name string) error {
	if err := c.trust.check(); err != nil {
		return err
	}
	certs, err := c.certificates(c.certs)
	if err != nil {
		return err
	}
	pool := pkix.NewPool(certs...)
	in, err := c.open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	metered, end := c.meter(in, in.size)
	defer end()
	j := &verdictJSON{File: name, Trust: trustNotEvaluated, Signers: []signerJSON{}}
	report, err := c.verify(ctx, j, bufio.NewReaderSize(metered, peekSize), in, pool)
	if err != nil {
		return inFile(name, err)
	}
	return c.conclude(j, report)
}

// verify tells what the input is and verifies it.
func (c *verifyCommand) verify(ctx context.Context, j *verdictJSON, r *bufio.Reader, in *source, pool *pkix.Pool) (*validation.Report, error) {
	head, _ := r.Peek(peekSize)
	if !familiar(head) {
		return nil, fmt.Errorf("%s: %w", j.File, errUnknown)
	}
	if _, label := pemStart(head); pemCertificate(label) {
		text, err := readWhole(j.File, r)
		if err != nil {
			return nil, err
		}
		switch several, err := pemBundle(j.File, text); {
		case err != nil:
			return nil, err
		case several:
			return c.bundle(j, text, pool)
		}
		r = bufio.NewReaderSize(bytes.NewReader(text), peekSize)
	}
	plain, err := unwrap(r)
	if err != nil {
		return nil, err
	}
	head, _ = plain.Peek(peekSize)
	verify := c.object
	if contentInfo(head) == 2 {
		verify = c.message
	}
	report, err := verify(ctx, j, plain, in, pool)
	if err != nil {
		return nil, err
	}
	return report, plain.lone(j.File)
}

// bundle verifies certificates in any wrapping.
func (c *verifyCommand) bundle(j *verdictJSON, data []byte, pool *pkix.Pool) (*validation.Report, error) {
	if c.content != "" {
		return nil, errNotDetached
	}
	b, err := pkix.ParseBundle(data)
	if err != nil {
		return nil, badCertificate(j.File, err)
	}
	return j.bundle(b, pool), nil
}

// message verifies a signed message of any size.
func (c *verifyCommand) message(ctx context.Context, j *verdictJSON, plain *armored, in *source, pool *pkix.Pool) (*validation.Report, error) {
	j.Type = typeSigned
	o := &cms.CheckOptions{Certificates: pool}
	var result *cms.Result
	var err error
	if c.content != "" {
		result, err = c.detached(ctx, j.File, plain, o)
	} else {
		var src io.Reader = plain
		if in.file != nil && plain.raw {
			// A file can be read again for a digest that the message announces too late.
			if _, err := in.file.Seek(0, io.SeekStart); err != nil {
				return nil, ioFault(j.File, err)
			}
			again, end := c.meterFile(in.file, in.size)
			defer end()
			src = again
		}
		s, readErr := readMessage(src)
		if readErr != nil {
			return nil, readErr
		}
		if m, err := s.SignedData(); err == nil && len(m.Signers) == 0 && len(m.RawCertificates) > 0 {
			return j.bundle(m.Certificates, pool), nil
		}
		result, err = s.CheckSignatures(ctx, o)
	}
	if result != nil && result.ContentType.String() == oidTSTInfo {
		j.Type = typeTimestamp
	}
	return j.signed(result, err)
}

// signed takes over the result of checking a message, if there is one.
func (j *verdictJSON) signed(result *cms.Result, err error) (*validation.Report, error) {
	if result == nil {
		return nil, err
	}
	for i := range result.Signers {
		j.Signers = append(j.Signers, describeSigner(&result.Signers[i]))
	}
	return result.Report, nil
}

// readMessage reads a signed message to its end.
func readMessage(r io.Reader) (*cms.SignedReader, error) {
	s, err := cms.NewSignedReader(r)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, s)
	return s, err
}

func (c *verifyCommand) detached(ctx context.Context, name string, r io.Reader, o *cms.CheckOptions) (*cms.Result, error) {
	data, err := readWhole(name, r)
	if err != nil {
		return nil, err
	}
	if s, err := cms.ParseSigned(data); err == nil && !s.Detached {
		return nil, usage("--content: %s holds its content", name)
	}
	content, err := c.open(c.content)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	metered, end := c.meter(content, content.size)
	defer end()
	return cms.CheckDetached(ctx, data, metered, o)
}

// object verifies everything that is no signed message.
func (c *verifyCommand) object(ctx context.Context, j *verdictJSON, plain *armored, _ *source, pool *pkix.Pool) (*validation.Report, error) {
	data, err := readWhole(j.File, plain)
	if err != nil {
		return nil, err
	}
	if c.content != "" {
		return nil, errNotDetached
	}
	j.Type = detect(data)
	switch j.Type {
	case typeTransport:
		m, err := transport.CheckStructure(ctx, data, &transport.OpenOptions{Certificates: pool})
		if err != nil && len(m.Layers) == 1 {
			return nil, err // it is not even framed as it should be
		}
		for _, s := range append(m.Officials, m.Transport...) {
			j.Signers = append(j.Signers, describeSigner(&s.SignerResult))
		}
		if len(j.Signers) == 0 {
			m.Report.Add(validation.Check{Code: validation.NoSigners, Verdict: validation.Indeterminate, Err: errNoSignature})
		}
		return m.Report, nil
	case typeCertificate, typeCSR, typeCRL, typeOCSPResponse:
		return verifyObject(j, data, pool)
	case typeTSPResponse:
		token, err := timestampToken(data)
		if err != nil {
			return nil, err
		}
		s, err := readMessage(bytes.NewReader(token))
		if err != nil {
			return nil, err
		}
		return j.signed(s.CheckSignatures(ctx, &cms.CheckOptions{Certificates: pool}))
	case typeBundle:
		return c.bundle(j, data, pool)
	case typeUnknown:
		return nil, fmt.Errorf("%s: %w", j.File, unknownType(data))
	}
	return nil, unsupported("%s: a file of type %s has no signature to verify", j.File, j.Type)
}

var (
	errNoSignature = errors.New("there is no signature outside of the envelope")
	errNotDetached = usage("--content goes with a detached signature")
)

// conclude prints the verdict and turns it into the exit status.
func (c *verifyCommand) conclude(j *verdictJSON, r *validation.Report) error {
	j.Verdict, j.Code = r.Verdict, text(string(r.Code))
	err := verdictFault(j.File, r)
	if err != nil && err.code != "" {
		j.Error = err.json()
	}
	if c.json {
		if err := c.answer(j); err != nil {
			return err
		}
	} else {
		var b strings.Builder
		writeVerdict(&b, j)
		if err := c.print(b.String()); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	return nil
}
