package dstu4145_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/ukrcrypto/dstu/dstu4145"
)

// TestConcurrency shares one key between many goroutines; run it under the race detector.
func TestConcurrency(t *testing.T) {
	k, peer := testKey(t, dstu4145.M257PB(), 1), testKey(t, dstu4145.M257PB(), 2)
	digest := make([]byte, 32)
	sig, err := k.Sign(nil, digest, nil)
	if err != nil {
		t.Fatal(err)
	}
	z, err := peer.ECDH(k.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	q := k.PublicKey().Bytes()

	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for range 3 {
				if s, err := k.Sign(nil, digest, nil); err != nil || !bytes.Equal(s, sig) {
					t.Errorf("signature %x: %v", s, err)
				}
				if s, err := k.Sign(seeded(uint64(i)), digest, nil); err != nil || !dstu4145.Verify(k.PublicKey(), digest, s) {
					t.Errorf("hedged signature %x: %v", s, err)
				}
				if !dstu4145.Verify(k.PublicKey(), digest, sig) || !bytes.Equal(k.Public().(*dstu4145.PublicKey).Bytes(), q) {
					t.Error("verification or public key changed")
				}
				if s, err := k.ECDH(peer.PublicKey()); err != nil || !bytes.Equal(s, z) {
					t.Errorf("shared secret %x: %v", s, err)
				}
				c := dstu4145.Curves()[i%16]
				if g, err := c.NewPublicKey(c.Generator()); err != nil || g.Curve() != c {
					t.Errorf("%s: %v", c.Name(), err)
				}
			}
		})
	}
	wg.Wait()
}
