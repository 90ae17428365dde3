package cms

import (
	"crypto/subtle"
	"errors"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/cmscore"
	"github.com/ukrcrypto/dstu/pkix"
)

// opener recovers the content key of an envelope.
type opener struct {
	o         *DecryptOptions
	own       []*pkix.Pool // the certificate of each recipient, nil if there is none
	embedded  *pkix.Pool
	addressed []addressed
}

// addressed is a key that an encrypted content key is meant for, or may be.
type addressed struct {
	index int // of the recipient
	sbox  *gost28147.SBox
	info  *cmscore.RecipientInfo
	key   *cmscore.RecipientKey
	trial bool // nothing but trying tells whether it is
}

// maxTrials bounds how many keys are opened: an envelope may name one recipient any number of
// times, and a key that none of them names may be meant by any.
const maxTrials = 32

func newOpener(msg *cmscore.EnvelopedData, o *DecryptOptions) *opener {
	op := &opener{o: o, embedded: pkix.NewPool(parseCertificates(msg.Certificates).Certificates...)}
	for _, r := range o.Recipients {
		var p *pkix.Pool
		if r.Certificate != nil {
			p = pkix.NewPool(r.Certificate)
		}
		op.own = append(op.own, p)
	}
	var trials []addressed
	for i := range msg.Recipients {
		info := &msg.Recipients[i]
		if info.Kind != cmscore.KeyAgree {
			continue
		}
		for k := range info.Keys {
			found, maybe := op.match(info, &info.Keys[k])
			op.addressed = append(op.addressed, found...)
			trials = append(trials, maybe...)
			trials = trials[:min(len(trials), maxTrials)]
		}
	}
	if len(op.addressed) == 0 {
		op.addressed = trials
	}
	op.addressed = op.addressed[:min(len(op.addressed), maxTrials)]
	return op
}

// match finds the recipients that an encrypted key names, and those it may mean where the message
// names a certificate that nobody has: a key may have others than the one at hand, if any.
func (op *opener) match(info *cmscore.RecipientInfo, key *cmscore.RecipientKey) (found, maybe []addressed) {
	id := newCertificateID(key.ID)
	given := id.find(op.o.Certificates)
	for i, r := range op.o.Recipients {
		if r.Key == nil {
			continue
		}
		a := addressed{index: i, info: info, key: key}
		if r.Certificate != nil {
			a.sbox = r.Certificate.SBox
		}
		isOwn := func(cert *pkix.Certificate) bool { return r.Key.PublicKey().Equal(cert.PublicKey) }
		switch k := slices.IndexFunc(given, isOwn); {
		case len(id.find(op.own[i])) > 0:
			found = append(found, a)
		case k >= 0:
			a.sbox = given[k].SBox
			found = append(found, a)
		case id.SubjectKeyID != nil:
			if matchesKeyID(r.Key.PublicKey(), id.SubjectKeyID) {
				found = append(found, a)
			}
		case len(given) == 0:
			a.trial = true
			maybe = append(maybe, a)
		}
	}
	return found, maybe
}

func matchesKeyID(pub *dstu4145.PublicKey, id []byte) bool {
	return string(id) == string(pkix.KeyID(pub, nil)) || string(id) == string(pkix.KeyIDKupyna(pub))
}

// open recovers the content key and tells d who opened it. Of several failures it returns the
// one that the caller can do most about.
func (op *opener) open(d *Decrypter) ([]byte, error) {
	failure := ErrNoRecipient
	for _, a := range op.addressed {
		cek, sender, err := op.try(a)
		if err == nil {
			d.index, d.sender = a.index, sender
			return cek, nil
		}
		if a.trial && (errors.Is(err, ErrDecryption) || op.o.Recipients[a.index].Certificate != nil) {
			err = ErrNoRecipient
		}
		if usefulness(err) > usefulness(failure) {
			failure = err
		}
	}
	return nil, failure
}

func usefulness(err error) int {
	for i, target := range []error{ErrNoRecipient, ErrDecryption, ErrUnsupported, ErrNoSenderCertificate} {
		if errors.Is(err, target) {
			return i
		}
	}
	return -1
}

// try opens one encrypted key.
func (op *opener) try(a addressed) ([]byte, *pkix.Certificate, error) {
	ka, ok := alg.KeyAgreementByOID(a.info.Algorithm.OID)
	if !ok {
		return nil, nil, unsupported("key agreement", a.info.Algorithm.OID)
	}
	kw, ok := alg.KeyWrapByOID(a.info.Wrap.OID)
	if !ok {
		return nil, nil, unsupported("key wrap", a.info.Wrap.OID)
	}
	key := op.o.Recipients[a.index].Key
	if a.info.Originator.PublicKey != nil {
		pub, ok := ephemeralKey(&a.info.Originator, key.PublicKey().Curve())
		if !ok {
			return nil, nil, ErrDecryption
		}
		cek, err := unwrap(a, ka, kw, key, pub)
		return cek, nil, err
	}
	senders := op.senders(newCertificateID(a.info.Originator.ID))
	if len(senders) == 0 {
		return nil, nil, &SenderCertificateError{newCertificateID(a.info.Originator.ID)}
	}
	for _, cert := range senders {
		pub, ok := cert.PublicKey.(*dstu4145.PublicKey)
		if !ok {
			continue
		}
		if cek, err := unwrap(a, ka, kw, key, pub); err == nil {
			return cek, cert, nil
		}
	}
	return nil, nil, ErrDecryption
}

// senders returns the certificates that an originator may mean: those of the message, those
// given, and those of the recipients, who may be the senders.
func (op *opener) senders(id CertificateID) []*pkix.Certificate {
	list := append(id.find(op.embedded), id.find(op.o.Certificates)...)
	for _, p := range op.own {
		list = append(list, id.find(p)...)
	}
	return list[:min(len(list), maxCandidates)]
}

// ephemeralKey reads an OriginatorPublicKey. Its parameters are passed over, as writers put all
// sorts of things there: the curve is the recipient's. The octets are those of the identifier,
// little-endian unless it says otherwise.
func ephemeralKey(o *cmscore.Originator, curve *dstu4145.Curve) (*dstu4145.PublicKey, bool) {
	s, point := cryptobyte.String(o.PublicKey), cryptobyte.String(nil)
	if !s.ReadASN1(&point, cbasn1.OCTET_STRING) || !s.Empty() {
		return nil, false
	}
	named, _ := alg.SignatureByOID(o.Algorithm.OID)
	p := alg.KeyParams{Curve: curve, BigEndian: named.BigEndian}
	pub, err := p.DecodePoint(point)
	return pub, err == nil
}

// unwrap agrees on a key with the sender and opens the content key. Three tolerances: the key
// derivation may have been given the key wrap without its NULL (an older UAPKI), only the first of
// several leading zero octets of the secret may have been removed (jkurwa), and the wrap may have
// used DKE No. 1 although the certificate names another S-box.
func unwrap(a addressed, ka alg.KeyAgreement, kw alg.KeyWrap, key dstu4145.KeyExchanger, pub *dstu4145.PublicKey) ([]byte, error) {
	if pub.Curve() != key.PublicKey().Curve() {
		return nil, ErrDecryption
	}
	z, err := ka.Agree(key, pub)
	if err != nil || len(z) != pub.Curve().FieldSize() {
		return nil, ErrDecryption
	}
	for _, null := range []bool{true, false} {
		info := alg.SharedInfo(kw.OID, null, a.info.UKM)
		for _, derive := range []func(alg.KeyAgreement, []byte, []byte) ([]byte, error){alg.KeyAgreement.DeriveKEK, deriveOneZero} {
			kek, err := derive(ka, z, info)
			if err != nil {
				continue
			}
			for _, sbox := range a.sboxes() {
				if cek, err := kw.Unwrap(kek, a.key.EncryptedKey, sbox); err == nil {
					return cek, nil
				}
			}
		}
	}
	return nil, ErrDecryption
}

// sboxes returns the S-boxes that the content key may have been wrapped with.
func (a *addressed) sboxes() []*gost28147.SBox {
	if a.sbox == nil || a.sbox.Equal(gost28147.DKE1()) {
		return []*gost28147.SBox{nil}
	}
	return []*gost28147.SBox{a.sbox, nil}
}

// deriveOneZero is DeriveKEK of GOST 34.311 but that it removes at most one leading zero octet of
// z.
func deriveOneZero(ka alg.KeyAgreement, z, sharedInfo []byte) ([]byte, error) {
	if !ka.Digest.Equal(alg.OIDGOST34311) {
		return nil, ErrUnsupported
	}
	h, err := alg.NewHash(ka.Digest, nil)
	if err != nil {
		return nil, err
	}
	d := h()
	d.Write(z[subtle.ConstantTimeByteEq(z[0], 0):])
	d.Write([]byte{0, 0, 0, 1})
	d.Write(sharedInfo)
	return d.Sum(nil)[:32], nil
}
