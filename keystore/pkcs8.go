package keystore

import (
	"crypto/subtle"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/pkix"
)

// Attributes of IIT in PKCS#8: what belongs to a second key, for key agreement, and to an RSA key.
var (
	oidIITAttributes = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 19398, 1, 1, 2}
	oidIITRSAKey     = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 19398, 1, 1, 1, 5}
)

// Last arcs below oidIITAttributes.
const (
	iitSignKeyID  = 1
	iitParameters = 2
	iitAgreeKey   = 3
	iitAgreeKeyID = 5
	iitRSAKeyID   = 7
)

// source tells where a PrivateKeyInfo comes from.
type source struct {
	alias      string
	localKeyID []byte
	encrypted  bool // every fault means a wrong password
	authentic  bool // a MAC has shown that the password is right
}

// fault returns the error for a PrivateKeyInfo that is none.
func (src source) fault(err error) error {
	if src.encrypted {
		return ErrPassword // the cause is dropped: it would tell about the plaintext
	}
	return malformed(err)
}

// encryptedPrivateKey reads an EncryptedPrivateKeyInfo (RFC 5958, section 3).
func (op *opener) encryptedPrivateKey(blob []byte) error {
	scheme, data, err := parseEncrypted(der.New(blob, "encryptedPrivateKey"))
	if err != nil {
		return err
	}
	return op.decrypt(scheme, data, func(plain []byte) error {
		return op.privateKey(plain, source{encrypted: true})
	})
}

// parseEncrypted reads an EncryptedPrivateKeyInfo and nothing after it.
func parseEncrypted(r *der.Reader) (*pbe.Scheme, []byte, error) {
	seq := r.Sequence("")
	scheme, err := pbe.ParseScheme(seq.Sequence("encryptionAlgorithm"))
	if derr := r.Err(); derr != nil {
		return nil, nil, malformed(derr)
	}
	if err != nil {
		return nil, nil, err
	}
	data := seq.OctetString("encryptedData")
	seq.End()
	if err := r.End(); err != nil {
		return nil, nil, malformed(err)
	}
	return scheme, data, nil
}

// privateKey reads a PrivateKeyInfo and the second key in its attributes. Nothing is added unless
// all of it is right.
func (op *opener) privateKey(plain []byte, src source) error {
	if src.encrypted {
		var ok bool
		if plain, ok = trimTail(plain); !ok {
			return ErrPassword
		}
	}
	info, err := pkix.ParsePrivateKey(plain)
	if errors.Is(err, pkix.ErrUnsupported) && (src.authentic || !src.encrypted) {
		return op.add(&Entry{
			Alias: src.alias, LocalKeyID: src.localKeyID, Algorithm: algorithmOf(plain), position: UseSign | UseAgree,
			Err: fmt.Errorf("%w: %w", &UnsupportedError{op.store.format, "private key"}, err),
		})
	}
	if err != nil || info.Reduced && src.encrypted && !src.authentic {
		return src.fault(err)
	}
	first := &Entry{
		Alias: src.alias, LocalKeyID: src.localKeyID, Algorithm: info.AlgorithmOID, Key: info.Key,
		NamedCurve: info.NamedCurve, SBox: info.SBox, position: UseSign | UseAgree, bigEndian: info.BigEndian,
	}
	attrs, err := parseIITAttributes(info.Attributes())
	if err != nil {
		return src.fault(err)
	}
	if attrs.signKeyID != nil && first.LocalKeyID == nil {
		first.LocalKeyID = attrs.signKeyID
	}
	entries := []*Entry{first}
	if attrs.agreeKey != nil {
		second, reduced, err := attrs.entry(op.store.format, src)
		if err != nil || reduced && src.encrypted && !src.authentic {
			return src.fault(err)
		}
		entries = append(entries, second)
	}
	if attrs.rsaKey {
		entries = append(entries, &Entry{
			Alias: src.alias, LocalKeyID: attrs.rsaKeyID, Algorithm: slices.Clone(alg.OIDRSAEncryption), position: UseSign | UseAgree,
			Err: &UnsupportedError{op.store.format, "RSA key in the attributes of IIT"},
		})
	}
	return op.addAll(entries, src)
}

// addAll adds the keys of one PrivateKeyInfo. Where no MAC vouches for the plaintext, identifiers
// that do not fit and curves that are unknown mean damage.
func (op *opener) addAll(entries []*Entry, src source) error {
	if src.encrypted && !src.authentic && src.localKeyID == nil {
		for _, e := range entries {
			if errors.Is(e.Err, alg.ErrUnsupported) || e.mismatch() {
				return ErrPassword
			}
		}
	}
	for _, e := range entries {
		if err := op.add(e); err != nil {
			return err
		}
	}
	return nil
}

// trimTail cuts zero octets behind the first element of data; ok is false if there is anything else.
func trimTail(data []byte) (element []byte, ok bool) {
	r := der.New(data, "")
	element = r.Element("", cbasn1.SEQUENCE)
	var tail byte
	for _, c := range r.Rest() {
		tail |= c
	}
	return element, r.Err() == nil && tail == 0
}

// algorithmOf returns the algorithm of a PrivateKeyInfo that cannot be read, nil if it has none.
func algorithmOf(plain []byte) asn1.ObjectIdentifier {
	r := der.New(plain, "").Sequence("")
	r.Int("version", 0)
	return r.Sequence("").OID("")
}

// iitAttributes are the attributes of a PrivateKeyInfo.
type iitAttributes struct {
	signKeyID, agreeKeyID []byte
	parameters            []byte // SEQUENCE of the key for key agreement
	agreeKey              []byte // contents of the BIT STRING
	rsaKey                bool
	rsaKeyID              []byte

	curve    *dstu4145.Curve
	curveErr error
	sbox     *gost28147.SBox
	scalar   []byte // of the key for key agreement, big-endian
}

// parseIITAttributes reads the contents of attributes [0]. Attributes of others are skipped.
func parseIITAttributes(raw []byte) (*iitAttributes, error) {
	a := new(iitAttributes)
	r := der.New(raw, "attributes")
	for i := 0; !r.Empty(); i++ {
		attr := r.Item(i, cbasn1.SEQUENCE)
		oid := attr.OID("type")
		values := attr.Set("values")
		attr.End()
		a.read(oid, values)
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return a, a.resolve()
}

// read takes one attribute; one of IIT that comes twice is a fault.
func (a *iitAttributes) read(oid asn1.ObjectIdentifier, values *der.Reader) {
	if oid.Equal(oidIITRSAKey) {
		a.rsaKey = true
		return
	}
	if !under(oid, oidIITAttributes) || len(oid) != len(oidIITAttributes)+1 {
		return
	}
	var field *[]byte
	tag := cbasn1.OCTET_STRING
	switch oid[len(oid)-1] {
	case iitSignKeyID:
		field = &a.signKeyID
	case iitAgreeKeyID:
		field = &a.agreeKeyID
	case iitRSAKeyID:
		field = &a.rsaKeyID
	case iitAgreeKey:
		field, tag = &a.agreeKey, cbasn1.BIT_STRING
	case iitParameters:
		field, tag = &a.parameters, cbasn1.SEQUENCE
	default:
		return
	}
	if *field != nil {
		values.Failf("", "attribute given twice")
	}
	*field = values.Contents("value", tag)
	values.End()
}

// resolve reads the parameters and the scalar of the second key.
func (a *iitAttributes) resolve() error {
	if a.agreeKey == nil {
		return nil
	}
	r := der.New(a.parameters, "agreementKey")
	if err := a.readCurve(r); err != nil {
		return err
	}
	var dke []byte
	for i := 0; i < 2 && !r.Empty(); i++ { // dke and kekDke
		if octets := r.OctetString("dke"); i == 0 {
			dke = octets
		}
	}
	if err := r.End(); err != nil {
		return err
	}
	if dke != nil {
		var err error
		if a.sbox, err = gost28147.ParseDKE(dke); err != nil {
			return err
		}
	}
	var ok bool
	if a.scalar, ok = reverseBits(a.agreeKey); !ok {
		return errors.New("agreementKey: no bits")
	}
	return nil
}

// readCurve reads the curve of the second key: IIT writes its numbers, big-endian, unlike those of
// other keys. The byte order shows in the numbers.
func (a *iitAttributes) readCurve(r *der.Reader) error {
	if r.Peek(cbasn1.OBJECT_IDENTIFIER) {
		a.curve, a.curveErr = alg.CurveByOID(r.OID("namedCurve"))
		return r.Err()
	}
	numbers := r.Element("ecbinary", cbasn1.SEQUENCE)
	if err := r.Err(); err != nil {
		return err
	}
	for _, bigEndian := range []bool{true, false} {
		e := der.New(numbers, "agreementKey")
		a.curve, a.curveErr = alg.ParseECBinary(e, "ecbinary", bigEndian)
		if a.curveErr == nil || e.Err() != nil {
			return e.Err()
		}
	}
	return nil
}

// reverseBits turns the contents of a BIT STRING, whose first bit is the least significant one of
// a number, into big-endian octets. Unused bits count as zero whatever they are.
func reverseBits(contents []byte) ([]byte, bool) {
	if len(contents) < 2 || contents[0] > 7 {
		return nil, false
	}
	unused, octets := contents[0], contents[1:]
	out := make([]byte, len(octets))
	for i, c := range octets {
		if i == len(octets)-1 {
			c &= 0xff << unused
		}
		// Reverse32 is arithmetic; Reverse8 would look the secret up in a table.
		out[len(out)-1-i] = byte(bits.Reverse32(uint32(c)) >> 24)
	}
	return out, true
}

// maxExcess bounds the octets of zeros above a scalar.
const maxExcess = 64

// entry returns the second key; reduced tells that it was not below the order. It is an error if the
// key is zero modulo the order.
func (a *iitAttributes) entry(f Format, src source) (e *Entry, reduced bool, err error) {
	e = &Entry{Alias: src.alias, Algorithm: slices.Clone(alg.OIDDSTU4145LE), SBox: a.sbox, LocalKeyID: a.agreeKeyID, position: UseAgree}
	if a.curveErr != nil {
		e.Err = fmt.Errorf("%w: %w", &UnsupportedError{f, "curve of the key for key agreement"}, a.curveErr)
		return e, false, nil
	}
	e.Algorithm = alg.KeyParams{Curve: a.curve}.OID()
	size := a.curve.ScalarSize()
	d := a.scalar
	if len(d) > size+maxExcess {
		return nil, false, errors.New("agreementKey: too long")
	}
	if excess := len(d) - size; excess > 0 && subtle.ConstantTimeCompare(d[:excess], make([]byte, excess)) == 1 {
		d = d[excess:]
	} else if excess < 0 {
		d = append(make([]byte, -excess), d...)
	}
	key, err := a.curve.NewPrivateKey(d)
	if err != nil {
		reduced = true
		if key, err = a.curve.ReducePrivateKey(d); err != nil {
			return nil, false, err
		}
	}
	e.Key = key
	return e, reduced, nil
}
