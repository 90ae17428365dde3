package pbe

import (
	"crypto/subtle"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/der"
)

// MAC is the MacData of a PKCS#12 container. It is immutable.
type MAC struct {
	key  derivation
	want []byte
}

// ParseMAC reads the contents of MacData. The identifier that M.E.Doc writes in place of a hash
// function gives a nil MAC: there is nothing to check it with.
func ParseMAC(r *der.Reader) (*MAC, error) {
	info := r.Sequence("mac")
	alg := info.Sequence("digestAlgorithm")
	_, raw := alg.RawOID("algorithm")
	if !alg.Empty() {
		alg.Null("parameters")
	}
	alg.End()
	want := info.OctetString("digest")
	info.End()
	key := derivation{id: idMAC, salt: string(r.OctetString("macSalt")), iterations: 1}
	if r.Peek(cbasn1.INTEGER) {
		key.iterations = iterations(r, "iterations")
	}
	if err := r.End(); err != nil {
		return nil, err
	}
	name := der.FormatOID(raw)
	if name == oidMEDocBogus {
		return nil, nil
	}
	key.h = digests[name]
	if key.h == nil {
		return nil, &UnsupportedError{"hash function of the MAC " + name}
	}
	key.size = key.h.new().Size()
	return &MAC{key, want}, nil
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
	h, err := m.key.h.mac(key)
	if err != nil {
		return nil, err
	}
	h.Write(data)
	return h.Sum(nil), nil
}

// AddMACData writes the MacData of data with the digest of suite.
func AddMACData(b *cryptobyte.Builder, suite *Suite, session *Session, p Password, salt []byte, iterations int, data []byte) {
	m := &MAC{key: derivation{h: digests[suite.digest.String()], id: idMAC, salt: string(salt), iterations: uint64(iterations), size: 32}}
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
