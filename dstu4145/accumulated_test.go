package dstu4145_test

import (
	"crypto/sha256"
	"crypto/sha3"
	"encoding/hex"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// TestAccumulated hashes 100 key pairs and deterministic signatures of every curve. The digests
// were made by a second implementation that shares nothing with this one: Python integers,
// affine points, HMAC_DRBG over the standard library of Python, the seed as the comments of
// this package state it. Inputs are the output of SHAKE128 for the name of the curve: 72 bytes
// reduced to a private key, then a digest of i mod 101 bytes.
func TestAccumulated(t *testing.T) {
	sums := map[string]string{
		"M163_PB": "3725d33cf077f83f566f1d959e139a4d912ba8c7eb6822a2368705a83fcde2cc",
		"M167_PB": "1c8b8350d90e087fd72652f4135a0a4462e5ba903002d04a024c66ed398c50f6",
		"M173_PB": "f1a4bb080bf4ade26f60a4b5b3357f25c5b28cba6bb5d68bae21f2d65ede0ce5",
		"M179_PB": "447c7e3d89123bf5b9646f04b3f503233f0859d964c89d8c0ee239dc64640c8b",
		"M191_PB": "8bd364d16460728c00e7727e5383ca1d4f9b9985668c005d87f58a49d6f380b0",
		"M233_PB": "b3e1a197ed284e6dc6e80af5aef0832fe93fba10c89ca48a780cc3f1ddbdb662",
		"M257_PB": "1af3ca27aefaabcdc512e9b008c681d7d331a0f2c06cec702ff780e5da19138f",
		"M307_PB": "0c76b0e3c86b6c56819198f0542f872fd17ecb067f9b9a634a4e598b12c595d2",
		"M367_PB": "6a04474884f2164a8f26bbfecb4c9b110ae0315f5be45e98827a35e0bd77a821",
		"M431_PB": "8a0c8dd43c3bf256f5fd71834128371d50c294e9dd8b04376e50ce67b2ea3434",
		"M571_PB": "9209e28d2a09453538b4b3ca82d27c01bc90862374fc341f179840bd32d0b59d",
	}
	forEachCurve(t, func(t *testing.T, c *dstu4145.Curve) {
		in, out := sha3.NewSHAKE128(), sha256.New()
		in.Write([]byte(c.Name()))
		for i := range 100 {
			k, err := c.ReducePrivateKey(randomBytes(in, 72))
			if err != nil {
				t.Fatal(err)
			}
			x, y := k.PublicKey().BytesAffine()
			out.Write(x)
			out.Write(y)
			sig, err := k.Sign(nil, randomBytes(in, i%101), nil)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(sig)
		}
		if got := hex.EncodeToString(out.Sum(nil)); got != sums[c.Name()] {
			t.Errorf("digest %s, want %s", got, sums[c.Name()])
		}
	})
}
