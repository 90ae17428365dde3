package keystore

import (
	"crypto/subtle"
	"encoding/asn1"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/cp1251"
	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
)

// oidKey6 is the encryption of the classic Key-6.dat.
var oidKey6 = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 19398, 1, 1, 1, 2}

const (
	key6MACSize = 4
	key6Block   = gost28147.BlockSize
)

// key6 reads the classic Key-6.dat of IIT: a PrivateKeyInfo encrypted block by block, with a MAC.
func (op *opener) key6(blob []byte) error {
	r := der.New(blob, "key6")
	seq := r.Sequence("")
	algorithm := seq.Sequence("algorithm")
	oid, raw := algorithm.RawOID("algorithm")
	if algorithm.Err() == nil && !oid.Equal(oidKey6) {
		return &UnsupportedError{FormatKey6, "container kind " + der.FormatOID(raw)}
	}
	params := algorithm.Sequence("parameters")
	algorithm.End()
	mac := params.OctetString("mac")
	var pad []byte
	if !params.Empty() {
		pad = params.OctetString("pad")
	}
	params.End()
	body := seq.OctetString("body")
	seq.End()
	if r.Err() == nil && (len(mac) != key6MACSize || len(pad) >= key6Block || len(body) == 0 || (len(body)+len(pad))%key6Block != 0) {
		r.Failf("", "mac of %d octets, pad of %d, body of %d", len(mac), len(pad), len(body))
	}
	if err := r.End(); err != nil {
		return malformed(err)
	}
	if op.iitKey == nil {
		octets, ok := cp1251.Encode(op.password)
		if !ok {
			return ErrPassword // no container can have been made with it
		}
		op.iitKey = pbe.IITKey(octets)
	}
	plain, err := openKey6(op.iitKey, mac, pad, body)
	if err != nil {
		return err
	}
	return op.privateKey(plain, source{encrypted: true, authentic: true})
}

// openKey6 decrypts body and checks the MAC; whatever fails is [ErrPassword].
func openKey6(key, mac, pad, body []byte) ([]byte, error) {
	block, err := gost28147.NewCipher(key, gost28147.DKE1())
	if err != nil {
		return nil, err
	}
	plain := append(append(make([]byte, 0, len(body)+len(pad)), body...), pad...)
	for b := plain; len(b) > 0; b = b[key6Block:] {
		block.Decrypt(b, b)
	}
	h, err := gost28147.NewMAC(key, gost28147.DKE1())
	if err != nil {
		return nil, err
	}
	h.Write(plain[:len(body)])
	var tail byte
	for _, c := range plain[len(body):] {
		tail |= c
	}
	right := subtle.ConstantTimeCompare(h.Sum(nil), mac) & subtle.ConstantTimeByteEq(tail, 0)
	if right != 1 {
		return nil, ErrPassword
	}
	return plain[:len(body)], nil
}
