package keystore

import (
	"encoding/asn1"
	"errors"
	"fmt"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/ber"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
)

// Object identifiers of PKCS#7 and PKCS#12 (RFC 7292, appendix D).
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidEncryptedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 6}
	oidBags          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1}
	oidX509Bag       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1}
	oidFriendlyName  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 20}
	oidLocalKeyID    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 21}
)

// Last arcs below oidBags. Others (CRLs, secrets) are skipped.
const (
	keyBag          = 1
	shroudedKeyBag  = 2
	certBag         = 3
	safeContentsBag = 6
)

// pkcs12 reads a PFX (RFC 7292). The outside may be BER.
func (op *opener) pkcs12(blob []byte) error {
	blob, err := ber.ToDER(blob)
	if err != nil {
		return malformed(err)
	}
	r := der.New(blob, "pfx")
	seq := r.Sequence("")
	if seq.Int("version", 3) != 3 {
		seq.Failf("version", "not 3")
	}
	info := seq.Sequence("authSafe")
	kind := info.OID("contentType")
	if r.Err() == nil && !kind.Equal(oidData) {
		return &UnsupportedError{FormatPKCS12, "integrity by " + kind.String()}
	}
	explicit := info.Enter("content", der.Explicit(0))
	safe := explicit.OctetString("")
	explicit.End()
	info.End()
	mac, checkable, err := parseMACData(seq)
	seq.End()
	if derr := r.End(); derr != nil {
		return malformed(derr)
	}
	if err != nil {
		return err
	}
	return op.pkcs12Safe(safe, mac, checkable)
}

// parseMACData reads the optional MacData. A container without one, or with that of M.E.Doc, cannot
// be checked.
func parseMACData(seq *der.Reader) (mac *pbe.MAC, checkable bool, err error) {
	if seq.Empty() {
		return nil, false, nil
	}
	mac, err = pbe.ParseMAC(seq.Sequence("macData"))
	return mac, mac != nil, err
}

// pkcs12Safe checks the MAC and reads the contents. Before that it asks whether all of the work is
// within the limits, as far as can be told from what is not encrypted.
func (op *opener) pkcs12Safe(safe []byte, mac *pbe.MAC, checkable bool) error {
	if checkable {
		if err := mac.Admit(op.session); err != nil {
			return err
		}
	}
	var limit *pbe.LimitError
	if err := authSafe(safe, &admission{op.session}); errors.As(err, &limit) {
		return err
	}
	if checkable {
		if err := op.checkMAC(mac, safe); err != nil {
			return err
		}
	} else {
		op.warn(errors.New("keystore: the MAC of the container cannot be checked"))
	}
	return authSafe(safe, &collection{op, checkable})
}

// checkMAC tries the encodings of the password that differ for a MAC: those of the empty one.
func (op *opener) checkMAC(mac *pbe.MAC, safe []byte) (err error) {
	for i, p := range op.slots {
		if i > 0 && len(p.BMP) == len(op.slots[0].BMP) {
			continue
		}
		if err = mac.Check(op.session, p, safe); err == nil {
			op.slots = op.slots[i:]
			return nil
		}
	}
	return err
}

// visitor is what is done with the parts of a PKCS#12 container.
type visitor interface {
	encrypted(s *pbe.Scheme, data []byte) error // contents of a safe, encrypted
	bag(b bag) error
	skipped(what string) // contents that are not supported
}

// bag is a SafeBag.
type bag struct {
	kind       int    // last arc below oidBags
	value      []byte // element
	alias      string
	localKeyID []byte
}

// authSafe walks through the AuthenticatedSafe.
func authSafe(safe []byte, v visitor) error {
	safe, err := ber.ToDER(safe)
	if err != nil {
		return malformed(err)
	}
	r := der.New(safe, "authenticatedSafe")
	list := r.Sequence("")
	for i := 0; !list.Empty(); i++ {
		info := list.Item(i, cbasn1.SEQUENCE)
		kind := info.OID("contentType")
		if kind.Equal(oidData) {
			err = dataSafe(info, v)
		} else if kind.Equal(oidEncryptedData) {
			err = encryptedSafe(info, v)
		} else if r.Err() == nil {
			v.skipped("contents " + kind.String())
		}
		if r.Err() == nil && err != nil {
			return err
		}
	}
	if err := r.End(); err != nil {
		return malformed(err)
	}
	return nil
}

func dataSafe(info *der.Reader, v visitor) error {
	explicit := info.Enter("content", der.Explicit(0))
	contents := explicit.OctetString("")
	explicit.End()
	if err := info.End(); err != nil {
		return malformed(err)
	}
	return safeContents(contents, v)
}

// encryptedSafe reads an EncryptedData (RFC 5652, section 8).
func encryptedSafe(info *der.Reader, v visitor) error {
	explicit := info.Enter("content", der.Explicit(0))
	data := explicit.Sequence("")
	explicit.End()
	info.End()
	data.Int("version", 2)
	ec := data.Sequence("encryptedContentInfo")
	kind := ec.OID("contentType")
	scheme, err := pbe.ParseScheme(ec.Sequence("contentEncryptionAlgorithm"))
	cipher := implicitOctets(ec)
	ec.End()
	if data.Err() != nil {
		return malformed(data.Err())
	}
	var unsupported *pbe.UnsupportedError
	switch {
	case errors.As(err, &unsupported):
		v.skipped(unsupported.What)
		return nil
	case err != nil:
		return err
	case !kind.Equal(oidData):
		v.skipped("encrypted contents " + kind.String())
		return nil
	}
	return v.encrypted(scheme, cipher)
}

// implicitOctets reads [0] IMPLICIT OCTET STRING, which BER may have cut into pieces.
func implicitOctets(r *der.Reader) []byte {
	pieces, ok := r.Optional("encryptedContent", der.Explicit(0))
	if !ok {
		return r.Contents("encryptedContent", der.Context(0))
	}
	var out []byte
	for !pieces.Empty() {
		out = append(out, pieces.OctetString("")...)
	}
	return out
}

// safeContents walks through a SafeContents.
func safeContents(contents []byte, v visitor) error {
	contents, err := ber.ToDER(contents)
	if err != nil {
		return malformed(err)
	}
	r := der.New(contents, "safeContents")
	if err := bags(r.Sequence(""), v); err != nil {
		return err
	}
	if err := r.End(); err != nil {
		return malformed(err)
	}
	return nil
}

func bags(list *der.Reader, v visitor) error {
	for i := 0; !list.Empty(); i++ {
		item := list.Item(i, cbasn1.SEQUENCE)
		oid := item.OID("bagId")
		value := item.Enter("bagValue", der.Explicit(0))
		if len(oid) == len(oidBags)+1 && under(oid, oidBags) && oid[len(oidBags)] == safeContentsBag {
			if err := bags(value.Sequence(""), v); err != nil {
				return err
			}
			value.End()
			continue // its attributes would name no key
		}
		var b bag
		b.value, _, _ = value.Any("")
		value.End()
		if set, ok := item.Optional("bagAttributes", cbasn1.SET); ok {
			b.attributes(set)
		}
		if err := item.End(); err != nil {
			return malformed(err)
		}
		if len(oid) != len(oidBags)+1 || !under(oid, oidBags) {
			continue
		}
		b.kind = oid[len(oidBags)]
		if err := v.bag(b); err != nil {
			return err
		}
	}
	return nil
}

// attributes reads the name and the key identifier of a bag. Others are skipped, and so is what
// these hold if it is of another type.
func (b *bag) attributes(set *der.Reader) {
	for i := 0; !set.Empty(); i++ {
		attr := set.Item(i, cbasn1.SEQUENCE)
		oid := attr.OID("attrId")
		values := attr.Set("attrValues")
		attr.End()
		switch {
		case oid.Equal(oidFriendlyName) && !values.Empty(): // a BMPString, says the standard
			_, text, tag := values.Any("")
			b.alias, _ = der.DecodeString(tag, text)
		case oid.Equal(oidLocalKeyID) && values.Peek(cbasn1.OCTET_STRING):
			b.localKeyID = values.OctetString("")
		}
	}
}

// admission is the visitor that only counts iterations.
type admission struct{ session *pbe.Session }

func (a *admission) encrypted(s *pbe.Scheme, _ []byte) error { return s.Admit(a.session) }

func (a *admission) bag(b bag) error {
	if b.kind != shroudedKeyBag {
		return nil
	}
	scheme, _, err := parseEncrypted(der.New(b.value, ""))
	if err != nil {
		return nil // it will be found again
	}
	return scheme.Admit(a.session)
}

func (a *admission) skipped(string) {}

// nothing is the visitor that does nothing: it shows whether the structure is sound.
type nothing struct{}

func (nothing) encrypted(*pbe.Scheme, []byte) error { return nil }
func (nothing) bag(bag) error                       { return nil }
func (nothing) skipped(string)                      {}

// collection is the visitor that adds keys and certificates to the store.
type collection struct {
	op        *opener
	authentic bool
}

func (c *collection) encrypted(s *pbe.Scheme, data []byte) error {
	err := c.op.decrypt(s, data, func(plain []byte) error {
		plain, ok := trimTail(plain)
		if !ok || safeContents(plain, nothing{}) != nil {
			return ErrPassword
		}
		if err := safeContents(plain, c); c.authentic || !errors.Is(err, ErrFormat) {
			return err
		}
		return ErrPassword // the cause would tell about the plaintext
	})
	if c.authentic && errors.Is(err, ErrPassword) { // a part may have a password of its own
		c.op.locked = true
		c.op.warn(fmt.Errorf("keystore: a part of the container: %w", err))
		return nil
	}
	return err
}

func (c *collection) skipped(what string) { c.op.warn(&UnsupportedError{FormatPKCS12, what}) }

func (c *collection) bag(b bag) error {
	switch b.kind {
	case keyBag:
		return c.keep(b, c.op.privateKey(b.value, source{alias: b.alias, localKeyID: b.localKeyID}))
	case shroudedKeyBag:
		return c.shrouded(b)
	case certBag:
		r := der.New(b.value, "certBag")
		seq := r.Sequence("")
		kind := seq.OID("certId")
		explicit := seq.Enter("certValue", der.Explicit(0))
		if r.Err() == nil && !kind.Equal(oidX509Bag) {
			return nil
		}
		cert := explicit.OctetString("")
		explicit.End()
		seq.End()
		if err := r.End(); err != nil {
			return malformed(err)
		}
		return c.op.certificate(cert)
	}
	return nil
}

// shrouded reads an encrypted key. One whose encryption is not supported is an entry with an error.
func (c *collection) shrouded(b bag) error {
	scheme, data, err := parseEncrypted(der.New(b.value, "shroudedKeyBag"))
	var unsupported *pbe.UnsupportedError
	if errors.As(err, &unsupported) {
		return c.op.add(&Entry{
			Alias: b.alias, LocalKeyID: b.localKeyID, position: UseSign | UseAgree,
			Err: &UnsupportedError{FormatPKCS12, unsupported.What},
		})
	}
	if err != nil {
		return err
	}
	return c.keep(b, c.op.decrypt(scheme, data, func(plain []byte) error {
		return c.op.privateKey(plain, source{b.alias, b.localKeyID, true, c.authentic})
	}))
}

// keep makes an entry of a key that cannot be read, where the MAC has shown that the container is
// as it was written.
func (c *collection) keep(b bag, err error) error {
	if !c.authentic {
		return err
	}
	return c.op.keep(err, b.alias, b.localKeyID)
}
