package alg_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

const dke1 = "a9d6eb45f13c708280c4967b231f5eadf658eba4c037291d38d96bf025ca4e17f8e9720dc615b43a28975f0bc1dea36438b564ea2c179fd0123e6db8fac57904"

// The AlgorithmIdentifiers of user keys and of keys of authorities, octet for octet as in
// certificates.
const (
	algorithm257 = "3081c9060b2a862402010101010301013081b9" + ecbinary257 + "0440" + dke1
	ecbinary257  = "307530070202010102010c020100042110bee3db6aea9e1f86578c45c12594ff942394a7d738f9187e6515017294f4ce01022100800000000000000000000000000000006759213af182e987d3e17714907d470d0421b60fd2d8dce8a93423c6101bca91c47a007e6c300b26cd556c9b0e7d20ef292a00"
	algorithm431 = "30820112060b2a86240201010101030101308201013081bc300f020201af30090201010201030201050201010436f3ca40c669a4da173149ca12c32dae186b53ac6bc6365997deaeae8ad2d888f9bfd53401694ef9c4273d8cfe6dc28f706a0f4910ce0302363fffffffffffffffffffffffffffffffffffffffffffffffffffffba3175458009a8c0a724f02f81aa8a1fcbaf80d90c7a95110504cf04367c857c94c5433bfd991e17c22684065850a9a249ed7bc249ae5a4e878689f872ef7ad524082ec3038e9aede7ba6ba13381d979ba621a0440" + dke1
	algorithmOID = "301e060b2a86240201010101030101300f060d2a862402010101010301010206"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// split takes an AlgorithmIdentifier apart.
func split(t testing.TB, id []byte) (asn1.ObjectIdentifier, []byte) {
	t.Helper()
	r := der.New(id, "test").Sequence("")
	oid := r.OID("algorithm")
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return oid, r.Rest()
}

// TestSpellings reads the ways in which real certificates write the key algorithm, and writes
// them again.
func TestSpellings(t *testing.T) {
	oidDKE := "3060060b2a86240201010101030101" + "3051" + "060d2a862402010101010301010206" + "0440" + dke1
	noDKE := "308186060b2a86240201010101030101" + "3077" + ecbinary257
	for name, c := range map[string]struct {
		text  string
		named bool
		dke   bool
		curve *dstu4145.Curve
	}{
		"full with DKE, 257": {algorithm257, false, true, dstu4145.M257PB()},
		"full with DKE, 431": {algorithm431, false, true, dstu4145.M431PB()},
		"named with DKE":     {oidDKE, true, true, dstu4145.M257PB()},
		"named":              {algorithmOID, true, false, dstu4145.M257PB()},
		"full":               {noDKE, false, false, dstu4145.M257PB()},
	} {
		t.Run(name, func(t *testing.T) {
			id := unhex(t, c.text)
			oid, params := split(t, id)
			p, err := alg.ParseKeyParams(oid, params)
			if err != nil {
				t.Fatal(err)
			}
			if p.Curve != c.curve || p.Named != c.named || (p.SBox != nil) != c.dke || p.BigEndian {
				t.Errorf("read %+v", p)
			}
			if !p.HashSBox().Equal(gost28147.DKE1()) {
				t.Error("another S-box")
			}
			var b cryptobyte.Builder
			p.AddAlgorithmIdentifier(&b)
			if got := b.BytesOrPanic(); !bytes.Equal(got, id) {
				t.Errorf("wrote %x", got)
			}
		})
	}
}

// TestBareIdentifier: Bouncy Castle writes the name of the curve without the SEQUENCE around it in
// private keys, as X9.62 has it.
func TestBareIdentifier(t *testing.T) {
	p, err := alg.ParseKeyParams(alg.OIDDSTU4145BE, unhex(t, "060d2a862402010101010301010206"))
	if err != nil || p.Curve != dstu4145.M257PB() || !p.Named || !p.BigEndian || p.SBox != nil {
		t.Errorf("read %+v, %v", p, err)
	}
	for _, text := range []string{"060d2a8624020101010103010102060500", "060d2a8624020101010103010102060440" + dke1, "060d2a86240201010101030101020a", "0600"} {
		if p, err := alg.ParseKeyParams(alg.OIDDSTU4145BE, unhex(t, text)); err == nil {
			t.Errorf("%s: read as %s", text, p.Curve.Name())
		}
	}
}

// TestKeyParamsRoundTrip writes and reads every combination.
func TestKeyParamsRoundTrip(t *testing.T) {
	dke11, err := gost28147.ParseDKE(unhex(t, "4a92d80e6b1c7f53eb4c6dfa23810759581da342efc7609b7da1089fe46cb2536c715fd84a9e03b24ba0721d36859cfedb413f590ae7682c1fd057a4923e6b8c"))
	if err != nil {
		t.Fatal(err)
	}
	for _, curve := range dstu4145.Curves() {
		for i := range 12 {
			p := alg.KeyParams{Curve: curve, Named: i&1 != 0, BigEndian: i&2 != 0, SBox: []*gost28147.SBox{nil, gost28147.DKE1(), dke11}[i/4]}
			var b cryptobyte.Builder
			p.AddAlgorithmIdentifier(&b)
			oid, params := split(t, b.BytesOrPanic())
			got, err := alg.ParseKeyParams(oid, params)
			if err != nil {
				t.Fatalf("%s: %v", curve.Name(), err)
			}
			if curve == dstu4145.M571PB() {
				p.Named = false // has no identifier
			}
			if got.Curve != p.Curve || got.Named != p.Named || got.BigEndian != p.BigEndian ||
				(got.SBox == nil) != (p.SBox == nil) || got.SBox != nil && !got.SBox.Equal(p.SBox) {
				t.Errorf("%s: wrote %+v, read %+v", curve.Name(), p, got)
			}
			if !got.OID().Equal(oid) {
				t.Errorf("identifier %v", got.OID())
			}
		}
	}
}

// TestOtherNumbers changes every octet of full parameters: none of the results is a known
// curve, and none is accepted as one.
func TestOtherNumbers(t *testing.T) {
	for _, text := range []string{algorithm257, algorithm431} {
		oid, params := split(t, unhex(t, text))
		end := len(params) - 66 // the DKE may be any
		for i := range end {
			for _, bit := range []byte{1, 0x80} {
				bad := bytes.Clone(params)
				bad[i] ^= bit
				if p, err := alg.ParseKeyParams(oid, bad); err == nil {
					t.Errorf("octet %d ^ %#x: read as %s", i, bit, p.Curve.Name())
				} else if !errors.Is(err, alg.ErrParams) && !errors.Is(err, alg.ErrUnsupported) {
					t.Errorf("octet %d: untyped error %v", i, err)
				}
			}
		}
	}
}

// TestForeignParams: well-formed parameters of no known curve are refused as unsupported,
// malformed ones as such, all at once.
func TestForeignParams(t *testing.T) {
	explicit := func(m int64, ks []int64, a int64, b, n, bp []byte) []byte {
		var o cryptobyte.Builder
		o.AddASN1(0x30, func(o *cryptobyte.Builder) {
			o.AddASN1(0x30, func(o *cryptobyte.Builder) {
				o.AddASN1(0x30, func(o *cryptobyte.Builder) {
					o.AddASN1Int64(m)
					if len(ks) == 1 {
						o.AddASN1Int64(ks[0])
						return
					}
					o.AddASN1(0x30, func(o *cryptobyte.Builder) {
						for _, k := range ks {
							o.AddASN1Int64(k)
						}
					})
				})
				o.AddASN1Int64(a)
				o.AddASN1OctetString(b)
				o.AddASN1(2, func(o *cryptobyte.Builder) { o.AddBytes(n) })
				o.AddASN1OctetString(bp)
			})
		})
		return o.BytesOrPanic()
	}
	c := dstu4145.M257PB()
	le := func(b []byte) []byte {
		out := bytes.Clone(b)
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
		return out
	}
	b, bp, n := le(c.B()), le(c.Generator()), append([]byte{0}, c.Order()...)
	if p, err := alg.ParseKeyParams(alg.OIDDSTU4145LE, explicit(257, []int64{12}, 0, b, n, bp)); err != nil || p.Curve != c {
		t.Fatalf("the original is refused: %v", err)
	}
	huge := bytes.Repeat([]byte{1}, 1<<20)
	m163, onb := dstu4145.M163PB(), dstu4145.M191ONB()
	annexB := unhex(t, "072d867f93a93ac27df9ff01affe74885c8c540420") // base point of annex B.1 of the standard
	annexB[len(annexB)-1] |= 1
	for name, v := range map[string]struct {
		params []byte
		kind   error
	}{
		"field of 65535 bits":      {explicit(65535, []int64{12}, 0, b, n, bp), alg.ErrUnsupported},
		"degree above all limits":  {explicit(1<<40, []int64{12}, 0, b, n, bp), alg.ErrParams},
		"another exponent":         {explicit(257, []int64{13}, 0, b, n, bp), alg.ErrUnsupported},
		"other a":                  {explicit(257, []int64{12}, 1, b, n, bp), alg.ErrUnsupported},
		"a is 2":                   {explicit(257, []int64{12}, 2, b, n, bp), alg.ErrParams},
		"b of a mebibyte":          {explicit(257, []int64{12}, 0, huge, n, bp), alg.ErrUnsupported},
		"order of a mebibyte":      {explicit(257, []int64{12}, 0, b, huge, bp), alg.ErrUnsupported},
		"negative order":           {explicit(257, []int64{12}, 0, b, c.Order(), bp), alg.ErrParams},
		"padded order":             {explicit(257, []int64{12}, 0, b, append([]byte{0, 0}, c.Order()...), bp), alg.ErrParams},
		"base point with a zero":   {explicit(257, []int64{12}, 0, b, n, append(bytes.Clone(bp), 0)), alg.ErrUnsupported},
		"base point of annex B.1":  {explicit(163, []int64{3, 6, 7}, 1, le(m163.B()), m163.Order(), le(annexB)), alg.ErrUnsupported},
		"two exponents":            {explicit(257, []int64{3, 6}, 0, b, n, bp), alg.ErrParams},
		"no parameters":            {nil, alg.ErrParams},
		"null":                     {[]byte{5, 0}, alg.ErrParams},
		"empty":                    {[]byte{0x30, 0}, alg.ErrParams},
		"trailing":                 {append(unhex(t, algorithmOID)[15:], 5, 0), alg.ErrParams},
		"dke of 63 octets":         {unhex(t, "3050060d2a862402010101010301010206043f"+dke1[2:]), alg.ErrParams},
		"dke twice":                {unhex(t, "308193060d2a862402010101010301010206"+"0440"+dke1+"0440"+dke1), alg.ErrParams},
		"curve 10 of the list":     {unhex(t, "300f060d2a86240201010101030101020a"), alg.ErrUnsupported},
		"the list itself":          {unhex(t, "300e060c2a8624020101010103010102"), alg.ErrUnsupported},
		"normal basis, named":      {unhex(t, "300f060d2a862402010101010301020204"), alg.ErrUnsupported},
		"normal basis, fifth":      {unhex(t, "300f060d2a862402010101010301020205"), alg.ErrUnsupported},
		"normal basis, explicit":   {explicit(191, []int64{9}, 1, le(onb.B()), onb.Order(), le(onb.Generator())), alg.ErrUnsupported},
		"bee2's prefix":            {unhex(t, "3010060e2a86240201010101030101010206"), alg.ErrUnsupported},
		"length not minimal":       {unhex(t, "30810f060d2a862402010101010301010206"), alg.ErrParams},
		"indefinite length":        {unhex(t, "3080060d2a8624020101010103010102060000"), alg.ErrParams},
		"default version written":  {unhex(t, "307c307aa003020100"+ecbinary257[4:]), alg.ErrParams},
		"exponents of another set": {explicit(163, []int64{3, 6, 8}, 1, le(m163.B()), m163.Order(), le(m163.Generator())), alg.ErrUnsupported},
	} {
		p, err := alg.ParseKeyParams(alg.OIDDSTU4145LE, v.params)
		if err == nil {
			t.Errorf("%s: read as %s", name, p.Curve.Name())
		} else if !errors.Is(err, v.kind) {
			t.Errorf("%s: %v, want %v", name, err, v.kind)
		}
	}
}

// TestExponentOrder: key containers of IIT write pentanomials descending and octets big-endian.
func TestExponentOrder(t *testing.T) {
	c := dstu4145.M431PB()
	var b cryptobyte.Builder
	b.AddASN1(0x30, func(b *cryptobyte.Builder) {
		b.AddBytes(unhex(t, "300f020201af3009020105020103020101"))
		b.AddASN1Int64(1)
		b.AddASN1OctetString(c.B())
		b.AddASN1(2, func(b *cryptobyte.Builder) { b.AddBytes(c.Order()) })
		b.AddASN1OctetString(c.Generator())
	})
	r := der.New(b.BytesOrPanic(), "test")
	if got, err := alg.ParseECBinary(r, "", true); err != nil || got != c {
		t.Errorf("%v, %v", got, err)
	}
	r = der.New(b.BytesOrPanic(), "test")
	if got, err := alg.ParseECBinary(r, "", false); err == nil {
		t.Errorf("read as %s in the wrong byte order", got.Name())
	}
}

func TestKindOfKey(t *testing.T) {
	for text, want := range map[string]alg.KeyKind{
		"1.2.804.2.1.1.1.1.3.1.1":         alg.KeyDSTU4145,
		"1.2.804.2.1.1.1.1.3.1.1.1.1":     alg.KeyDSTU4145,
		"1.2.804.2.1.1.1.1.3.6.1.1":       alg.KeyDSTU4145,
		"1.2.804.2.1.1.1.1.3.1.2":         alg.KeyDSTU4145,
		"1.2.804.2.1.1.1.1.3.1.2.1.1":     alg.KeyDSTU4145,
		"1.2.804.2.1.1.1.1.3.6.1.2":       alg.KeyDSTU4145,
		"1.2.804.2.1.1.1.1.3.6.3.2.2.1.1": alg.KeyUnknown,
		"1.2.804.2.1.1.1.1.3.1":           alg.KeyUnknown,
		"1.2.804.2.1.1.1.1.3.2":           alg.KeyUnknown,
		"1.2.804.2.1.1.1.1.3.6":           alg.KeyUnknown,
		"1.2.804.2.1.1.1.1.3.6.4.1":       alg.KeyUnknown,
		"1.2.840.10045.2.1":               alg.KeyEC,
		"1.2.840.113549.1.1.1":            alg.KeyRSA,
		"1.2.840.113549.1.1.10":           alg.KeyRSA,
	} {
		if got := alg.KindOfKey(oid(t, text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	if got := alg.KindOfKey(nil); got != alg.KeyUnknown {
		t.Errorf("nil: %v", got)
	}
	_, params := split(t, unhex(t, algorithm431))
	_, err := alg.ParseKeyParams(oid(t, "1.2.804.2.1.1.1.1.3.1.2"), params)
	if !errors.Is(err, alg.ErrUnsupported) || !strings.Contains(err.Error(), "another basis") {
		t.Errorf("normal basis: %v", err)
	}
}
