package selftest

import (
	"cmp"
	"crypto/cipher"
	"fmt"

	"github.com/ukrcrypto/dstu/kalyna"
)

// blockSize is the length of a block of a variant such as "128/256" in octets, 0 if it is none.
func blockSize(variant string) int {
	var block, key int
	if _, err := fmt.Sscanf(variant, "%d/%d", &block, &key); err != nil {
		return 0
	}
	return block / 8
}

// block is the cipher of a variant.
func block(variant string, key []byte) (cipher.Block, error) {
	switch blockSize(variant) {
	case kalyna.BlockSize128:
		return kalyna.New128(key)
	case kalyna.BlockSize256:
		return kalyna.New256(key)
	case kalyna.BlockSize512:
		return kalyna.New512(key)
	}
	return nil, fmt.Errorf("no variant %q", variant)
}

func (v symmetric) kalyna() error {
	b, err := block(v.Variant, v.Key)
	if err != nil {
		return err
	}
	switch v.Mode {
	case "gcm", "ccm":
		return v.aead(b)
	case "kw":
		return v.kw()
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
	case "cfb":
		enc, err = feedback(kalyna.NewCFBEncrypter(b, v.IV, b.BlockSize()))
		dec, err2 = feedback(kalyna.NewCFBDecrypter(b, v.IV, b.BlockSize()))
	case "ofb":
		enc, err = stream(kalyna.NewOFB(b, v.IV))
		dec, err2 = stream(kalyna.NewOFB(b, v.IV))
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

func feedback(c *kalyna.CFB, err error) (coder, error) { return stream(c, err) }

// newAEAD returns GCM, or CCM with length fields of four octets, the tag of which the vectors have
// at the end of the ciphertext.
func (v symmetric) newAEAD(b cipher.Block) (cipher.AEAD, error) {
	if v.Mode == "ccm" {
		return kalyna.NewCCM(b, 4, len(v.CT)-len(v.PT))
	}
	return kalyna.NewGCM(b, len(v.Tag))
}

func (v symmetric) aead(b cipher.Block) error {
	a, err := v.newAEAD(b)
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

func (v symmetric) kw() error {
	w, err := kalyna.NewKW(blockSize(v.Variant), v.Key)
	if err != nil {
		return err
	}
	ct, err := w.Wrap(v.PT)
	if err := cmp.Or(err, same(ct, v.CT)); err != nil {
		return err
	}
	pt, err := w.Unwrap(v.CT)
	return cmp.Or(err, same(pt, v.PT))
}

func (v symmetric) kalynaBulk(data []byte) ([]byte, error) {
	b, err := block(v.Variant, v.Key)
	if err != nil {
		return nil, err
	}
	switch v.Mode {
	case "gcm", "ccm":
		a, err := v.newAEAD(b)
		if err != nil {
			return nil, err
		}
		return a.Seal(nil, v.IV, data, data), nil
	case "kw":
		w, err := kalyna.NewKW(blockSize(v.Variant), v.Key)
		if err != nil {
			return nil, err
		}
		return w.Wrap(data[:4*b.BlockSize()])
	}
	enc, dec, err := v.kalynaMode(b)
	if err != nil {
		return nil, err
	}
	return bothWays(enc, dec, data), nil
}

func (v digest) cmac() error { return v.code(kalyna.NewCMAC) }
func (v digest) gmac() error { return v.code(kalyna.NewGMAC) }

func (v digest) code(newMAC func(cipher.Block, int) (*kalyna.MAC, error)) error {
	b, err := block(v.Variant, v.Key)
	if err != nil {
		return err
	}
	m, err := newMAC(b, len(v.MAC))
	if err != nil {
		return err
	}
	m.Write(v.Msg)
	got, err := m.Sum(nil)
	return cmp.Or(err, same(got, v.MAC))
}
