package dstu4145_test

import (
	"bytes"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/ukrcrypto/dstu/dstu4145"
)

func TestLaws(t *testing.T) {
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		// Private keys are often close to a power of two.
		key := gen.SliceOfN(c.ScalarSize(), gen.Weighted([]gen.WeightedGen{
			{Weight: 2, Gen: gen.Const(byte(0))}, {Weight: 2, Gen: gen.Const(byte(0xff))}, {Weight: 3, Gen: gen.UInt8()},
		})).Map(func(b []byte) *dstu4145.PrivateKey {
			k, err := c.ReducePrivateKey(b)
			if err != nil {
				k, err = c.ReducePrivateKey([]byte{1})
			}
			if err != nil {
				t.Fatal(err)
			}
			return k
		})
		digest := gen.SliceOf(gen.UInt8()).Map(func(b []byte) []byte { return append(b, 1) }) // not empty

		params := gopter.DefaultTestParametersWithSeed(4145)
		params.MinSuccessfulTests = cases(20)
		p := gopter.NewProperties(params)
		p.Property("what is signed verifies", prop.ForAll(func(k *dstu4145.PrivateKey, digest []byte, seed uint64) bool {
			sig, err := k.Sign(seeded(seed), digest, nil)
			return err == nil && dstu4145.Verify(k.PublicKey(), digest, sig)
		}, key, digest, gen.UInt64()))
		p.Property("one bit of the signature decides", prop.ForAll(func(k *dstu4145.PrivateKey, digest []byte, at uint) bool {
			sig, err := k.Sign(nil, digest, nil)
			if err != nil {
				return false
			}
			at %= uint(8 * len(sig))
			sig[at/8] ^= 1 << (at % 8)
			return !dstu4145.Verify(k.PublicKey(), digest, sig)
		}, key, digest, gen.UInt()))
		p.Property("both sides agree", prop.ForAll(func(a, b *dstu4145.PrivateKey) bool {
			for _, agree := range []func(dstu4145.KeyExchanger, *dstu4145.PublicKey) ([]byte, error){
				dstu4145.KeyExchanger.ECDH, dstu4145.KeyExchanger.CofactorECDH,
			} {
				za, errA := agree(a, b.PublicKey())
				zb, errB := agree(b, a.PublicKey())
				if errA != nil || errB != nil || !bytes.Equal(za, zb) || len(za) != c.FieldSize() {
					return false
				}
			}
			return true
		}, key, key))
		p.Property("the cofactor multiplies the key", prop.ForAll(func(a, b *dstu4145.PrivateKey) bool {
			hd := a.Bytes()
			for range c.Cofactor() / 2 { // 2 or 4: doublings
				hd = double(hd)
			}
			ha, err := c.ReducePrivateKey(hd)
			if err != nil {
				return false
			}
			z1, err1 := a.CofactorECDH(b.PublicKey())
			z2, err2 := ha.ECDH(b.PublicKey())
			return err1 == nil && err2 == nil && bytes.Equal(z1, z2)
		}, key, key))
		p.Property("keys come back", prop.ForAll(func(k *dstu4145.PrivateKey) bool {
			again, err := c.NewPrivateKey(k.Bytes())
			if err != nil || !again.Equal(k) || !again.PublicKey().Equal(k.PublicKey()) {
				return false
			}
			q, err := c.NewPublicKey(k.PublicKey().Bytes())
			return err == nil && q.Equal(k.PublicKey())
		}, key))
		p.TestingRun(t)
	})
}

func double(b []byte) []byte {
	out := make([]byte, len(b)+1)
	var carry byte
	for i := len(b) - 1; i >= 0; i-- {
		out[i+1] = b[i]<<1 | carry
		carry = b[i] >> 7
	}
	out[0] = carry
	return out
}
