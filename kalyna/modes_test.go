package kalyna_test

import (
	"bytes"
	"crypto/cipher"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukrcrypto/dstu/internal/cryptotest"
	"github.com/ukrcrypto/dstu/kalyna"
)

// input is what the comparison with the reference takes.
type input struct {
	block     int
	key, iv   []byte
	msg, data []byte
	cut       int // where the message is cut
}

// newInput fits its arguments to a variant.
func newInput(variant int, key, iv, msg, data []byte, cut int) input {
	v := variants[variant%len(variants)]
	fit := func(b []byte, n int) []byte { return append(bytes.Clone(b), make([]byte, n)...)[:n] }
	return input{v.block, fit(key, v.key), fit(iv, v.block), msg, data, cut % (len(msg) + 1)}
}

func (in *input) cipher() cipher.Block {
	switch in.block {
	case 16:
		return must(kalyna.New128(in.key))
	case 32:
		return must(kalyna.New256(in.key))
	}
	return must(kalyna.New512(in.key))
}

// whole returns n rounded down to blocks.
func (in *input) whole(n int) int { return n - n%in.block }

// run sends the message through f in two parts, in place.
func run(f func(dst, src []byte), msg []byte, cut int) []byte {
	b := bytes.Clone(msg)
	f(b[:cut], b[:cut])
	f(b[cut:], b[cut:])
	return b
}

// compare runs all modes and the reference.
func compare(t *testing.T, in input) {
	t.Helper()
	b, ref := in.cipher(), newNaive(in.block, in.key)
	whole, cut := in.msg[:in.whole(len(in.msg))], min(in.whole(in.cut), in.whole(len(in.msg)))

	ecb := run(must(kalyna.NewECBEncrypter(b)).CryptBlocks, whole, cut)
	checkBytes(t, "ECB", ecb, ref.ecb(whole))
	checkBytes(t, "ECB decrypted", run(must(kalyna.NewECBDecrypter(b)).CryptBlocks, ecb, cut), whole)
	cbc := run(must(kalyna.NewCBCEncrypter(b, in.iv)).CryptBlocks, whole, cut)
	checkBytes(t, "CBC", cbc, ref.cbc(in.iv, whole))
	checkBytes(t, "CBC decrypted", run(must(kalyna.NewCBCDecrypter(b, in.iv)).CryptBlocks, cbc, cut), whole)

	checkBytes(t, "CTR", run(must(kalyna.NewCTR(b, in.iv)).XORKeyStream, in.msg, in.cut), ref.ctr(in.iv, in.msg))
	checkBytes(t, "OFB", run(must(kalyna.NewOFB(b, in.iv)).XORKeyStream, in.msg, in.cut), ref.ofb(in.iv, in.msg))
	for _, q := range []int{1, 8, 16, 32, 64} {
		if q > in.block || q == 1 && len(in.msg) > 200 {
			continue
		}
		cut := in.cut - in.cut%q
		cfb := run(must(kalyna.NewCFBEncrypter(b, in.iv, q)).XORKeyStream, in.msg, cut)
		checkBytes(t, "CFB", cfb, ref.cfb(in.iv, in.msg, q))
		checkBytes(t, "CFB decrypted", run(must(kalyna.NewCFBDecrypter(b, in.iv, q)).XORKeyStream, cfb, cut), in.msg)
	}
	if len(in.msg) > 0 {
		tagSize := 8 + in.cut%(in.block-7)
		checkBytes(t, "CMAC", sum(must(kalyna.NewCMAC(b, tagSize)), in), ref.cmac(in.msg, tagSize))
		checkBytes(t, "GMAC", sum(must(kalyna.NewGMAC(b, tagSize)), in), ref.gmac(in.msg, nil, tagSize))
		gcm := must(kalyna.NewGCM(b, tagSize))
		compareAEAD(t, "GCM", gcm, in, ref.gcm(in.iv, in.msg, in.data, tagSize))
		nb, tagSize := 2+in.cut%13, []int{8, 16, 32, 48, 64}[in.cut%5]
		ccm := must(kalyna.NewCCM(b, nb, min(tagSize, in.block)))
		compareAEAD(t, "CCM", ccm, in, ref.ccm(in.iv, in.msg, in.data, nb, min(tagSize, in.block)))
	}
	if len(in.msg) >= in.block {
		x, buf := must(kalyna.NewXTS(b)), bytes.Clone(in.msg)
		must(0, x.Encrypt(buf, buf, in.iv))
		checkBytes(t, "XTS", buf, ref.xts(in.iv, in.msg))
		must(0, x.Decrypt(buf, buf, in.iv))
		checkBytes(t, "XTS decrypted", buf, in.msg)
	}
	compareKW(t, in, ref)
}

func sum(m *kalyna.MAC, in input) []byte {
	m.Write(in.msg[:in.cut])
	m.Write(in.msg[in.cut:])
	return must(m.Sum(nil))
}

func compareAEAD(t *testing.T, name string, a cipher.AEAD, in input, want []byte) {
	t.Helper()
	sealed := a.Seal(nil, in.iv, in.msg, in.data)
	checkBytes(t, name, sealed, want)
	opened, err := a.Open(sealed[:0], in.iv, sealed, in.data)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	checkBytes(t, name+" opened", opened, in.msg)
}

// compareKW takes the first two blocks of the message: the mode is free of tables, and slow.
func compareKW(t *testing.T, in input, ref *naive) {
	t.Helper()
	msg := in.msg[:min(len(in.msg), 2*in.block)]
	w := must(kalyna.NewKW(in.block, in.key))
	if n := in.whole(len(msg)); n > 0 {
		wrapped := must(w.Wrap(msg[:n]))
		checkBytes(t, "KW", wrapped, ref.kw(msg[:n]))
		checkBytes(t, "KW unwrapped", must(w.Unwrap(wrapped)), msg[:n])
	}
	if len(msg)%in.block > 0 {
		wrapped := must(w.WrapPadded(msg))
		checkBytes(t, "KW-p", wrapped, ref.kwp(msg))
		checkBytes(t, "KW-p unwrapped", must(w.UnwrapPadded(wrapped)), msg)
	}
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rounds := 40
	if cryptotest.Slow() {
		rounds = 4
	}
	for i, v := range variants {
		t.Run(fmt.Sprintf("%d-%d", 8*v.block, 8*v.key), func(t *testing.T) {
			ref := newNaive(v.block, randomBytes(r, v.key))
			x := randomBytes(r, v.block)
			checkBytes(t, "decrypted by the reference", ref.decrypt(ref.encrypt(x)), x)
			for n := range rounds {
				msg := randomBytes(r, n*(n*v.block/rounds+1))
				compare(t, newInput(i, randomBytes(r, 64), randomBytes(r, 64), msg, randomBytes(r, r.IntN(3*v.block)), r.IntN(1<<16)))
			}
		})
	}
}

// TestPieces compares messages that are longer than what the modes take at once.
func TestPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	length := 20_000
	if cryptotest.Slow() {
		length = 9_000
	}
	for i := range variants {
		in := newInput(i, randomBytes(r, 64), randomBytes(r, 64), randomBytes(r, length+r.IntN(100)), randomBytes(r, 5000), 0)
		b := in.cipher()
		ecb := must(kalyna.NewECBEncrypter(b))
		encrypt := func(x []byte) []byte {
			y := make([]byte, len(x))
			ecb.CryptBlocks(y, x)
			return y
		}
		whole := in.whole(len(in.msg))
		for _, cut := range []int{0, 1, 2047, 2048, 2049, 4100, 8192, whole} {
			in.cut = cut
			// CTR by single bytes from the cut on, against the same stream in one piece.
			all, parts := make([]byte, len(in.msg)), make([]byte, len(in.msg))
			must(kalyna.NewCTR(b, in.iv)).XORKeyStream(all, in.msg)
			checkBytes(t, "CTR", run(must(kalyna.NewCTR(b, in.iv)).XORKeyStream, in.msg, cut), all)
			single := must(kalyna.NewCTR(b, in.iv))
			single.XORKeyStream(parts[:cut], in.msg[:cut])
			for j := cut; j < len(parts); j++ {
				single.XORKeyStream(parts[j:j+1], in.msg[j:j+1])
			}
			checkBytes(t, "CTR by bytes", parts, all)
			blocks := in.whole(cut)
			cbc := run(must(kalyna.NewCBCEncrypter(b, in.iv)).CryptBlocks, in.msg[:whole], blocks)
			checkBytes(t, "CBC decrypted", run(must(kalyna.NewCBCDecrypter(b, in.iv)).CryptBlocks, cbc, blocks), in.msg[:whole])
			cfb := run(must(kalyna.NewCFBEncrypter(b, in.iv, in.block)).XORKeyStream, in.msg, blocks)
			checkBytes(t, "CFB decrypted", run(must(kalyna.NewCFBDecrypter(b, in.iv, in.block)).XORKeyStream, cfb, blocks), in.msg)
		}
		// GCM against its parts: the counter mode and the code over both.
		gcm := must(kalyna.NewGCM(b, in.block))
		sealed := gcm.Seal(nil, in.iv, in.msg, in.data)
		all := make([]byte, len(in.msg))
		must(kalyna.NewCTR(b, in.iv)).XORKeyStream(all, in.msg)
		checkBytes(t, "GCM without tag", sealed[:len(all)], all)
		checkBytes(t, "GCM opened", must(gcm.Open(nil, in.iv, sealed, in.data)), in.msg)
		// XTS: the masks by the reference, the blocks by ECB.
		ref := newNaive(in.block, in.key)
		d := number(encrypt(in.iv))
		var masks []byte
		for range whole / in.block {
			d = ref.product(number([]byte{2}), d)
			masks = append(masks, little(d, in.block)...)
		}
		buf := bytes.Clone(in.msg[:whole])
		must(0, must(kalyna.NewXTS(b)).Encrypt(buf, buf, in.iv))
		checkBytes(t, "XTS", buf, xor(encrypt(xor(in.msg, masks)), masks))
	}
}
