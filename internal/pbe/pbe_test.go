package pbe_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
)

func random() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{1}) }

// sealed returns an EncryptedPrivateKeyInfo of plain made here.
func sealed(t testing.TB, plain []byte, iterations int) []byte {
	t.Helper()
	return sealedBy(t, pbe.GOST, plain, iterations)
}

func sealedBy(t testing.TB, suite *pbe.Suite, plain []byte, iterations int) []byte {
	t.Helper()
	g, err := pbe.NewPBES2(random(), suite, iterations)
	if err != nil {
		t.Fatal(err)
	}
	data, err := g.Encrypt(pbe.NewSession(iterations, 1), password("пароль"), plain)
	if err != nil {
		t.Fatal(err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		g.AddAlgorithm(b)
		b.AddASN1OctetString(data)
	})
	return b.BytesOrPanic()
}

func TestGOSTRoundTrip(t *testing.T) {
	for _, size := range []int{0, 1, 7, 8, 9, 250} {
		plain := bytes.Repeat([]byte{0xa5}, size)
		scheme, data := parse(t, sealed(t, plain, 5))
		got, err := scheme.Decrypt(pbe.NewSession(5, 1), password("пароль"), data)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d octets: %x, %v", size, got, err)
		}
		got, err = scheme.Decrypt(pbe.NewSession(5, 1), password("парол"), data)
		if err != nil || size > 0 && bytes.Equal(got, plain) {
			t.Errorf("%d octets, another password: %x, %v", size, got, err)
		}
	}
	if _, err := pbe.NewPBES2(bytes.NewReader(make([]byte, 39)), pbe.GOST, 1); err == nil {
		t.Error("too little randomness is accepted")
	}
}

func TestKalynaRoundTrip(t *testing.T) {
	for _, size := range []int{0, 1, 31, 32, 33, 250} {
		plain := bytes.Repeat([]byte{0xa5}, size)
		scheme, data := parse(t, sealedBy(t, pbe.Kalyna, plain, 5))
		if len(data) != size/32*32+32 {
			t.Errorf("%d octets: %d of ciphertext", size, len(data))
		}
		got, err := scheme.Decrypt(pbe.NewSession(5, 1), password("пароль"), data)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d octets: %x, %v", size, got, err)
		}
		// What the padding of a wrong key looks like is chance, but repeats.
		got, err = scheme.Decrypt(pbe.NewSession(5, 1), password("парол"), data)
		if err != pbe.ErrDecrypt {
			t.Errorf("%d octets, another password: %x, %v", size, got, err)
		}
		for _, cut := range [][]byte{nil, data[:len(data)-1], data[:len(data)-32]} {
			if got, err := scheme.Decrypt(pbe.NewSession(5, 1), password("пароль"), cut); err != pbe.ErrDecrypt {
				t.Errorf("%d of %d octets: %x, %v", len(cut), len(data), got, err)
			}
		}
	}
}

// TestNext: encryptions under one key cost one derivation, and equal texts differ.
func TestNext(t *testing.T) {
	for _, suite := range []*pbe.Suite{pbe.GOST, pbe.Kalyna} {
		r, session, p := random(), pbe.NewSession(5, 1), password("пароль")
		first, err := pbe.NewPBES2(r, suite, 5)
		if err != nil {
			t.Fatal(err)
		}
		next, err := first.Next(r)
		if err != nil {
			t.Fatal(err)
		}
		var texts [][]byte
		for _, s := range []*pbe.PBES2{first, next} {
			data, err := s.Encrypt(session, p, []byte("plain"))
			if err != nil {
				t.Fatal(err)
			}
			var b cryptobyte.Builder
			s.AddAlgorithm(&b)
			scheme, err := pbe.ParseScheme(der.New(b.BytesOrPanic(), "").Sequence(""))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := scheme.Decrypt(session, p, data); err != nil || string(got) != "plain" {
				t.Errorf("%q, %v", got, err)
			}
			texts = append(texts, data)
		}
		if bytes.Equal(texts[0], texts[1]) {
			t.Error("both texts are the same")
		}
		if n := session.Derivations(); n != 1 {
			t.Errorf("%d keys derived, want 1", n)
		}
		if next, err := first.Next(bytes.NewReader(make([]byte, 7))); next != nil || err == nil {
			t.Errorf("too little randomness: %v, %v", next, err)
		}
	}
}

func TestMAC(t *testing.T) {
	for _, suite := range []*pbe.Suite{pbe.GOST, pbe.Kalyna} {
		testMAC(t, suite)
	}
}

func testMAC(t *testing.T, suite *pbe.Suite) {
	data := []byte("AuthenticatedSafe")
	salt := bytes.Repeat([]byte{7}, 32)
	var b cryptobyte.Builder
	pbe.AddMACData(&b, suite, pbe.NewSession(9, 1), password("пароль"), salt, 9, data)
	mac, err := pbe.ParseMAC(der.New(b.BytesOrPanic(), "").Sequence(""))
	if err != nil {
		t.Fatal(err)
	}
	if err := mac.Check(pbe.NewSession(9, 1), password("пароль"), data); err != nil {
		t.Error(err)
	}
	if err := mac.Check(pbe.NewSession(9, 1), password("Пароль"), data); err != pbe.ErrDecrypt {
		t.Errorf("another password: %v", err)
	}
	if err := mac.Check(pbe.NewSession(9, 1), password("пароль"), append(data, 0)); err != pbe.ErrDecrypt {
		t.Errorf("other data: %v", err)
	}
	var limit *pbe.LimitError
	if err := mac.Check(pbe.NewSession(8, 1), password("пароль"), data); !errors.As(err, &limit) {
		t.Errorf("limit: %v", err)
	}
}

// macData returns MacData with the identifier of a hash function.
func macData(oid []byte, rest func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(oid) })
			})
			b.AddASN1OctetString(make([]byte, 32))
		})
		b.AddASN1OctetString([]byte("salt"))
		rest(b)
	})
	return b.BytesOrPanic()
}

func TestParseMAC(t *testing.T) {
	gost := unhex(t, "2a862402010101010201")
	count := func(n uint64) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) { b.AddASN1Uint64(n) }
	}
	// The identifier that M.E.Doc writes: there is no MAC to check, and no error.
	mac, err := pbe.ParseMAC(der.New(macData(unhex(t, "4886f70d010701a08201"), count(1)), "").Sequence(""))
	if mac != nil || err != nil {
		t.Errorf("M.E.Doc: %v, %v", mac, err)
	}
	var unsupported *pbe.UnsupportedError
	if _, err := pbe.ParseMAC(der.New(macData(unhex(t, "2a864886f70d0205"), count(1)), "").Sequence("")); !errors.As(err, &unsupported) {
		t.Errorf("MD5: %v", err)
	}
	if _, err := pbe.ParseMAC(der.New(macData(gost, func(*cryptobyte.Builder) {}), "").Sequence("")); err != nil {
		t.Errorf("default of one iteration: %v", err)
	}
	if _, err := pbe.ParseMAC(der.New(macData(gost, count(0)), "").Sequence("")); err == nil {
		t.Error("no iterations: accepted")
	}
	if _, err := pbe.ParseMAC(der.New(macData(gost, func(b *cryptobyte.Builder) { b.AddASN1Int64(-1) }), "").Sequence("")); err == nil {
		t.Error("-1 iterations: accepted")
	}
	if _, err := pbe.ParseMAC(der.New(macData(gost, func(b *cryptobyte.Builder) { count(1)(b); count(1)(b) }), "").Sequence("")); err == nil {
		t.Error("trailing data: accepted")
	}
}

func TestLimits(t *testing.T) {
	scheme, data := parse(t, sealed(t, []byte("plain"), 100))
	var limit *pbe.LimitError
	_, err := scheme.Decrypt(pbe.NewSession(99, 1), password("x"), data)
	if !errors.As(err, &limit) || limit.Value != 100 || limit.Max != 99 {
		t.Errorf("one too many: %v", err)
	}
	mac, err := pbe.ParseMAC(der.New(macData(unhex(t, "2a862402010101010201"), func(b *cryptobyte.Builder) { b.AddASN1Uint64(math.MaxUint64) }), "").Sequence(""))
	if err != nil {
		t.Fatal(err)
	}
	if err := mac.Check(pbe.NewSession(math.MaxInt, 1), password("x"), nil); !errors.As(err, &limit) {
		t.Errorf("2^64-1: %v", err)
	}

	// Twice the limit in all, counted once for equal parameters.
	session := pbe.NewSession(100, 1)
	for i := range 6 {
		g, err := pbe.NewPBES2(rand.NewChaCha8([32]byte{byte(i)}), pbe.GOST, 100)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			_, err = g.Encrypt(session, password("x"), []byte("plain"))
		}
		if (i < 2) != (err == nil) || err != nil && !errors.As(err, &limit) {
			t.Errorf("derivation %d: %v", i, err)
		}
	}
	if n := session.Derivations(); n != 2 {
		t.Errorf("%d keys derived, want 2", n)
	}
	if _, err := scheme.Decrypt(pbe.NewSession(-1, 1), password("x"), data); !errors.As(err, &limit) {
		t.Errorf("negative limit: %v", err)
	}
}

// TestWork: the total counts blocks of output and encodings of the password.
func TestWork(t *testing.T) {
	pbkdf2 := func(prf uint64) func(n uint64) *pbe.Scheme {
		return func(n uint64) *pbe.Scheme {
			oid := func(b *cryptobyte.Builder, text string) {
				b.AddASN1(cbasn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(unhex(t, text)) })
			}
			seq := func(b *cryptobyte.Builder, f func(*cryptobyte.Builder)) { b.AddASN1(cbasn1.SEQUENCE, f) }
			var b cryptobyte.Builder
			seq(&b, func(b *cryptobyte.Builder) {
				oid(b, "2a864886f70d01050d")
				seq(b, func(b *cryptobyte.Builder) {
					seq(b, func(b *cryptobyte.Builder) {
						oid(b, "2a864886f70d01050c")
						seq(b, func(b *cryptobyte.Builder) {
							b.AddASN1OctetString([]byte("salt"))
							b.AddASN1Uint64(n)
							seq(b, func(b *cryptobyte.Builder) { oid(b, fmt.Sprintf("2a864886f70d02%02x", prf)) })
						})
					})
					seq(b, func(b *cryptobyte.Builder) {
						oid(b, "60864801650304012a")
						b.AddASN1OctetString(make([]byte, 16))
					})
				})
			})
			s, err := pbe.ParseScheme(der.New(b.BytesOrPanic(), "").Sequence(""))
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	for _, c := range []struct {
		name      string
		prf       uint64
		passwords int
		work      uint64 // per iteration
	}{
		{"SHA-256", 9, 1, 1},
		{"SHA-256, two encodings", 9, 2, 2},
		{"SHA-1", 7, 1, 2},
		{"SHA-1, two encodings", 7, 2, 4},
		{"SHA-512, no encoding", 11, 0, 1},
	} {
		scheme := pbkdf2(c.prf)
		largest := min(100, 200/c.work)
		if err := scheme(largest).Admit(pbe.NewSession(100, c.passwords)); err != nil {
			t.Errorf("%s: %d: %v", c.name, largest, err)
		}
		session := pbe.NewSession(100, c.passwords)
		var done uint64
		var limit *pbe.LimitError
		for n := uint64(1); n <= 100; n++ {
			err := scheme(n).Admit(session)
			if done += n * c.work; done <= 200 && err == nil {
				continue
			}
			if done <= 200 || !errors.As(err, &limit) || limit.Max != 200 || limit.Value != done {
				t.Errorf("%s: %d in all: %v", c.name, done, err)
			}
			break
		}
	}
	// The product of count and work saturates where the largest int admits such counts at all.
	var limit *pbe.LimitError
	want := uint64(math.MaxUint64)
	if math.MaxInt < math.MaxInt64 {
		want = math.MaxInt64
	}
	err := pbkdf2(7)(math.MaxInt64).Admit(pbe.NewSession(math.MaxInt, 3))
	if !errors.As(err, &limit) || limit.Value != want {
		t.Errorf("beyond 64 bits: %v", err)
	}
}

// TestSlots: passwords of one session are told apart by their slots.
func TestSlots(t *testing.T) {
	plain := []byte("a plaintext")
	scheme, data := parse(t, sealed(t, plain, 3))
	session := pbe.NewSession(3, 1)
	wrong := password("wrong")
	wrong.Slot = 1
	for _, p := range []pbe.Password{wrong, password("пароль"), wrong} {
		got, err := scheme.Decrypt(session, p, data)
		if err != nil || bytes.Equal(got, plain) != (p.Slot == 0) {
			t.Errorf("slot %d: %q, %v", p.Slot, got, err)
		}
	}
	if n := session.Derivations(); n != 2 {
		t.Errorf("%d keys derived, want 2", n)
	}
}

func TestParseScheme(t *testing.T) {
	good := sealed(t, []byte("plain"), 1000)
	refused := func(name, old, new, want string) {
		t.Helper()
		changed := bytes.Replace(good, unhex(t, old), unhex(t, new), 1)
		if bytes.Equal(changed, good) {
			t.Fatalf("%s: nothing to replace", name)
		}
		_, err := pbe.ParseScheme(der.New(changed, "x").Sequence("").Sequence("alg"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	refused("PBES2", "2a864886f70d01050d", "2a864886f70d01050e", "unsupported encryption by password 1.2.840.113549.1.5.14")
	refused("PBKDF2", "2a864886f70d01050c", "2a864886f70d01050e", "unsupported key derivation")
	refused("function", "2a862402010101010102", "2a862402010101010109", "unsupported function of PBKDF2")
	refused("cipher", "2a86240201010101010103", "2a86240201010101010102", "unsupported cipher 1.2.804.2.1.1.1.1.1.1.2")
	refused("iterations", "020203e8", "02020000", "")
	refused("no iterations", "020203e8", "0202ffff", "")
	refused("salt", "0420", "0520", "")
	refused("iv", "304c0408", "304c0407", "")
	refused("dke", "0440", "0441", "")
	if _, err := pbe.ParseScheme(der.New(good, "x").Sequence("")); err == nil {
		t.Error("a sequence of another kind is accepted")
	}
}

func TestUnpad(t *testing.T) {
	// Every last octet and every length of right padding, then every single wrong octet in it.
	for last := range 256 {
		for run := 1; run <= 16; run++ {
			data := bytes.Repeat([]byte{0xee}, 32)
			for i := range run {
				data[31-i] = byte(last)
			}
			n, ok := pbe.Unpad(data, 16)
			want := last >= 1 && last <= 16 && (run >= last || last == 0xee)
			if (ok == 1) != want || want && n != 32-last {
				t.Fatalf("%d octets of %d: %d, %d", run, last, n, ok)
			}
			if !want || run != last {
				continue
			}
			for i := 32 - last; i < 32; i++ {
				data[i] ^= 0x80
				if _, ok := pbe.Unpad(data, 16); ok != 0 {
					t.Fatalf("padding of %d, octet %d wrong: accepted", last, i)
				}
				data[i] ^= 0x80
			}
		}
	}
}

func FuzzParseScheme(f *testing.F) {
	f.Add(sealed(f, []byte("plain"), 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		scheme, err := pbe.ParseScheme(der.New(data, "x").Sequence("").Sequence("alg"))
		if (scheme == nil) != (err != nil) {
			t.Fatalf("%v, %v", scheme, err)
		}
		if err != nil {
			return
		}
		var limit *pbe.LimitError
		if _, err := scheme.Decrypt(pbe.NewSession(10, 1), password("x"), make([]byte, 48)); err != nil && err != pbe.ErrDecrypt && !errors.As(err, &limit) {
			t.Fatal(err)
		}
	})
}

func BenchmarkPBKDF2(b *testing.B) {
	for _, v := range []struct{ name, oid string }{{"gost34311", gostHMAC}, {"sha256", "1.2.840.113549.2.9"}, {"kupyna256", kupynaKMAC}} {
		b.Run(v.name+"/10000", func(b *testing.B) {
			salt := make([]byte, 32)
			for b.Loop() {
				pbe.PBKDF2(v.oid, []byte("password"), salt, 10_000, 32)
			}
		})
	}
}

func BenchmarkIITKey(b *testing.B) {
	for b.Loop() {
		pbe.IITKey([]byte("password"))
	}
}
