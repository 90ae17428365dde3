package cms

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/validation"
)

// checker checks the signers of one message.
type checker struct {
	o       CheckOptions
	data    *SignedData
	pool    *pkix.Pool // of the message
	digests *digests   // of the content; nil: no content
	signers []signerCheck
	hashes  map[certHashID][]byte
}

// signerCheck is one signer between the search for the certificate and the verdict.
type signerCheck struct {
	info       *SignerInfo
	certHashes []cmscore.CertHash // of the ESS attributes
	candidates []*pkix.Certificate
	fits       bool // candidates are those that the ESS attributes name
	essErr     error
}

type certHashID struct {
	cert   *pkix.Certificate
	digest digestID
}

const (
	maxNamesakes  = 64 // certificates of one identifier that are looked at
	maxCandidates = 8  // of these, how many are tried where only the signature can tell them apart
	maxRetries    = 64 // keys tried in vain in this way in one message
)

func newChecker(data *SignedData, o *CheckOptions) *checker {
	c := &checker{data: data, hashes: map[certHashID][]byte{}}
	c.pool = pkix.NewPool(data.Certificates.Certificates...)
	if o != nil {
		c.o = *o
	}
	retries := maxRetries
	for i := range data.Signers {
		s := c.find(&data.Signers[i])
		if n := len(s.candidates) - 1; n > 0 {
			n = min(n, retries)
			retries -= n
			s.candidates = s.candidates[:1+n]
		}
		c.signers = append(c.signers, s)
	}
	return c
}

// find looks for the certificate of a signer.
func (c *checker) find(info *SignerInfo) signerCheck {
	s := signerCheck{info: info, fits: true}
	all := info.ID.find(c.pool)
	for _, cert := range info.ID.find(c.o.Certificates) {
		if !c.pool.Contains(cert) {
			all = append(all, cert)
		}
	}
	all = all[:min(len(all), maxNamesakes)]
	s.certHashes, s.essErr = signingCertificates(info.core.SignedAttrs)
	for _, cert := range all {
		ok, err := c.matches(cert, s.certHashes)
		if err != nil && s.essErr == nil {
			s.essErr = err
		}
		if ok {
			s.candidates = append(s.candidates, cert)
		}
	}
	if len(s.candidates) == 0 {
		s.candidates, s.fits = all, false
	}
	s.candidates = s.candidates[:min(len(s.candidates), maxCandidates)]
	return s
}

// signingCertificates reads the ESS attributes: each form at most once.
func signingCertificates(signed []cmscore.Attribute) ([]cmscore.CertHash, error) {
	var list []cmscore.CertHash
	for _, oid := range []asn1.ObjectIdentifier{cmscore.OIDSigningCertificateV2, cmscore.OIDSigningCertificate} {
		v, err := cmscore.Single(signed, oid)
		if errors.Is(err, cmscore.ErrNoAttribute) {
			continue
		}
		if err != nil {
			return nil, &FormatError{What: "signedAttrs", Err: err}
		}
		h, err := cmscore.ParseSigningCertificate(v, oid.Equal(cmscore.OIDSigningCertificateV2))
		if err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}

// matches reports whether all hashes are of the certificate. GOST 34.311 may use the S-box of
// the certificate's key or DKE No. 1.
func (c *checker) matches(cert *pkix.Certificate, list []cmscore.CertHash) (bool, error) {
	for _, h := range list {
		found := false
		for _, sbox := range sboxes(h.Algorithm, cert) {
			sum, err := c.certHash(cert, h.Algorithm, sbox)
			if err != nil {
				return false, err
			}
			found = found || bytes.Equal(sum, h.Hash)
		}
		if !found {
			return false, nil
		}
	}
	return true, nil
}

func (c *checker) certHash(cert *pkix.Certificate, oid asn1.ObjectIdentifier, sbox *gost28147.SBox) ([]byte, error) {
	id := certHashID{cert, newDigestID(oid, sbox)}
	if sum := c.hashes[id]; sum != nil {
		return sum, nil
	}
	h, err := alg.NewHash(oid, sbox)
	if err != nil {
		return nil, err
	}
	d := h()
	d.Write(cert.Raw)
	c.hashes[id] = d.Sum(nil)
	return c.hashes[id], nil
}

// sboxes returns the S-boxes that a digest of a signer may have been computed with.
func sboxes(digest asn1.ObjectIdentifier, signer *pkix.Certificate) []*gost28147.SBox {
	if newDigestID(digest, signer.SBox).sbox == "" {
		return []*gost28147.SBox{nil}
	}
	return []*gost28147.SBox{nil, signer.SBox}
}

// missing returns the digests of the content that the signers need and have does not hold, or
// nil if there are none.
func (c *checker) missing(have *digests) *digests {
	need := &digests{}
	want := func(oid asn1.ObjectIdentifier, sbox *gost28147.SBox) {
		if id := newDigestID(oid, sbox); !have.has(id) {
			need.want(id, oid, sbox)
		}
	}
	for _, s := range c.signers {
		want(s.info.DigestAlgorithm, nil)
		for _, cert := range s.candidates {
			want(s.info.DigestAlgorithm, cert.SBox)
		}
	}
	if len(need.list) == 0 {
		return nil
	}
	return need
}

func (c *checker) check(ctx context.Context) (*Result, error) {
	res := &Result{
		Report:       &validation.Report{},
		ContentType:  c.data.ContentType,
		Detached:     c.data.Detached,
		Certificates: c.data.Certificates.Certificates,
	}
	if len(c.signers) == 0 {
		res.Report.Add(validation.Check{Code: validation.NoSigners, Verdict: validation.Failed, Err: errors.New("cms: the message has no signers")})
	}
	for i := range c.signers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := c.signer(&c.signers[i])
		res.Signers = append(res.Signers, r)
		res.Report.AddPart(r.Report)
	}
	return res, res.Report.Err()
}

func (c *checker) signer(s *signerCheck) SignerResult {
	r := SignerResult{
		ID:                    s.info.ID,
		DigestAlgorithm:       s.info.DigestAlgorithm,
		SignatureAlgorithm:    s.info.SignatureAlgorithm,
		MessageDigest:         s.info.MessageDigest,
		Level:                 s.info.Level,
		ClaimedTime:           s.info.SigningTime,
		HasContentTimestamp:   s.info.HasContentTimestamp,
		HasSignatureTimestamp: s.info.HasSignatureTimestamp,
		Report:                &validation.Report{},
	}
	subject := s.info.ID.String()
	add := func(code validation.Code, v validation.Verdict, err error) {
		if err == nil {
			v = validation.Passed
		}
		r.Report.Add(validation.Check{Code: code, Verdict: v, Subject: subject, Err: err})
	}
	form := c.checkAttributes(s)
	add(validation.FormatFailure, validation.Failed, form)
	code, v, err := checkAlgorithms(s.info.core)
	add(code, v, err)
	c.checkCertificate(s, add)
	if len(s.candidates) > 0 {
		r.Certificate = s.candidates[0]
		r.CertificateSigned = s.fits && s.essErr == nil && len(s.certHashes) > 0
		// A right signature over content that is refused would be taken for one of its signer.
		refused := form != nil && s.info.core.SignedAttrs == nil
		if !refused && (err == nil || code == validation.AlgorithmMismatch) {
			c.checkSignature(s, &r, add)
		}
	}
	c.checkDigest(s, &r, add)
	return r
}

type addCheck func(validation.Code, validation.Verdict, error)

// checkAttributes checks that the signed attributes are there and say what they must, each once.
// RFC 5652, 5.3, lets them be absent beside content of the type data. A signature over the content
// could then be one over attributes that an attacker turned into content: it is refused unless the
// caller allows it, and even then if the content looks like attributes.
func (c *checker) checkAttributes(s *signerCheck) error {
	signed := s.info.core.SignedAttrs
	switch {
	case signed != nil:
	case !c.o.AllowNoSignedAttributes:
		return &FormatError{What: "signerInfo", Err: errors.New("no signed attributes")}
	case !c.data.ContentType.Equal(ContentTypeData):
		return &FormatError{What: "signerInfo", Err: fmt.Errorf("no signed attributes for a content of type %v", c.data.ContentType)}
	case c.digests != nil && c.digests.likeSignedAttributes():
		return &FormatError{What: "signerInfo", Err: errors.New("no signed attributes, and content that may be those of another message")}
	default:
		return nil
	}
	v, err := cmscore.Single(signed, cmscore.OIDContentType)
	if err != nil {
		return &FormatError{What: "signedAttrs", Err: err}
	}
	oid, err := cmscore.ParseContentTypeValue(v)
	if err != nil {
		return err
	}
	if !oid.Equal(c.data.ContentType) {
		return &FormatError{What: "contentType", Err: fmt.Errorf("%v signed for a content of type %v", oid, c.data.ContentType)}
	}
	if v, err = cmscore.Single(signed, cmscore.OIDMessageDigest); err != nil {
		return &FormatError{What: "signedAttrs", Err: err}
	}
	if _, err = cmscore.ParseMessageDigest(v); err != nil {
		return err
	}
	switch v, err = cmscore.Single(signed, cmscore.OIDSigningTime); {
	case err == nil:
		_, err = cmscore.ParseSigningTime(v)
	case errors.Is(err, cmscore.ErrNoAttribute):
		err = nil
	default:
		err = &FormatError{What: "signedAttrs", Err: err}
	}
	return err
}

// checkAlgorithms demands a known algorithm of the signature with the digest of the signer.
func checkAlgorithms(si *cmscore.SignerInfo) (validation.Code, validation.Verdict, error) {
	sig, err := si.SignatureAlgorithm()
	switch {
	case errors.Is(err, alg.ErrUnsupported):
		return validation.AlgorithmUnsupported, validation.Indeterminate, err
	case err != nil:
		return validation.FormatFailure, validation.Failed, err
	}
	if _, err := alg.NewHash(si.Digest.OID, nil); err != nil {
		return validation.AlgorithmUnsupported, validation.Indeterminate, err
	}
	if !sig.Digest.Equal(si.Digest.OID) {
		return validation.AlgorithmMismatch, validation.Failed,
			fmt.Errorf("cms: digest %v does not belong to signature %v", si.Digest.OID, si.Algorithm.OID)
	}
	return validation.AlgorithmMismatch, validation.Passed, nil
}

func (c *checker) checkCertificate(s *signerCheck, add addCheck) {
	switch {
	case len(s.candidates) == 0:
		add(validation.NoSigningCertificate, validation.Indeterminate, fmt.Errorf("cms: signer's certificate not found: %v", s.info.ID))
		return
	case errors.Is(s.essErr, alg.ErrUnsupported):
		add(validation.AlgorithmUnsupported, validation.Indeterminate, s.essErr)
	case s.essErr != nil:
		add(validation.FormatFailure, validation.Failed, s.essErr)
	case !s.fits:
		add(validation.SigningCertMismatch, validation.Failed, fmt.Errorf("cms: the signed certificate hash is of another certificate than %v", s.info.ID))
	case len(s.certHashes) == 0: // BareProfile: nothing to compare
	default:
		add(validation.SigningCertMismatch, validation.Passed, nil)
	}
}

// checkSignature verifies the signature under the key of a candidate. Several are left only if
// no signed hash tells which one is meant; then the one that verifies is.
func (c *checker) checkSignature(s *signerCheck, r *SignerResult, add addCheck) {
	if s.info.core.SignedAttrs == nil && c.digests == nil {
		return // there is nothing to verify with
	}
	var code validation.Code
	var verdict validation.Verdict
	var fault error
	for i, cert := range s.candidates {
		k, v, err := c.verify(s.info.core, cert)
		if i == 0 || err == nil {
			code, verdict, fault, r.Certificate = k, v, err, cert
		}
		if err == nil {
			break
		}
	}
	r.SignatureValid = verdict
	add(code, verdict, fault)
}

func (c *checker) verify(si *cmscore.SignerInfo, cert *pkix.Certificate) (validation.Code, validation.Verdict, error) {
	if cert.PublicKey == nil {
		if errors.Is(cert.PublicKeyError, pkix.ErrUnsupported) {
			return validation.AlgorithmUnsupported, validation.Indeterminate, cert.PublicKeyError
		}
		return validation.CertificateUnusable, validation.Failed, cert.PublicKeyError
	}
	var ok bool
	var err error
	if si.SignedAttrs != nil {
		ok, err = si.VerifySignature(cert.PublicKey, cert.SBox)
	} else if sum := c.digests.sum(newDigestID(si.Digest.OID, cert.SBox)); sum != nil {
		ok, err = si.VerifyContent(cert.PublicKey, sum)
	} else {
		return validation.HashFailure, validation.Indeterminate, errNotComputed(si.Digest.OID)
	}
	switch {
	case errors.Is(err, alg.ErrUnsupported):
		return validation.AlgorithmUnsupported, validation.Indeterminate, err
	case errors.Is(err, alg.ErrKeyType):
		return validation.AlgorithmMismatch, validation.Failed, err
	case err == nil && !ok:
		err = errors.New("cms: signature does not verify")
	}
	return validation.SigCryptoFailure, verdict(err == nil), err
}

func verdict(ok bool) validation.Verdict {
	if ok {
		return validation.Passed
	}
	return validation.Failed
}

// checkDigest compares the signed digest with that of the content.
func (c *checker) checkDigest(s *signerCheck, r *SignerResult, add addCheck) {
	if c.digests == nil {
		add(validation.SignedDataNotFound, validation.Indeterminate, errors.New("cms: content not given"))
		return
	}
	if s.info.core.SignedAttrs == nil && r.SignatureValid == validation.Passed {
		r.DigestValid = validation.Passed // the signature is over the content itself
	}
	if r.MessageDigest == nil {
		return // a fault already, or nothing to compare
	}
	computed, all := false, true
	boxes := []*gost28147.SBox{nil}
	if r.Certificate != nil {
		boxes = sboxes(r.DigestAlgorithm, r.Certificate)
	}
	for _, sbox := range boxes {
		sum := c.digests.sum(newDigestID(r.DigestAlgorithm, sbox))
		computed, all = computed || sum != nil, all && sum != nil
		if sum != nil && bytes.Equal(sum, r.MessageDigest) {
			r.DigestValid = validation.Passed
		}
	}
	switch {
	case r.DigestValid == validation.Passed:
		add(validation.HashFailure, validation.Passed, nil)
	case all:
		r.DigestValid = validation.Failed
		add(validation.HashFailure, validation.Failed, errors.New("cms: the content does not have the signed digest"))
	case computed:
		add(validation.HashFailure, validation.Indeterminate, errors.New("cms: digest with the signer's S-box not computed: the message cannot be read twice"))
	default:
		add(validation.HashFailure, validation.Indeterminate, errNotComputed(r.DigestAlgorithm))
	}
}

func errNotComputed(digest asn1.ObjectIdentifier) error {
	return fmt.Errorf("cms: digest %v not computed: not supported, or not announced and the message cannot be read twice", digest)
}
