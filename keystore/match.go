package keystore

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"slices"
	"time"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/pkix"
)

// maxChain bounds the chain of issuers that is put together for an entry.
const maxChain = 8

const (
	signUsages  = pkix.KeyUsageDigitalSignature | pkix.KeyUsageNonRepudiation | pkix.KeyUsageKeyCertSign | pkix.KeyUsageCRLSign
	agreeUsages = pkix.KeyUsageKeyAgreement
)

// Match attaches certificates to the keys they belong to and returns how many of them belong to
// any. It compares public keys. Certificates of issuers among the others complete [Entry.Chain].
func (s *Store) Match(certs ...*pkix.Certificate) int {
	matched := s.attach(certs)
	for _, c := range matched {
		if !slices.ContainsFunc(s.certs, c.Equal) {
			s.certs = append(s.certs, c)
		}
	}
	return len(matched)
}

// attach gives each key its certificates among certs, and returns those that belong to any key.
func (s *Store) attach(certs []*pkix.Certificate) (matched []*pkix.Certificate) {
	keys := make(map[string][]*Entry, len(s.entries))
	for _, e := range s.entries {
		if e.Key != nil {
			id := publicKeyID(e.Key.Public())
			keys[id] = append(keys[id], e)
		}
	}
	for _, c := range certs {
		if c.PublicKey == nil {
			continue
		}
		owners := keys[publicKeyID(c.PublicKey)]
		for _, e := range owners {
			if !slices.ContainsFunc(e.certs, c.Equal) {
				e.certs = append(e.certs, c)
			}
		}
		if len(owners) > 0 {
			matched = append(matched, c)
		}
	}
	issuers := make(map[string][]*pkix.Certificate, len(s.certs)+len(certs))
	for _, list := range [][]*pkix.Certificate{s.certs, certs} {
		for _, c := range list {
			issuers[string(c.RawSubject)] = append(issuers[string(c.RawSubject)], c)
		}
	}
	now := time.Now()
	for _, e := range s.entries {
		e.settle(issuers, now)
	}
	return matched
}

// publicKeyID returns octets that are the same for equal public keys only.
func publicKeyID(pub crypto.PublicKey) string {
	if p, ok := pub.(*dstu4145.PublicKey); ok {
		return p.Curve().Name() + " " + string(p.Bytes())
	}
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return "" // no private key that can be read has such a public key
	}
	return string(der)
}

// settle sorts the certificates of the entry and works out its use and chain.
func (e *Entry) settle(issuers map[string][]*pkix.Certificate, now time.Time) {
	e.Use, e.Chain = e.position, nil
	if len(e.certs) == 0 {
		return
	}
	valid := func(c *pkix.Certificate) bool { return !now.Before(c.NotBefore) && !now.After(c.NotAfter) }
	slices.SortStableFunc(e.certs, func(a, b *pkix.Certificate) int {
		if valid(a) != valid(b) {
			if valid(a) {
				return -1
			}
			return 1
		}
		return b.NotBefore.Compare(a.NotBefore)
	})
	var use Use
	for _, c := range e.certs {
		if c.KeyUsage == 0 { // absent, or without any bit: it says nothing
			use |= e.position
		}
		if c.KeyUsage&signUsages != 0 {
			use |= UseSign
		}
		if c.KeyUsage&agreeUsages != 0 {
			use |= UseAgree
		}
	}
	e.Use = use
	e.Chain = append(e.Chain, e.certs[0])
	for len(e.Chain) < maxChain {
		issuer := issuerOf(e.Chain[len(e.Chain)-1], issuers)
		if issuer == nil || slices.ContainsFunc(e.Chain, issuer.Equal) {
			break
		}
		e.Chain = append(e.Chain, issuer)
	}
}

// issuerOf returns the certificate with the subject, and if both state it the key identifier, that
// c names as its issuer. The signature is not checked.
func issuerOf(c *pkix.Certificate, issuers map[string][]*pkix.Certificate) *pkix.Certificate {
	for _, i := range issuers[string(c.RawIssuer)] {
		if len(c.AuthorityKeyID) == 0 || len(i.SubjectKeyID) == 0 || bytes.Equal(c.AuthorityKeyID, i.SubjectKeyID) {
			return i
		}
	}
	return nil
}

// Find returns the key to use for every bit of u. A key with a certificate for it comes first, then
// a key that can be for nothing else, then the first key for signatures and the last one for key
// agreement, as containers keep them in this order. [Entry.CertificateFor] gives the certificate.
// The error is a [*NotFoundError] that says what is missing.
func (s *Store) Find(u pkix.KeyUsage) (*Entry, error) {
	want := Use(0)
	if u&signUsages != 0 {
		want |= UseSign
	}
	if u&agreeUsages != 0 {
		want |= UseAgree
	}
	var sole, any *Entry
	for _, e := range s.entries {
		switch {
		case e.Key == nil:
		case len(e.certs) > 0:
			if e.CertificateFor(u) != nil {
				return e, nil
			}
		case e.Use&want != want:
		case e.Use == want:
			if sole == nil {
				sole = e
			}
		default:
			if any == nil || want == UseAgree {
				any = e
			}
		}
	}
	switch {
	case sole != nil:
		return sole, nil
	case any != nil:
		return any, nil
	}
	return nil, &NotFoundError{s.missing(u)}
}

// missing says why no key fits.
func (s *Store) missing(u pkix.KeyUsage) string {
	var have pkix.KeyUsage
	certified := false
	for _, e := range s.entries {
		for _, c := range e.certs {
			have |= c.KeyUsage
			certified = true
		}
	}
	text := "private key for " + u.String()
	if certified {
		text += ": the certificates found are for " + have.String() + " only"
	}
	return text
}
