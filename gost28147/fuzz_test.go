package gost28147_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/impl"
)

// FuzzModes compares all modes of every implementation with the reference, cut at two places.
func FuzzModes(f *testing.F) {
	f.Fuzz(func(t *testing.T, key, iv, msg []byte, cut1, cut2 uint16, dke uint8) {
		if len(key) != gost28147.KeySize || len(iv) != gost28147.BlockSize {
			return
		}
		s, err := gost28147.DKE(1 + int(dke)%10)
		if err != nil {
			t.Fatal(err)
		}
		i := int(cut1) % (len(msg) + 1)
		j := i + int(cut2)%(len(msg)-i+1)
		for _, name := range impl.Names("internal/gost89") {
			restore := impl.TestingOnlySelect(name)
			compareModes(t, s, key, iv, [][]byte{msg[:i], msg[i:j], msg[j:]})
			restore()
		}
	})
}

// compareModes compares the modes over a message in parts with the reference.
func compareModes(t *testing.T, s *gost28147.SBox, key, iv []byte, parts [][]byte) {
	b, ref, msg := mustCipher(t, key, s), newNaive(key, s), slices.Concat(parts...)
	stream := func(f newStream) []byte {
		out, s := bytes.Clone(msg), mustStream(t, f, b, iv)
		at := 0
		for _, p := range parts {
			s.XORKeyStream(out[at:], p)
			at += len(p)
		}
		return out
	}
	checkBytes(t, "CTR", stream(gost28147.NewCTR), ref.ctr(iv, msg))
	checkBytes(t, "CFB encryption", stream(gost28147.NewCFBEncrypter), ref.cfb(iv, msg, false))
	checkBytes(t, "CFB decryption", stream(gost28147.NewCFBDecrypter), ref.cfb(iv, msg, true))
	m, err := gost28147.NewMAC8(key, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		m.Write(p)
	}
	checkBytes(t, "MAC", m.Sum(nil), ref.mac(msg))
	enc, err := gost28147.NewECBEncrypter(b)
	if err != nil {
		t.Fatal(err)
	}
	blocks := bytes.Clone(msg[:len(msg)/gost28147.BlockSize*gost28147.BlockSize])
	enc.CryptBlocks(blocks, blocks)
	for i := 0; i < len(blocks); i += gost28147.BlockSize {
		checkBytes(t, "ECB", blocks[i:i+gost28147.BlockSize], ref.encrypt(msg[i:i+gost28147.BlockSize]))
	}
}

// FuzzParseDKE checks that what parses is written as it was, and works.
func FuzzParseDKE(f *testing.F) {
	f.Fuzz(func(t *testing.T, packed []byte) {
		s, err := gost28147.ParseDKE(packed)
		if err != nil {
			if s != nil {
				t.Error("a substitution block with an error")
			}
			return
		}
		checkBytes(t, "packed form", s.DKE(), packed)
		got := make([]byte, gost28147.BlockSize)
		mustCipher(t, testKey, s).Encrypt(got, testIV)
		checkBytes(t, "block", got, newNaive(testKey, s).encrypt(testIV))
	})
}

// FuzzUnwrap checks that what unwraps wraps to the same bytes, and that all else is one error.
func FuzzUnwrap(f *testing.F) {
	f.Fuzz(func(t *testing.T, kek, wrapped []byte) {
		cek, err := gost28147.Unwrap(kek, wrapped, nil)
		if err != nil {
			if cek != nil || err != gost28147.ErrUnwrap {
				t.Errorf("Unwrap = %x, %v", cek, err)
			}
			return
		}
		// The inner IV is what the reference finds under the outer layer.
		inner := newNaive(kek, gost28147.DKE1()).cfb(fixedWrap, wrapped, true)
		iv := make([]byte, gost28147.BlockSize)
		for i := range iv {
			iv[i] = inner[len(inner)-1-i]
		}
		again, err := gost28147.Wrap(bytes.NewReader(iv), kek, cek, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkBytes(t, "wrapped again", again, wrapped)
	})
}
