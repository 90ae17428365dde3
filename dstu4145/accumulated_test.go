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
// points in López–Dahab coordinates, KBKDFHMAC of the Python package cryptography for the nonces,
// its input as the comments of this package state it. Inputs are the output of SHAKE128 for the
// name of the curve: 72 bytes reduced to a private key, then a digest of 1 + i mod 100 bytes.
func TestAccumulated(t *testing.T) {
	sums := map[string]string{
		"M163_PB":  "bc490d6496be40e27c6cb7db6f3eaa2270d182982d53599b4ed9aa9d035ad1b1",
		"M167_PB":  "779cb19cc9f056f1e2baae2eba657d84586bd3f67f0ef2ebca454767edd570cd",
		"M173_PB":  "bcacc75018cc5a0558a26662acecace314c5a7e1ce916264320dde404143dcea",
		"M179_PB":  "3bd7631ec9061c94207f4387fe6a0c901e2942933cc236a0d415313f22509aa7",
		"M191_PB":  "65d69d5ef04e8d5a916e6fbecc2c1ce99ebd5d6851ad41ef9b9e973a767fa547",
		"M233_PB":  "68874de2020509d6b5d98762bcbf253e6ac2d734e11c6eb6cefc14c04455cda7",
		"M257_PB":  "e31a661b822171f321d3094200eec907a931f021df228418953d43f5aa842fdb",
		"M307_PB":  "39b8a05b795c57d4ec53d2394300cdc043f0ebe3e9361b0bd8f675824574a6a3",
		"M367_PB":  "22fe99ec3248cb2251c9647ad54a074e962a65aa12de710d77effcd00d9577c9",
		"M431_PB":  "5594c89c26febd90dfa2649b7f398baf6c1a4eab2d39c5fcb5b3a663912b612b",
		"M571_PB":  "ce5c9460436ebc20e18e724ecd7cb1263c81d865c2ad7c64236daf0ec7493898",
		"M173_ONB": "fafde93d61f3c686445740422372a2727ded59913bdbe0ca40640d8d34e8a433",
		"M179_ONB": "5acd58a04af391d15ceb8a84c8f12d0a4b57a572d2f0f807d3d3084855ad4922",
		"M191_ONB": "945095f1f81156450ffea272202fae71942727953a908c7d8ec2b540c236fc72",
		"M233_ONB": "8ced5a9484f8f1f2d558bbd928b1b731d2b6fe30bea27965b583f38707cf66fc",
		"M431_ONB": "d4386789fd02bac7795dd90708526c382b2fed4eca745eb731e81413343eca08",
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
