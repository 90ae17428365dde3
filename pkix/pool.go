package pkix

import (
	"bytes"
	"errors"
	"slices"
)

// Pool is a set of certificates with indexes. A nil Pool and the zero value are empty. Adding is
// not safe for concurrent use, looking up is.
type Pool struct {
	certs    []*Certificate
	bySHA256 map[[32]byte]*Certificate
	byName   map[string][]*Certificate // subject
	bySerial map[string][]*Certificate // issuer and serial number
	byKeyID  map[string][]*Certificate
}

// NewPool returns a pool of the given certificates.
func NewPool(certs ...*Certificate) *Pool {
	p := &Pool{}
	p.Add(certs...)
	return p
}

// Add adds certificates. Nil ones and those already in the pool are left out.
func (p *Pool) Add(certs ...*Certificate) {
	if p.bySHA256 == nil {
		p.bySHA256 = map[[32]byte]*Certificate{}
		p.byName = map[string][]*Certificate{}
		p.bySerial = map[string][]*Certificate{}
		p.byKeyID = map[string][]*Certificate{}
	}
	for _, c := range certs {
		if c == nil {
			continue
		}
		sum := c.SHA256()
		if p.bySHA256[sum] != nil {
			continue
		}
		p.bySHA256[sum] = c
		p.certs = append(p.certs, c)
		name := c.Subject.key()
		p.byName[name] = append(p.byName[name], c)
		serial := serialKey(c.Issuer, c.RawSerial)
		p.bySerial[serial] = append(p.bySerial[serial], c)
		for _, id := range c.KeyIDs() {
			p.byKeyID[string(id)] = append(p.byKeyID[string(id)], c)
		}
	}
}

// AddBundle adds the certificates of a bundle.
func (p *Pool) AddBundle(b *Bundle) {
	if b != nil {
		p.Add(b.Certificates...)
	}
}

// serialKey tolerates serial numbers with and without leading zeros.
func serialKey(issuer Name, serial []byte) string {
	return string(bytes.TrimLeft(serial, "\x00")) + "\x00" + issuer.key()
}

// Certificates returns all certificates in the order they were added.
func (p *Pool) Certificates() []*Certificate {
	if p == nil {
		return nil
	}
	return slices.Clone(p.certs)
}

// Len returns the number of certificates.
func (p *Pool) Len() int {
	if p == nil {
		return 0
	}
	return len(p.certs)
}

// Contains reports whether the certificate is in the pool.
func (p *Pool) Contains(c *Certificate) bool {
	return p.FindBySHA256(c.SHA256()) != nil
}

// FindBySHA256 returns the certificate with the digest, or nil.
func (p *Pool) FindBySHA256(sum [32]byte) *Certificate {
	if p == nil {
		return nil
	}
	return p.bySHA256[sum]
}

// FindByKeyID returns the certificates whose subject key identifier, as written or by any rule
// of [Certificate.KeyIDs], is id.
func (p *Pool) FindByKeyID(id []byte) []*Certificate {
	if p == nil {
		return nil
	}
	return slices.Clone(p.byKeyID[string(id)])
}

// FindByIssuerSerial returns the certificates with the issuer and the serial number (contents
// of the INTEGER, or big-endian octets). There may be several: issuer and serial number need
// not be unique in data from outside.
func (p *Pool) FindByIssuerSerial(issuer Name, serial []byte) []*Certificate {
	if p == nil {
		return nil
	}
	return slices.Clone(p.bySerial[serialKey(issuer, serial)])
}

// FindBySubject returns the certificates with the subject, compared by [Name.Equal].
func (p *Pool) FindBySubject(subject Name) []*Certificate {
	if p == nil {
		return nil
	}
	return slices.Clone(p.byName[subject.key()])
}

// maxIssuerChecks bounds the signature checks of one search: authorities renew keys under one
// name, but not hundreds of times.
const maxIssuerChecks = 64

// FindIssuer finds the certificate in the pool whose key made the signature of c. Mathematics
// only, as [Certificate.CheckSignatureFrom]. A self-issued c is a candidate itself.
//
// Candidates have the issuer's name. Those whose key identifier is c's authority key
// identifier are tried first, then the others, as identifiers follow several rules; of equals,
// certificates of authorities come first. If no candidate verifies, the error is that of the
// candidate with the right identifier. It is [ErrIssuerNotFound] if there is no candidate with
// that identifier, or, where c names no identifier, no candidate at all.
func (p *Pool) FindIssuer(c *Certificate) (*Certificate, error) {
	named := p.FindBySubject(c.Issuer)
	if c.Issuer.Equal(c.Subject) && !slices.ContainsFunc(named, c.Equal) {
		named = append(named, c)
	}
	type candidate struct {
		*Certificate
		exact bool // has the identifier that c names, or c names none
		rank  int
	}
	var list []candidate
	for _, o := range named {
		k := candidate{Certificate: o, exact: c.AuthorityKeyID == nil || o.MatchesKeyID(c.AuthorityKeyID)}
		if !k.exact {
			k.rank += 2
		}
		if !o.IsCA && o.KeyUsage&KeyUsageKeyCertSign == 0 {
			k.rank++
		}
		list = append(list, k)
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return a.rank - b.rank })
	var first error
	for _, k := range list[:min(len(list), maxIssuerChecks)] {
		err := c.CheckSignatureFrom(k.Certificate)
		if err == nil {
			return k.Certificate, nil
		}
		if !errors.Is(err, ErrIssuerMismatch) && k.exact && first == nil {
			first = err
		}
	}
	if first == nil {
		first = ErrIssuerNotFound
	}
	return nil, first
}
