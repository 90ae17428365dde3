package dstu4145_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/internal/ec2m"
)

// faults is the number of planted faults: DSTU_FAULTS, or a number fit for every run.
func faults(t *testing.T) int {
	s := os.Getenv("DSTU_FAULTS")
	if s == "" {
		return cases(1000)
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func flip(r *rand.Rand, b []byte) []byte {
	b = slices.Clone(b)
	at := r.IntN(8 * len(b))
	b[at/8] ^= 1 << (at % 8)
	return b
}

// TestFaultInSignature flips one bit of what a signature is computed from, or of the result. The
// check at the end of Sign must let nothing wrong pass.
func TestFaultInSignature(t *testing.T) {
	for _, c := range []*dstu4145.Curve{dstu4145.M163PB(), dstu4145.M257PB()} {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			k := testKey(t, c, 1)
			d := k.Bytes()
			r := rand.New(rand.NewPCG(1, uint64(c.FieldBits())))
			digest := randomBytes(seeded(1), (c.FieldBits()-1)/8) // every bit counts
			e := dstu4145.Nonce(k, nil, digest)
			kg, err := c.NewPrivateKey(e) // its abscissa is that of R
			if err != nil {
				t.Fatal(err)
			}
			xr, _ := kg.PublicKey().BytesAffine()
			good, _ := dstu4145.SignatureFromPoint(c, digest, xr, e, d)
			if sig, err := dstu4145.Checked(k, digest, xr, good); err != nil || !bytes.Equal(sig, good) {
				t.Fatalf("good signature: %v", err)
			}
			for range faults(t) {
				sig, x := good, xr
				place := r.IntN(5)
				switch place {
				case 0:
					sig, _ = dstu4145.SignatureFromPoint(c, flip(r, digest), xr, e, d)
				case 1:
					x = flip(r, xr)
					if _, ok := dstu4145.Element(c, x); !ok {
						continue
					}
					sig, _ = dstu4145.SignatureFromPoint(c, digest, x, e, d)
				case 2:
					sig, _ = dstu4145.SignatureFromPoint(c, digest, xr, flip(r, e), d)
				case 3:
					sig, _ = dstu4145.SignatureFromPoint(c, digest, xr, e, flip(r, d))
				case 4:
					sig = flip(r, good)
				}
				out, err := dstu4145.Checked(k, digest, x, sig)
				if (err == nil) != bytes.Equal(sig, good) || (err != nil && out != nil) {
					t.Fatalf("fault in place %d: %x, %v", place, out, err)
				}
			}
		})
	}
}

// faulty is a group with one wrong bit in the result of one call.
type faulty struct {
	ec2m.Group
	calls int // calls until the fault
	bit   int
	hit   bool
}

func (f *faulty) spoil(w ec2m.Words) ec2m.Words {
	if f.calls == 0 {
		w[f.bit/64] ^= 1 << (f.bit % 64)
		f.hit = true
	}
	f.calls--
	return w
}

func (f *faulty) BaseMultX(k ec2m.Words) ec2m.Words   { return f.spoil(f.Group.BaseMultX(k)) }
func (f *faulty) FieldMul(a, b ec2m.Words) ec2m.Words { return f.spoil(f.Group.FieldMul(a, b)) }
func (f *faulty) VarTimeCombineX(s, r, qx, qy ec2m.Words) (ec2m.Words, bool) {
	x, ok := f.Group.VarTimeCombineX(s, r, qx, qy)
	return f.spoil(x), ok
}
func (f *faulty) BaseMult(k ec2m.Words) (x, y ec2m.Words) {
	x, y = f.Group.BaseMult(k)
	return f.spoil(x), y
}

// TestFaultInGroup plants the fault below Sign and key generation.
func TestFaultInGroup(t *testing.T) {
	c := dstu4145.M257PB()
	k := testKey(t, c, 1)
	r := rand.New(rand.NewPCG(2, 2))
	hits := 0
	for i := range faults(t) / 4 {
		digest := randomBytes(seeded(uint64(i)), 32)
		g := &faulty{Group: dstu4145.Group(c), calls: r.IntN(4), bit: r.IntN(c.FieldBits())}
		sig, err := dstu4145.Rebind(k, dstu4145.WithGroup(c, g), k.Bytes()).Sign(nil, digest, nil)
		// The multiplication by h may be spoilt in bits that are cut off; such a signature is right.
		if err == nil && !dstu4145.Verify(k.PublicKey(), digest, sig) {
			t.Fatalf("signature %x goes out with a fault in bit %d", sig, g.bit)
		}
		if err != nil {
			hits++
			if sig != nil {
				t.Fatal("both error and signature")
			}
		}

		g = &faulty{Group: dstu4145.Group(c), bit: g.bit}
		if bad, err := dstu4145.WithGroup(c, g).GenerateKey(seeded(uint64(i))); err == nil {
			t.Fatalf("key %v with a fault in bit %d", bad.PublicKey().Bytes(), g.bit)
		}

		if sig, err := dstu4145.Rebind(k, c, flip(r, k.Bytes())).Sign(seeded(1), digest, nil); err == nil {
			t.Fatalf("signature %x with a damaged key", sig)
		}
	}
	if hits < faults(t)/10 {
		t.Errorf("only %d faults were noticed", hits)
	}
}
