package main

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// verdictFault is nil for a passed report. What failed is a negative answer; what could not be
// decided names what is missing.
func verdictFault(name string, r *validation.Report) *fault {
	if r.Verdict == validation.Passed {
		return nil
	}
	f := &fault{exitNo, "", iitSignature, fmt.Errorf("%s: %s", name, reason(r))}
	switch r.Code {
	case validation.NoRecipient:
		f.code, f.iit = codeNoRecipient, iitNotReceiver
	case validation.DecryptionFailure:
		f.code, f.iit = codeDecryption, iitFormat
	case validation.NoSigners:
		f.iit = 0
	}
	if r.Verdict == validation.Failed || r.Code == validation.NoSigners {
		return f
	}
	f.exit, f.code, f.iit = exitFail, codeMalformed, iitFormat
	switch r.Code {
	case validation.NoSigningCertificate, validation.IssuerNotFound, validation.SenderCertificateNeeded:
		f.code, f.iit = codeNoCert, iitNoCert
	case validation.SignedDataNotFound:
		f.code, f.iit = codeUsage, 0
		f.err = fmt.Errorf("%s: the content of the detached signature is needed: --content", name)
	case validation.AlgorithmUnsupported:
		f.code, f.iit = codeUnsupported, iitUnsupported
	}
	return f
}

// reason finds the cause of the verdict: a check of the deciding code, here or in a part.
func reason(r *validation.Report) string {
	for _, c := range r.Checks {
		if c.Verdict != validation.Passed && c.Code == r.Code && c.Err != nil {
			return c.Err.Error()
		}
	}
	for _, p := range r.Parts {
		if p.Verdict == r.Verdict && p.Code == r.Code {
			return reason(p)
		}
	}
	return fmt.Sprintf("%v (%s)", r.Verdict, r.Code)
}

func writeVerdict(b *strings.Builder, j *verdictJSON) {
	fmt.Fprintf(b, "%s: %s: %v", shown(j.File), strings.ReplaceAll(j.Type, "_", " "), j.Verdict)
	if j.Code != nil {
		fmt.Fprintf(b, " (%s)", *j.Code)
	}
	fmt.Fprintln(b, "\n  only mathematics and digests were checked, not whom the keys belong to")
	for _, s := range j.Signers {
		writeSigner(b, "", &s)
	}
	for _, m := range j.Members {
		m.write(b)
	}
}

func writeSigner(b *strings.Builder, who string, s *signerJSON) {
	fmt.Fprintf(b, "  %s%v", who, s.Verdict)
	if s.Code != nil {
		fmt.Fprintf(b, " (%s)", *s.Code)
	}
	if s.SubjectCN != nil {
		fmt.Fprintf(b, ": %s", *s.SubjectCN)
	}
	if s.Serial != nil || s.SKI != nil { // neither without the certificate of an issuer
		fmt.Fprintf(b, ", %s", identity(s.IssuerCN, s.Serial, s.SKI))
	}
	if code := value(s.EDRPOU) + value(s.DRFO); code != "" {
		fmt.Fprintf(b, ", EDRPOU %s, DRFO %s", dash(s.EDRPOU), dash(s.DRFO))
	}
	if s.ClaimedTime != nil {
		fmt.Fprintf(b, ", claimed time %s", *s.ClaimedTime)
	}
	fmt.Fprintln(b)
	if s.SignatureAlg != nil {
		fmt.Fprintf(b, "    %s", nameOf(*s.SignatureAlg))
		if s.Level != nil {
			fmt.Fprintf(b, ", level %s", *s.Level)
		}
		fmt.Fprintln(b)
	}
	for _, c := range s.Checks {
		if c.Verdict != validation.Passed && c.Message != "" {
			fmt.Fprintf(b, "    %s\n", wording(c.Message))
		}
	}
}

func dash(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

// object is what certificates, requests, revocation lists and OCSP responses have in common: a
// signed part, an algorithm and a signature.
type object struct {
	signed, algorithm, signature []byte
	certs                        []*pkix.Certificate // embedded
}

// parseObject reads { part, algorithm, BIT STRING, [0] certificates OPTIONAL }.
func parseObject(der []byte) (*object, error) {
	var o object
	var outer, signed, algorithm, certs cryptobyte.String
	in := cryptobyte.String(der)
	var hasCerts bool
	if !in.ReadASN1(&outer, asn1.SEQUENCE) || !in.Empty() ||
		!outer.ReadASN1Element(&signed, asn1.SEQUENCE) || !outer.ReadASN1Element(&algorithm, asn1.SEQUENCE) ||
		!outer.ReadASN1BitStringAsBytes(&o.signature) || !outer.ReadOptionalASN1(&certs, &hasCerts, context0) || !outer.Empty() {
		return nil, malformed("not a signed object")
	}
	o.signed, o.algorithm = signed, algorithm
	if hasCerts && !certs.ReadASN1(&certs, asn1.SEQUENCE) {
		return nil, malformed("malformed certificates in a signed object")
	}
	for hasCerts && !certs.Empty() {
		var one cryptobyte.String
		if !certs.ReadASN1Element(&one, asn1.SEQUENCE) {
			return nil, malformed("malformed certificates in a signed object")
		}
		if c, err := pkix.ParseCertificate(one); err == nil {
			o.certs = append(o.certs, c)
		}
	}
	return &o, nil
}

// basicResponse takes the BasicOCSPResponse out of an OCSPResponse; a bare one stays as it is.
func basicResponse(der []byte) ([]byte, error) {
	var outer, bytes, body cryptobyte.String
	in := cryptobyte.String(der)
	if !in.ReadASN1(&outer, asn1.SEQUENCE) {
		return nil, malformed("not an OCSP response")
	}
	if !outer.PeekASN1Tag(asn1.ENUM) {
		return der, nil
	}
	if !outer.SkipASN1(asn1.ENUM) || outer.Empty() {
		return nil, malformed("the OCSP response has no answer to verify")
	}
	if !outer.ReadASN1(&bytes, context0) || !bytes.ReadASN1(&bytes, asn1.SEQUENCE) ||
		!bytes.SkipASN1(asn1.OBJECT_IDENTIFIER) || !bytes.ReadASN1(&body, asn1.OCTET_STRING) {
		return nil, malformed("malformed OCSP response")
	}
	return body, nil
}

// timestampToken takes the token out of a timestamp response.
func timestampToken(der []byte) ([]byte, error) {
	var outer, token cryptobyte.String
	in := cryptobyte.String(der)
	if !in.ReadASN1(&outer, asn1.SEQUENCE) || !outer.SkipASN1(asn1.SEQUENCE) {
		return nil, malformed("malformed timestamp response")
	}
	if !outer.ReadASN1Element(&token, asn1.SEQUENCE) {
		return nil, malformed("the timestamp response has no timestamp")
	}
	return token, nil
}

// maxIssuers bounds how many certificates are tried as the signer of an object.
const maxIssuers = 64

// verifyObject checks the signature of a certificate, request, revocation list or response. The
// signer is the issuer found among --cert and what is embedded.
func verifyObject(j *verdictJSON, data []byte, pool *pkix.Pool) (*validation.Report, error) {
	var signer *pkix.Certificate
	var err error
	s := signerJSON{Checks: []checkItemJSON{}}
	switch j.Type {
	case typeCertificate:
		c, parseErr := pkix.ParseCertificate(data)
		if parseErr != nil {
			return nil, badCertificate(j.File, parseErr)
		}
		s.SignatureAlg = text(oid(c.SignatureOID))
		signer, err = pool.FindIssuer(c)
	case typeCSR:
		r, parseErr := pkix.ParseCertificateRequest(data)
		if parseErr != nil {
			return nil, parseErr
		}
		s.SubjectCN, s.SignatureAlg = text(r.Subject.CommonName()), text(oid(r.SignatureOID))
		err = r.CheckSignature()
	case typeOCSPResponse:
		if data, err = basicResponse(data); err != nil {
			return nil, err
		}
		fallthrough
	default:
		o, parseErr := parseObject(data)
		if parseErr != nil {
			return nil, parseErr
		}
		signer, err = o.findSigner(pool)
	}
	if signer != nil {
		s.certificate(signer)
	}
	r := new(validation.Report)
	r.Add(objectCheck(err))
	s.Verdict, s.Code, s.Checks = r.Verdict, text(string(r.Code)), checkItems(r)
	s.SignatureValid = truth(r.Verdict)
	j.Signers = append(j.Signers, s)
	return r, nil
}

// findSigner tries the certificates that fit the name or the key identifier of who signed: those
// embedded and those at hand.
func (o *object) findSigner(pool *pkix.Pool) (*pkix.Certificate, error) {
	all := pkix.NewPool(o.certs...)
	all.Add(pool.Certificates()...)
	name, keyID := o.signer()
	candidates := all.FindByKeyID(keyID)
	if keyID == nil {
		candidates = all.FindBySubject(name)
	}
	last := pkix.ErrIssuerNotFound
	var who *pkix.Certificate
	for _, c := range candidates[:min(len(candidates), maxIssuers)] {
		who = c
		if last = c.CheckSignature(o.algorithm, o.signed, o.signature); last == nil {
			break
		}
	}
	return who, last
}

// signer reads who signed: the issuer of a revocation list, the responder of a response.
func (o *object) signer() (name pkix.Name, keyID []byte) {
	body := cryptobyte.String(o.signed)
	if !body.ReadASN1(&body, asn1.SEQUENCE) {
		return name, nil
	}
	tags, bodies := shape(body)
	for i, tag := range tags {
		switch tag {
		case asn1.SEQUENCE: // algorithm, issuer
			if i+1 < len(tags) && tags[i+1] == asn1.SEQUENCE {
				name, _ = pkix.ParseName(wrapped(bodies[i+1]))
			}
			return name, nil
		case context1:
			name, _ = pkix.ParseName(bodies[i])
			return name, nil
		case context2:
			bodies[i].ReadASN1Bytes(&keyID, asn1.OCTET_STRING)
			return name, keyID
		}
	}
	return name, nil
}

// wrapped puts the header of a SEQUENCE before its contents again.
func wrapped(contents []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(contents) })
	return b.BytesOrPanic()
}

func objectCheck(err error) validation.Check {
	c := validation.Check{Code: validation.SigCryptoFailure, Verdict: validation.Passed, Err: err}
	switch {
	case err == nil:
	case errors.Is(err, pkix.ErrIssuerNotFound), errors.Is(err, pkix.ErrIssuerMismatch):
		c.Code, c.Verdict = validation.IssuerNotFound, validation.Indeterminate
	case errors.Is(err, pkix.ErrUnsupported):
		c.Code, c.Verdict = validation.AlgorithmUnsupported, validation.Indeterminate
	case errors.Is(err, pkix.ErrPublicKey):
		c.Code, c.Verdict = validation.CertificateUnusable, validation.Failed
	default:
		c.Verdict = validation.Failed
	}
	return c
}
