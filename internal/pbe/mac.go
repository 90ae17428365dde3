package pbe

import (
	"crypto/subtle"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/der"
)

// MAC is the MacData of a PKCS#12 container. It is immutable.
type MAC struct {
	key  derivation
	mac  func(key []byte) (hash.Hash, error)
	want []byte
}

// ParseMAC reads the contents of MacData, of RFC 7292 or with PBMAC1 (RFC 9579). The identifier that
// M.E.Doc writes in place of a hash function gives a nil MAC: there is nothing to check it with.
func ParseMAC(r *der.Reader) (*MAC, error) {
	m := new(MAC)
	info := r.Sequence("mac")
	alg := info.Sequence("digestAlgorithm")
	_, raw := alg.RawOID("algorithm")
	name := der.FormatOID(raw)
	pbmac1 := name == oidPBMAC1
	var fault error
	if pbmac1 {
		fault = m.parsePBMAC1(alg.Sequence("parameters"))
	} else if !alg.Empty() {
		alg.Null("parameters")
	}
	alg.End()
	m.want = info.OctetString("digest")
	info.End()
	key := derivation{id: idMAC, salt: string(r.OctetString("macSalt")), iterations: 1}
	if r.Peek(cbasn1.INTEGER) {
		key.iterations = iterations(r, "iterations")
	}
	if err := r.End(); err != nil {
		return nil, err
	}
	switch {
	case fault != nil:
		return nil, fault
	case pbmac1: // it has a salt and a count of its own
		return m, nil
	case name == oidMEDocBogus:
		return nil, nil
	}
	key.h = digests[name]
	if key.h == nil {
		return nil, &UnsupportedError{"hash function of the MAC " + name}
	}
	key.size = key.h.new().Size()
	m.key, m.mac = key, key.h.mac
	return m, nil
}

// parsePBMAC1 reads PBMAC1-params (RFC 8018, A.5). The length of the key has no default here (RFC
// 9579, section 4), and a short one is refused (section 9): who does not know the password could guess
// the key.
func (m *MAC) parsePBMAC1(r *der.Reader) error {
	kdf := r.Sequence("keyDerivationFunc")
	scheme := r.Sequence("messageAuthScheme")
	r.End()
	_, raw := kdf.RawOID("algorithm")
	if name := der.FormatOID(raw); r.Err() == nil && name != oidPBKDF2 {
		return &UnsupportedError{"key derivation " + name}
	}
	var s Scheme
	fault := parsePBKDF2(kdf.Sequence("parameters"), &s)
	kdf.End()
	m.key = s.key
	name := readFunction(scheme)
	if r.Err() != nil || fault != nil {
		return fault
	}
	auth := prfs[name]
	if auth == nil {
		return &UnsupportedError{"function of PBMAC1 " + name}
	}
	m.mac = auth.keyed
	return nil
}

// Admit is like [Scheme.Admit].
func (m *MAC) Admit(session *Session) error { return session.admit(m.key) }

// Check returns nil if data has this code under the password, otherwise [ErrDecrypt]. The time does
// not depend on where two codes differ.
func (m *MAC) Check(session *Session, p Password, data []byte) error {
	got, err := m.sum(session, p, data)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(got, m.want) != 1 {
		return ErrDecrypt
	}
	return nil
}

func (m *MAC) sum(session *Session, p Password, data []byte) ([]byte, error) {
	key, err := session.derive(m.key, p)
	if err != nil {
		return nil, err
	}
	h, err := m.mac(key)
	if err != nil {
		return nil, err
	}
	h.Write(data)
	return h.Sum(nil), nil
}

// AddMACData writes the MacData of data with the digest of suite.
func AddMACData(b *cryptobyte.Builder, suite *Suite, session *Session, p Password, salt []byte, iterations int, data []byte) {
	h := digests[suite.digest.String()]
	m := &MAC{key: derivation{h: h, id: idMAC, salt: string(salt), iterations: uint64(iterations), size: 32}, mac: h.mac}
	code, err := m.sum(session, p, data)
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addAlgorithm(b, suite.digest, addNull)
			b.AddASN1OctetString(code)
		})
		b.AddASN1OctetString(salt)
		b.AddASN1Uint64(uint64(iterations))
	})
}
