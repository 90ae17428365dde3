package drbg_test

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/drbg"
)

func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// reference is HMAC_DRBG written once more, over crypto/hmac: instantiate, then one request.
func reference(seed []byte, n int) []byte {
	k, v := make([]byte, 32), bytes.Repeat([]byte{1}, 32)
	k = mac(k, v, []byte{0}, seed)
	v = mac(k, v)
	k = mac(k, v, []byte{1}, seed)
	v = mac(k, v)
	var out []byte
	for len(out) < n {
		v = mac(k, v)
		out = append(out, v...)
	}
	return out[:n]
}

func TestAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for seedLen := 1; seedLen < 300; seedLen++ {
		seed := make([]byte, seedLen)
		for i := range seed {
			seed[i] = byte(r.Uint32())
		}
		want := reference(seed, 700)
		cut := r.IntN(seedLen + 1)
		d := drbg.New(seed[:cut], nil, seed[cut:])
		var got []byte
		for len(got) < len(want) {
			piece := make([]byte, min(r.IntN(150), len(want)-len(got)))
			d.Fill(piece)
			got = append(got, piece...)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("seed of %d bytes: %x, want %x", seedLen, got, want)
		}
	}
}

// TestRFC6979 uses that the nonces of RFC 6979 are the output of this generator for the seed
// x ‖ h (section 3.3 of SP 800-90A and 3.2 of the RFC): appendix A.2.5 and A.2.7, SHA-256.
func TestRFC6979(t *testing.T) {
	for _, c := range []struct {
		name, x, message, k string
		curve               elliptic.Curve
	}{
		{"P-256", "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", "sample",
			"A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60", elliptic.P256()},
		{"P-521", "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538", "sample",
			"00EDF38AFCAAECAB4383358B34D67C9F2216C8382AAEA44A3DAD5FDC9C32575761793FEF24EB0FC276DFC4F6E3EC476752F043CF01415387470BCBD8678ED2C7E1A0", elliptic.P521()},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, _ := hex.DecodeString(c.x)
			want, _ := hex.DecodeString(c.k)
			digest := sha256.Sum256([]byte(c.message))
			d := drbg.New(x, bitsToOctets(digest[:], c.curve.Params().N))
			k := make([]byte, len(want))
			d.Fill(k)
			if bits := c.curve.Params().N.BitLen(); bits%8 != 0 { // bits2int: the leftmost bits count
				v := new(big.Int).SetBytes(k)
				v.Rsh(v, uint(8-bits%8)).FillBytes(k)
			}
			if !bytes.Equal(k, want) {
				t.Errorf("k = %X, want %X", k, want)
			}
		})
	}
}

func bitsToOctets(digest []byte, n *big.Int) []byte {
	z := new(big.Int).SetBytes(digest)
	if extra := 8*len(digest) - n.BitLen(); extra > 0 {
		z.Rsh(z, uint(extra))
	}
	return z.Mod(z, n).FillBytes(make([]byte, (n.BitLen()+7)/8))
}

// TestAgainstDeterministicECDSA takes the standard library as oracle: r of its deterministic
// signatures is the abscissa of k·G.
func TestAgainstDeterministicECDSA(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	n := elliptic.P256().Params().N
	for i := range 200 {
		x := make([]byte, 32)
		for j := range x {
			x[j] = byte(r.Uint32())
		}
		x[0] &= 0x7f
		key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), x)
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(fmt.Appendf(nil, "message %d", i))
		der, err := key.Sign(nil, digest[:], crypto.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		var sig struct{ R, S *big.Int }
		if _, err := asn1.Unmarshal(der, &sig); err != nil {
			t.Fatal(err)
		}

		d := drbg.New(x, bitsToOctets(digest[:], n))
		k := make([]byte, 32)
		d.Fill(k)
		point, err := ecdh.P256().NewPrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		rx := new(big.Int).SetBytes(point.PublicKey().Bytes()[1:33])
		if rx.Mod(rx, n).Cmp(sig.R) != 0 {
			t.Fatalf("case %d: k = %x gives r = %x, want %x", i, k, rx, sig.R)
		}
	}
}

func TestRequestLimit(t *testing.T) {
	d := drbg.New([]byte("seed"))
	d.Fill(make([]byte, 1<<16-1))
	d.Fill(make([]byte, 1))
	defer func() {
		if recover() == nil {
			t.Error("a request of more than 64 KiB is served")
		}
	}()
	d.Fill(make([]byte, 1))
}

func TestNoAllocation(t *testing.T) {
	seed := make([]byte, 100)
	var out [80]byte
	if got := testing.AllocsPerRun(100, func() {
		d := drbg.New(seed, nil, seed[:10])
		d.Fill(out[:])
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkNonce(b *testing.B) {
	seed := make([]byte, 161)
	var out [32]byte
	for b.Loop() {
		d := drbg.New(seed)
		d.Fill(out[:])
	}
}
