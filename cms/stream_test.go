package cms_test

import (
	"bytes"
	"context"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
)

// pattern yields n octets of content without holding them.
func pattern(n int64) io.Reader { return io.LimitReader(repeating{}, n) }

type repeating struct{}

func (repeating) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// peak samples the live heap while f runs and returns how much it grew.
func peak(f func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	base, top := m.HeapAlloc, m.HeapAlloc
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			runtime.ReadMemStats(&m)
			top = max(top, m.HeapAlloc)
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	f()
	close(done)
	<-ended
	return top - base
}

// TestStreamMemory passes a message of 64 MiB through pipes: signed and encrypted on one side,
// decrypted and verified on the other. Nothing of it may be held.
func TestStreamMemory(t *testing.T) {
	size := int64(64 << 20)
	if testing.Short() {
		size = 8 << 20
	}
	signer, k := identity(t, "kupyna").Signing, identity(t, "m257").Agreement
	ctx := context.Background()
	for _, known := range []int64{0, size} {
		grown := peak(func() {
			pr, pw := io.Pipe()
			go func() {
				e, err := cms.NewEncrypter(pw, []*pkix.Certificate{k.Certificate}, &cms.EncryptOptions{ContentType: cms.ContentTypeSignedData})
				if err == nil {
					var s io.WriteCloser
					s, err = cms.NewSigner(ctx, e, []cms.Signer{signerOf(signer)}, &cms.SignOptions{Size: known, OmitContentInfo: true})
					if err == nil {
						_, err = io.Copy(s, pattern(size))
					}
					if err == nil {
						err = s.Close()
					}
				}
				if err == nil {
					err = e.Close()
				}
				pw.CloseWithError(err)
			}()
			d, err := cms.NewDecrypter(pr, with(recipient(k)))
			require.NoError(t, err)
			s, err := cms.NewSignedReader(d)
			require.NoError(t, err)
			n, err := io.Copy(io.Discard, s)
			require.NoError(t, err)
			require.Equal(t, size, n)
			_, err = s.CheckSignatures(ctx, nil)
			require.NoError(t, err)
		})
		require.Less(t, grown, uint64(6<<20), "live heap grew by %d octets", grown)
	}
}

// TestDetachedMemory signs and verifies a detached content that is not held either.
func TestDetachedMemory(t *testing.T) {
	const size = 8 << 20
	signer := identity(t, "kupyna").Signing
	ctx := context.Background()
	grown := peak(func() {
		var out bytes.Buffer
		s, err := cms.NewSigner(ctx, &out, []cms.Signer{signerOf(signer)}, &cms.SignOptions{Detached: true})
		require.NoError(t, err)
		_, err = io.Copy(s, pattern(size))
		require.NoError(t, err)
		require.NoError(t, s.Close())
		_, err = cms.CheckDetached(ctx, out.Bytes(), pattern(size), nil)
		require.NoError(t, err)
	})
	require.Less(t, grown, uint64(4<<20), "live heap grew by %d octets", grown)
}

// A reader of a message gives what it holds in the buffer that is there, and no more memory than
// four times the message, and a mebibyte.
func TestParseMemory(t *testing.T) {
	k := identity(t, "a").Signing
	big := bytes.Repeat([]byte("a"), 4<<20)
	signed, err := cms.Sign(big, []cms.Signer{signerOf(k)}, nil)
	require.NoError(t, err)
	enveloped, err := cms.Encrypt(big, []*pkix.Certificate{identity(t, "a").Agreement.Certificate}, nil)
	require.NoError(t, err)
	m := craft(t, k, gost, "")
	for range 4000 { // certificates that cannot be read
		m.certs = append(m.certs, tlv(0x30, big[:1000]))
	}
	for name, f := range map[string]struct {
		msg   []byte
		parse func([]byte) error
	}{
		"signed":       {signed, func(b []byte) error { _, err := cms.ParseSigned(b); return err }},
		"enveloped":    {enveloped, func(b []byte) error { _, err := cms.ParseEnveloped(b); return err }},
		"certificates": {m.der(), func(b []byte) error { _, err := cms.ParseSigned(b); return err }},
		"certificates in a stream": {m.der(), func(b []byte) error {
			s, err := cms.NewSignedReader(struct{ io.Reader }{bytes.NewReader(b)})
			if err == nil {
				_, err = io.Copy(io.Discard, s)
			}
			return err
		}},
	} {
		grown := peak(func() { require.NoError(t, f.parse(f.msg), name) })
		require.Less(t, grown, uint64(4*len(f.msg)+1<<20), "%s: live heap grew by %d octets for %d", name, grown, len(f.msg))
	}
}

// Time is linear in the number of signers and certificates.
func TestLinearTime(t *testing.T) {
	k := identity(t, "m163").Signing
	measure := func(n int) time.Duration {
		m := craft(t, k, gost, "")
		twin := selfSigned(t, "двійник", 3, k.Key, nil)
		s := m.signers[0]
		s.signature = make([]byte, 42)
		s.unsigned = [][]byte{}
		m.signers = nil
		for range n {
			m.certs = append(m.certs, twin.Raw, tlv(0x30, null))
			m.signers = append(m.signers, s)
			s.unsigned = append(s.unsigned, attribute([]int{1, 2, 3}, null))
		}
		s.unsigned = s.unsigned[:1]
		msg := m.der()
		start := time.Now()
		_, _, err := check(t, msg, nil)
		require.Error(t, err)
		return time.Since(start)
	}
	measure(10)
	small, large := measure(100), measure(1600)
	require.Less(t, large, 40*small+100*time.Millisecond, "16 times the input takes %v instead of %v", large, small)
}

// Too many elements are refused, not collected.
func TestElementLimits(t *testing.T) {
	k := identity(t, "m163").Signing
	m := craft(t, k, gost, "")
	for range 5000 {
		m.certs = append(m.certs, tlv(0x30))
	}
	_, err := cms.ParseSigned(m.der())
	var format *cms.FormatError
	require.ErrorAs(t, err, &format)
	m = craft(t, k, gost, "")
	for range 5000 {
		m.signers[0].unsigned = append(m.signers[0].unsigned, attribute([]int{1, 2, 3}, null))
	}
	_, err = cms.ParseSigned(m.der())
	require.ErrorAs(t, err, &format)
	// An element that never ends: the source gives as much as it is asked for.
	endless := append(bytes.Clone(m.der()[:0]), 0x30, 0x80)
	endless = append(endless, oid(cms.ContentTypeSignedData)...)
	endless = append(endless, 0xa0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0x80)
	endless = append(endless, oid(cms.ContentTypeData)...)
	endless = append(endless, 0, 0, 0xa0, 0x80, 0x30, 0x84, 0x7f, 0xff, 0xff, 0xf0)
	grown := peak(func() {
		s, err := cms.NewSignedReader(io.MultiReader(bytes.NewReader(endless), repeating{}))
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, s)
		require.ErrorAs(t, err, &format)
	})
	require.Less(t, grown, uint64(1<<20))
}
