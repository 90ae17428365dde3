package alg_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
)

// foreign is a key outside the module that answers as it likes.
type foreign struct {
	dstu4145.KeyExchanger
	z   []byte
	err error
}

func (f foreign) ECDH(*dstu4145.PublicKey) ([]byte, error)         { return f.z, f.err }
func (f foreign) CofactorECDH(*dstu4145.PublicKey) ([]byte, error) { return f.z, f.err }

func TestForeignExchanger(t *testing.T) {
	curve := dstu4145.M257PB()
	key, err := curve.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	size := curve.FieldSize()
	one := make([]byte, size)
	one[size-1] = 1
	device := errors.New("device")
	for _, oid := range [][]int{alg.OIDCofactorDHGOST, alg.OIDStdDHGOST, alg.OIDCofactorDHKupyna, alg.OIDStdDHKupyna} {
		scheme, ok := alg.KeyAgreementByOID(oid)
		if !ok {
			t.Fatal(oid)
		}
		for name, z := range map[string][]byte{
			"nil": nil, "empty": {}, "short": one[1:], "long": append([]byte{0}, one...), "zero": make([]byte, size),
		} {
			if got, err := scheme.Agree(foreign{key, z, nil}, key.PublicKey()); got != nil || !errors.Is(err, alg.ErrSharedSecret) {
				t.Errorf("%v: %s: %x, %v", oid, name, got, err)
			}
		}
		if got, err := scheme.Agree(foreign{key, one, device}, key.PublicKey()); got != nil || !errors.Is(err, device) {
			t.Errorf("%v: error of the key: %x, %v", oid, got, err)
		}
		if got, err := scheme.Agree(foreign{key, one, nil}, key.PublicKey()); err != nil || !bytes.Equal(got, one) {
			t.Errorf("%v: right: %x, %v", oid, got, err)
		}
		for _, z := range [][]byte{nil, {}} {
			if kek, err := scheme.DeriveKEK(z, nil); kek != nil || !errors.Is(err, alg.ErrSharedSecret) {
				t.Errorf("%v: a key from nothing: %x, %v", oid, kek, err)
			}
		}
	}
}
