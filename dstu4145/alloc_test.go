package dstu4145_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

func TestAllocations(t *testing.T) {
	for _, c := range dstu4145.Curves() {
		k, peer := testKey(t, c, 1), testKey(t, c, 2).PublicKey()
		digest := make([]byte, 32)
		sig, err := k.Sign(nil, digest, nil)
		if err != nil {
			t.Fatal(err)
		}
		ready := prepared(t, k.PublicKey())
		rnd := seeded(3)
		for _, op := range []struct {
			name string
			max  float64
			f    func() bool
		}{
			{"Verify", 0, func() bool { return dstu4145.Verify(k.PublicKey(), digest, sig) }},
			{"Verify, prepared", 0, func() bool { return dstu4145.Verify(ready, digest, sig) }},
			{"Sign", 2, func() bool { _, err := k.Sign(rnd, digest, nil); return err == nil }},
			{"Sign without reader", 1, func() bool { _, err := k.Sign(nil, digest, nil); return err == nil }},
			{"ECDH", 1, func() bool { _, err := k.ECDH(peer); return err == nil }},
			{"CofactorECDH", 1, func() bool { _, err := k.CofactorECDH(peer); return err == nil }},
			{"Equal", 0, func() bool { return k.Equal(k) && peer.Equal(peer) }},
		} {
			ok := true
			if n := testing.AllocsPerRun(5, func() { ok = op.f() && ok }); n > op.max || !ok {
				t.Errorf("%s: %s allocates %v times, want at most %v (success: %v)", c.Name(), op.name, n, op.max, ok)
			}
		}
	}
}
