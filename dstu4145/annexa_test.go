package dstu4145_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/testvectors"
)

func TestAnnexAVectors(t *testing.T) {
	type vector struct {
		TcID   int               `json:"tcId"`
		Name   string            `json:"name"`
		Key    testvectors.Bytes `json:"key"`
		State  testvectors.Bytes `json:"state"`
		D      testvectors.Bytes `json:"D"`
		Out    testvectors.Bytes `json:"out"`
		Result string            `json:"result"`
		Agree  []string          `json:"agree"`
	}
	suites := testvectors.Load[vector](t, "dstu4145_prng.json")
	if len(suites[0].Tests) != 8 {
		t.Errorf("%d vectors", len(suites[0].Tests))
	}
	for _, suite := range suites {
		for _, v := range suite.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				if v.Result != "valid" {
					t.Fatalf("result is %q", v.Result)
				}
				equalBytes(t, "output", randomBytes(annexA(t, v.Key, v.State, v.D, nil), len(v.Out)), v.Out)
				r := iotest.OneByteReader(annexA(t, v.Key, v.State, v.D, gost28147.DKE1()))
				equalBytes(t, "output by bytes", randomBytes(r, len(v.Out)), v.Out)
				changed := slices.Clone(v.D)
				changed[3] ^= 1
				if len(v.Out) > 7 && bytes.Equal(randomBytes(annexA(t, v.Key, v.State, changed, nil), len(v.Out)), v.Out) {
					t.Error("the date does not count")
				}
			})
		}
	}
}

func annexA(t *testing.T, key, state, date []byte, s *gost28147.SBox) *dstu4145.AnnexA {
	t.Helper()
	g, err := dstu4145.NewAnnexA(key, state, date, s)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// annexAReference is the text of the annex over the block cipher of gost28147. It returns the
// states after each bit too.
func annexAReference(t *testing.T, key, state, date []byte, s *gost28147.SBox, n int) (out []byte, states [][]byte) {
	c, err := gost28147.NewCipher(key, s)
	if err != nil {
		t.Fatal(err)
	}
	mask := make([]byte, 8)
	c.Encrypt(mask, date)
	step := func(b []byte) []byte {
		r := make([]byte, 8)
		for i := range r {
			r[i] = b[i] ^ mask[i]
		}
		c.Encrypt(r, r)
		return r
	}
	out = make([]byte, n)
	for i := range 8 * n {
		x := step(state)
		out[i/8] |= x[0] & 1 << (i % 8)
		state = step(x)
		states = append(states, state)
	}
	return out, states
}

func TestAnnexAReference(t *testing.T) {
	r := seeded(41)
	for n := range 10 {
		s, err := gost28147.DKE(n + 1)
		if err != nil {
			t.Fatal(err)
		}
		key, state, date := randomBytes(r, 32), randomBytes(r, 8), randomBytes(r, 8)
		want, _ := annexAReference(t, key, state, date, s, 20)
		g := annexA(t, key, state, date, s)
		clear(key) // copied
		clear(state)
		clear(date)
		if n, err := g.Read(nil); n != 0 || err != nil {
			t.Errorf("nothing read: %d, %v", n, err)
		}
		equalBytes(t, "output", randomBytes(g, 20), want)
	}
}

// TestAnnexAEnd plants a first state that comes back.
func TestAnnexAEnd(t *testing.T) {
	r := seeded(42)
	key, state, date := randomBytes(r, 32), randomBytes(r, 8), randomBytes(r, 8)
	want, states := annexAReference(t, key, state, date, nil, 10)
	for _, bits := range []int{1, 7, 8, 9, 40, 79} {
		g := dstu4145.AnnexAFrom(key, state, date, states[bits-1])
		got := make([]byte, 10)
		n, err := g.Read(got)
		if err == nil || n != bits/8 || !bytes.Equal(got[:n], want[:n]) || !bytes.Equal(got[n:], make([]byte, 10-n)) {
			t.Errorf("end after %d bits: %d bytes, %v", bits, n, err)
		}
		if n, err := g.Read(got); n != 0 || err == nil {
			t.Errorf("after the end: %d bytes, %v", n, err)
		}
		if k, err := dstu4145.M163PB().GenerateKey(g); err == nil {
			t.Errorf("key %v of an ended generator", k.PublicKey().Bytes())
		}
		sign := testKey(t, dstu4145.M163PB(), 1)
		if sig, err := sign.Sign(g, []byte{1}, nil); err == nil || sig != nil {
			t.Error("signature with an ended generator")
		}
	}
}

func TestAnnexARefused(t *testing.T) {
	good := [][]byte{make([]byte, 32), make([]byte, 8), make([]byte, 8)}
	annexA(t, good[0], good[1], good[2], nil)
	for i := range good {
		for _, size := range []int{0, len(good[i]) - 1, len(good[i]) + 1} {
			bad := slices.Clone(good)
			bad[i] = bytes.Repeat([]byte{0xab}, size)
			g, err := dstu4145.NewAnnexA(bad[0], bad[1], bad[2], nil)
			if err == nil || g != nil || !strings.HasPrefix(err.Error(), "dstu4145: ") || strings.Contains(err.Error(), "171") {
				t.Errorf("argument %d of %d bytes: %v", i, size, err)
			}
		}
	}
}

// TestAnnexAWithSign: keys and signatures made with the generator repeat with it and verify, and
// its bytes are not the nonce.
func TestAnnexAWithSign(t *testing.T) {
	key, state, date := randomBytes(seeded(1), 32), randomBytes(seeded(2), 8), randomBytes(seeded(3), 8)
	for _, c := range []*dstu4145.Curve{dstu4145.M163PB(), dstu4145.M173ONB(), dstu4145.M257PB()} {
		g, same := annexA(t, key, state, date, nil), annexA(t, key, state, date, nil)
		k, err := c.GenerateKey(g)
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.GenerateKey(same)
		if err != nil || !again.Equal(k) {
			t.Errorf("%s: key does not repeat: %v", c.Name(), err)
		}
		digest := randomBytes(seeded(4), 32)
		sig, err := k.Sign(g, digest, nil)
		if err != nil || !dstu4145.Verify(k.PublicKey(), digest, sig) {
			t.Fatalf("%s: %v", c.Name(), err)
		}
		if s, err := again.Sign(same, digest, nil); err != nil || !bytes.Equal(s, sig) {
			t.Errorf("%s: signature does not repeat: %v", c.Name(), err)
		}
		if s, err := k.Sign(g, digest, nil); err != nil || bytes.Equal(s, sig) {
			t.Errorf("%s: the generator stands still: %v", c.Name(), err)
		}
	}
}

// TestAnnexAConcurrent: readers side by side share out the output.
func TestAnnexAConcurrent(t *testing.T) {
	key, state, date := randomBytes(seeded(1), 32), randomBytes(seeded(2), 8), randomBytes(seeded(3), 8)
	const chunk, readers = 8, 16
	want := map[string]bool{}
	all := randomBytes(annexA(t, key, state, date, nil), chunk*readers)
	for c := range slices.Chunk(all, chunk) {
		want[string(c)] = true
	}
	g := annexA(t, key, state, date, nil)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range readers {
		wg.Go(func() {
			b := make([]byte, chunk)
			_, err := io.ReadFull(g, b)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || !want[string(b)] {
				t.Errorf("%x: %v", b, err)
			}
			delete(want, string(b))
		})
	}
	wg.Wait()
	if len(want) != 0 {
		t.Errorf("%d pieces of the output missing", len(want))
	}
}

// TestAnnexARedacted prints a generator, copied and wrapped.
func TestAnnexARedacted(t *testing.T) {
	key, state := bytes.Repeat([]byte{0xc7}, 32), bytes.Repeat([]byte{0xc7}, 8)
	g := annexA(t, key, state, state, nil)
	type wrapper struct {
		G      *dstu4145.AnnexA
		hidden *dstu4145.AnnexA
		value  dstu4145.AnnexA
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("message", "g", g)
	texts := []string{g.String(), g.GoString(), log.String()}
	for _, v := range []any{g, *g, wrapper{g, g, *g}, &wrapper{g, g, *g}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		for _, secret := range []string{hex.EncodeToString(state[:4]), fmt.Sprint(uint32(0xc7c7c7c7)), "199 199"} {
			if strings.Contains(strings.ToLower(text), secret) || !strings.Contains(text, "REDACTED") {
				t.Errorf("prints %q", text)
			}
		}
	}
}
