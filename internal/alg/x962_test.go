package alg_test

import (
	"bytes"
	"errors"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

// spkiX962 is a public key of Bouncy Castle 1.72 on M257, given by numbers.
const spkiX962 = "308201103081e7060d2a8624020101010103010101013081d5020101301d06072a8648ce3d010230120202010106092a8648ce3d0102030202010c30460421" +
	"000000000000000000000000000000000000000000000000000000000000000000042101cef494720115657e18f938d7a7942394ff9425c1458c57861f9eea6adbe3be10" +
	"044304002a29ef207d0e9b6c55cd260b306c7e007ac491ca1b10c62334a9e8dcd8d20fb7010686d41ff744d4449fccf6d8eea03102e6812c93a9d60b978b702cf156d814ef" +
	"022100800000000000000000000000000000006759213af182e987d3e17714907d470d020104032400042100a4e93b33b6f477afcc33a3375cd7465bda58279e44d1107f72eca05d07863504"

// x962 writes ECParameters.
func x962(t testing.TB, c *dstu4145.Curve, change func(exponents []int, cofactor *int64)) []byte {
	t.Helper()
	g, err := c.NewPublicKey(c.Generator())
	if err != nil {
		t.Fatal(err)
	}
	x, y := g.BytesAffine()
	exponents, cofactor := c.Exponents(), int64(c.Cofactor())
	change(exponents, &cofactor)
	a := make([]byte, c.FieldSize())
	a[len(a)-1] = byte(c.A())
	var b cryptobyte.Builder
	b.AddASN1(0x30, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1(0x30, func(b *cryptobyte.Builder) {
			b.AddBytes(unhex(t, "06072a8648ce3d0102"))
			b.AddASN1(0x30, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(int64(c.FieldBits()))
				if len(exponents) == 1 {
					b.AddBytes(unhex(t, "06092a8648ce3d01020302"))
					b.AddASN1Int64(int64(exponents[0]))
					return
				}
				b.AddBytes(unhex(t, "06092a8648ce3d01020303"))
				b.AddASN1(0x30, func(b *cryptobyte.Builder) {
					for _, k := range exponents {
						b.AddASN1Int64(int64(k))
					}
				})
			})
		})
		b.AddASN1(0x30, func(b *cryptobyte.Builder) {
			b.AddASN1OctetString(a)
			b.AddASN1OctetString(c.B())
		})
		b.AddASN1OctetString(bytes.Join([][]byte{{4}, x, y}, nil))
		b.AddASN1(2, func(b *cryptobyte.Builder) {
			n := bytes.TrimLeft(c.Order(), "\x00")
			if n[0] >= 0x80 {
				b.AddUint8(0)
			}
			b.AddBytes(n)
		})
		if cofactor != 0 {
			b.AddASN1Int64(cofactor)
		}
	})
	return b.BytesOrPanic()
}

func TestX962(t *testing.T) {
	r := der.New(unhex(t, spkiX962), "").Sequence("")
	_, id, _ := r.Any("algorithm")
	oid, params := split(t, append([]byte{0x30, 0x81, byte(len(id))}, id...))
	p, err := alg.ParseKeyParams(oid, params)
	if err != nil || p.Curve != dstu4145.M257PB() || p.Named || !p.BigEndian {
		t.Fatalf("read %+v, %v", p, err)
	}
	point, _ := alg.Unwrap(r.BitOctets("key"))
	if _, err := p.DecodePoint(point); err != nil {
		t.Error(err)
	}
	if got := x962(t, p.Curve, func([]int, *int64) {}); !bytes.Equal(got, params) {
		t.Errorf("the test writes %x", got)
	}
	for i := range params {
		for _, bit := range []byte{1, 0x80} {
			bad := bytes.Clone(params)
			bad[i] ^= bit
			p, err := alg.ParseKeyParams(oid, bad)
			if err == nil && i != 5 { // the version says what else there may be, and is not looked at
				t.Errorf("octet %d ^ %#x: read as %s", i, bit, p.Curve.Name())
			} else if err != nil && !errors.Is(err, alg.ErrParams) && !errors.Is(err, alg.ErrUnsupported) {
				t.Errorf("octet %d: untyped error %v", i, err)
			}
		}
	}
	prime := bytes.Replace(params, unhex(t, "06072a8648ce3d0102"), unhex(t, "06072a8648ce3d0101"), 1)
	if _, err := alg.ParseKeyParams(oid, prime); !errors.Is(err, alg.ErrUnsupported) {
		t.Errorf("a prime field: %v", err)
	}
	for _, c := range dstu4145.Curves() {
		p, err := alg.ParseKeyParams(alg.OIDDSTU4145BE, x962(t, c, func(_ []int, cofactor *int64) { *cofactor = 0 }))
		if c.NormalBasis() {
			if err == nil {
				t.Errorf("%s: read as %s", c.Name(), p.Curve.Name())
			}
			continue
		}
		if err != nil || p.Curve != c {
			t.Errorf("%s: %+v, %v", c.Name(), p, err)
		}
		if _, err := alg.ParseKeyParams(alg.OIDDSTU4145BE, x962(t, c, func(_ []int, cofactor *int64) { *cofactor = 6 })); !errors.Is(err, alg.ErrUnsupported) {
			t.Errorf("%s, another cofactor: %v", c.Name(), err)
		}
		if _, err := alg.ParseKeyParams(alg.OIDDSTU4145BE, x962(t, c, func(k []int, _ *int64) { k[0]++ })); !errors.Is(err, alg.ErrUnsupported) {
			t.Errorf("%s, another polynomial: %v", c.Name(), err)
		}
		if _, err := alg.ParseKeyParams(alg.OIDDSTU4145NormalBE, x962(t, c, func([]int, *int64) {})); !errors.Is(err, alg.ErrUnsupported) {
			t.Errorf("%s, another basis: %v", c.Name(), err)
		}
	}
}
