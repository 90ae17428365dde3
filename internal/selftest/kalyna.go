package selftest

import (
	"cmp"
	"crypto/cipher"
	"fmt"

	"github.com/ukrcrypto/dstu/kalyna"
)

// block is the cipher of a variant such as "128/256".
func block(variant string, key []byte) (cipher.Block, error) {
	var block, bits int
	if _, err := fmt.Sscanf(variant, "%d/%d", &block, &bits); err != nil || bits != 8*len(key) {
		return nil, fmt.Errorf("no variant %q", variant)
	}
	switch block {
	case 128:
		return kalyna.New128(key)
	case 256:
		return kalyna.New256(key)
	}
	return kalyna.New512(key)
}

func (v symmetric) kalyna() error {
	b, err := block(v.Variant, v.Key)
	if err != nil {
		return err
	}
	if v.Mode == "gcm" {
		return v.gcm(b)
	}
	enc, dec, err := v.kalynaMode(b)
	if err != nil {
		return err
	}
	return both(enc, dec, v.PT, v.CT)
}

func (v symmetric) kalynaMode(b cipher.Block) (enc, dec coder, err error) {
	var err2 error
	switch v.Mode {
	case "ecb":
		enc, err = blockMode(kalyna.NewECBEncrypter(b))
		dec, err2 = blockMode(kalyna.NewECBDecrypter(b))
	case "cbc":
		enc, err = blockMode(kalyna.NewCBCEncrypter(b, v.IV))
		dec, err2 = blockMode(kalyna.NewCBCDecrypter(b, v.IV))
	case "ctr":
		enc, err = stream(kalyna.NewCTR(b, v.IV))
		dec, err2 = stream(kalyna.NewCTR(b, v.IV))
	default:
		x, err := kalyna.NewXTS(b)
		if err != nil {
			return nil, nil, err
		}
		// Where a call fails the result stays as it was, and is wrong.
		enc = func(dst, src []byte) { _ = x.Encrypt(dst, src, v.IV) }
		dec = func(dst, src []byte) { _ = x.Decrypt(dst, src, v.IV) }
	}
	return enc, dec, cmp.Or(err, err2)
}

func (v symmetric) gcm(b cipher.Block) error {
	a, err := kalyna.NewGCM(b, len(v.Tag))
	if err != nil {
		return err
	}
	sealed := a.Seal(nil, v.IV, v.PT, v.AAD)
	if err := same(sealed, append(v.CT[:len(v.CT):len(v.CT)], v.Tag...)); err != nil {
		return err
	}
	pt, err := a.Open(nil, v.IV, sealed, v.AAD)
	if err := cmp.Or(err, same(pt, v.PT)); err != nil {
		return err
	}
	sealed[0] ^= 1
	if _, err := a.Open(nil, v.IV, sealed, v.AAD); err == nil {
		return errAnswer
	}
	return nil
}

func (v symmetric) kalynaBulk(data []byte) ([]byte, error) {
	b, err := block(v.Variant, v.Key)
	if err != nil {
		return nil, err
	}
	if v.Mode == "gcm" {
		a, err := kalyna.NewGCM(b, len(v.Tag))
		if err != nil {
			return nil, err
		}
		return a.Seal(nil, v.IV, data, data), nil
	}
	enc, dec, err := v.kalynaMode(b)
	if err != nil {
		return nil, err
	}
	return bothWays(enc, dec, data), nil
}

func (v digest) cmac() error {
	b, err := block(v.Variant, v.Key)
	if err != nil {
		return err
	}
	m, err := kalyna.NewCMAC(b, len(v.MAC))
	if err != nil {
		return err
	}
	m.Write(v.Msg)
	got, err := m.Sum(nil)
	return cmp.Or(err, same(got, v.MAC))
}
