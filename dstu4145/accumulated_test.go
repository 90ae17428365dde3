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
// points in López–Dahab coordinates, HMAC_DRBG over the standard library of Python, the seed as the comments of
// this package state it. Inputs are the output of SHAKE128 for the name of the curve: 72 bytes
// reduced to a private key, then a digest of 1 + i mod 100 bytes.
func TestAccumulated(t *testing.T) {
	sums := map[string]string{
		"M163_PB": "52c4191d9bb1ad665c3009f586d1f02e8a024f3feca884f1301616792e2d7c78",
		"M167_PB": "118e18fbca321270e924c660beea089f3e2e1be1c273788e55fcbd6a133147f0",
		"M173_PB": "22adc7ff2c7259075cbac916de0193238a65a809ddc3403d1c7db399fa51161f",
		"M179_PB": "96d963f19e041f665bfdd28528a88263bb1644a7c335f6b2f1e87c9cbb84b299",
		"M191_PB": "1a2c4c7e45d80470e9a5162d352d0e19f34309b80a59f6788088066389ff62ad",
		"M233_PB": "4b50c529b26845741e09ab26ac6275fea759a7615241499e6ff65cf9dd8f56d4",
		"M257_PB": "3511f28d226fc679ced6f5af2cffe5634ef153bb70b0c6f93748f99b9f151c33",
		"M307_PB": "c853c4f305a173fb177835d2232f6461bcdcb902f88ba5fdcf66e1fdc68bd31c",
		"M367_PB": "1ab6a5fe3401a10308eb2120343b736e5de71e54051afc260224842936c9ccd1",
		"M431_PB": "7c4d987d2236016924458c799a8c7f9854e06ac17c451a055b6322321a60d770",
		"M571_PB": "ea098dca31dc47992366c0bb819858fea8b83d8c8e39ba0008a6dd3704c33c98",
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
			sig, err := k.Sign(nil, randomBytes(in, 1+i%100), nil)
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
