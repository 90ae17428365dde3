package cms_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/internal/cryptotest"
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

// TestStreamMemory passes a message of 64 MiB through pipes: signed and encrypted on one side,
// decrypted and verified on the other. Nothing of it may be held.
func TestStreamMemory(t *testing.T) {
	size := int64(64 << 20)
	if testing.Short() {
		size = 8 << 20
	}
	signer, k := identity(t, "kupyna").Signing, identity(t, "m257").Agreement
	ctx := context.Background()
	for _, known := range []int64{0, 8 << 20} {
		if known > 0 {
			size = known
		}
		grown := cryptotest.Peak(func() {
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
	grown := cryptotest.Peak(func() {
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

// Reading takes no more memory than four times the message, and a mebibyte: what it keeps, with
// messages of many small elements at the limits of their numbers among them.
func TestParseMemory(t *testing.T) {
	k := identity(t, "m163")
	big := bytes.Repeat([]byte("a"), 4<<20)
	signed, err := cms.Sign(big, []cms.Signer{signerOf(k.Signing)}, nil)
	require.NoError(t, err)
	enveloped, err := cms.Encrypt(big, []*pkix.Certificate{k.Agreement.Certificate}, nil)
	require.NoError(t, err)
	small := func(change func(*crafted, *craftedSigner)) []byte {
		m := craft(t, k.Signing, gost, "")
		s := m.signers[0]
		s.sid, s.signature = tlv(0x80), []byte{}
		change(m, s)
		return m.der()
	}
	fill := func(list *[][]byte, n int, with []byte) {
		for range n {
			*list = append(*list, with)
		}
	}
	tiny := attribute([]int{1, 2, 3}, null)
	envelope := craftEnvelope(t, k.Agreement.Key.PublicKey(), kdf, true, "")
	envelope.rid, envelope.encryptedKey = tlv(0x30, tlv(0x30), tlv(2, []byte{0})), nil
	fill(&envelope.more, 1023, tlv(0xa1, tlv(2, []byte{3}), tlv(0xa0, tlv(0x80)), tlv(0x30, oid([]int{1, 2, 3}), algorithm([]int{1, 2, 3})),
		tlv(0x30, tlv(0x30, envelope.rid, tlv(4)))))

	parseSigned := func(b []byte) (any, error) { return cms.ParseSigned(b) }
	for _, tt := range []struct {
		name  string
		msg   []byte
		parse func([]byte) (any, error)
	}{
		{"content", signed, parseSigned},
		{"encrypted content", enveloped, func(b []byte) (any, error) { return cms.ParseEnveloped(b) }},
		{"broken certificates", small(func(m *crafted, _ *craftedSigner) { fill(&m.certs, 1023, tlv(0x30)) }), parseSigned},
		{"large certificates", small(func(m *crafted, _ *craftedSigner) { fill(&m.certs, 1023, tlv(0x30, big[:4000])) }), parseSigned},
		{"other certificates", small(func(m *crafted, _ *craftedSigner) { fill(&m.certs, 1023, null) }), parseSigned},
		{"signers", small(func(m *crafted, s *craftedSigner) {
			s.attrs = [][]byte{tiny}
			for range 511 {
				m.signers = append(m.signers, s)
			}
		}), parseSigned},
		{"attributes", small(func(m *crafted, s *craftedSigner) {
			s.attrs = nil
			fill(&s.attrs, 256, tiny)
			for range 15 {
				m.signers = append(m.signers, s)
			}
		}), parseSigned},
		{"recipients", envelope.der(), func(b []byte) (any, error) { return cms.ParseEnveloped(b) }},
		{"stream", small(func(m *crafted, _ *craftedSigner) { fill(&m.certs, 1023, tlv(0x30, big[:4000])) }), func(b []byte) (any, error) {
			s, err := cms.NewSignedReader(struct{ io.Reader }{bytes.NewReader(b)})
			if err == nil {
				_, err = io.Copy(io.Discard, s)
			}
			return s, err
		}},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		kept, err := tt.parse(tt.msg)
		require.NoError(t, err, tt.name)
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(kept)
		grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
		require.Less(t, grown, int64(4*len(tt.msg)+1<<20), "%s: %d octets kept for %d", tt.name, grown, len(tt.msg))
		t.Logf("%s: %d octets kept for %d", tt.name, grown, len(tt.msg))
	}
}

// Work is linear in the number of signers and certificates.
func TestLinear(t *testing.T) {
	k := identity(t, "m163").Signing
	measure := func(n int) uint64 {
		m := craft(t, k, gost, "")
		twin := selfSigned(t, "двійник", 3, k.Key, nil)
		s := m.signers[0]
		s.signature = make([]byte, 42)
		m.signers = nil
		for range n {
			m.certs = append(m.certs, twin.Raw)
			m.signers = append(m.signers, s)
		}
		msg := m.der()
		_, objects := cryptotest.Allocated(func() {
			_, _, err := check(t, msg, nil)
			require.Error(t, err)
		})
		return objects
	}
	measure(10)
	small, large := measure(30), measure(480)
	t.Logf("%d objects, %d for 16 times the input", small, large)
	require.Less(t, large, 20*small)
}

// Too many elements are refused, not collected.
func TestElementLimits(t *testing.T) {
	k := identity(t, "m163").Signing
	m := craft(t, k, gost, "")
	for range 1024 {
		m.certs = append(m.certs, tlv(0x30))
	}
	_, err := cms.ParseSigned(m.der())
	var format *cms.FormatError
	require.ErrorAs(t, err, &format)
	m = craft(t, k, gost, "")
	for range 257 {
		m.signers[0].unsigned = append(m.signers[0].unsigned, attribute([]int{1, 2, 3}, null))
	}
	_, err = cms.ParseSigned(m.der())
	require.ErrorAs(t, err, &format)
	m = craft(t, k, gost, "")
	m.signers[0].signature = []byte{}
	for range 512 {
		m.signers = append(m.signers, m.signers[0])
	}
	_, err = cms.ParseSigned(m.der())
	require.ErrorAs(t, err, &format)
	// Recipients are counted one by one, however they are grouped.
	keys := bytes.Repeat(tlv(0x30, tlv(0x30, tlv(0x30), tlv(2, []byte{1})), tlv(4)), 513)
	info := tlv(0xa1, tlv(2, []byte{3}), tlv(0xa0, tlv(0x80)), tlv(0x30, oid([]int{1, 2, 3}), algorithm([]int{1, 2, 3})), tlv(0x30, keys))
	for n, ok := range map[int]bool{1: true, 2: false} {
		_, err = cms.ParseEnveloped(tlv(0x30, tlv(2, []byte{2}), tlv(0x31, bytes.Repeat(info, n)), tlv(0x30, oid(cms.ContentTypeData), gostCFB(iv8))))
		require.Equal(t, ok, err == nil, "%v", err)
	}
	// An element that never ends: the source gives as much as it is asked for.
	endless := append(bytes.Clone(m.der()[:0]), 0x30, 0x80)
	endless = append(endless, oid(cms.ContentTypeSignedData)...)
	endless = append(endless, 0xa0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0x80)
	endless = append(endless, oid(cms.ContentTypeData)...)
	endless = append(endless, 0, 0, 0xa0, 0x80, 0x30, 0x84, 0x7f, 0xff, 0xff, 0xf0)
	grown := cryptotest.Peak(func() {
		s, err := cms.NewSignedReader(io.MultiReader(bytes.NewReader(endless), repeating{}))
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, s)
		require.ErrorAs(t, err, &format)
	})
	require.Less(t, grown, uint64(1<<20))
}

// All that is held of one message is limited as well.
func TestBufferedLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("short: holds 64 MiB")
	}
	const size = 15 << 20
	head := []byte{0x30, 0x80, 2, 1, 1, 0x31, 0, 0x30, 0x80}
	head = append(append(head, oid(cms.ContentTypeData)...), 0, 0, 0xa0, 0x80)
	parts := []io.Reader{bytes.NewReader(head)}
	for range 5 {
		parts = append(parts, bytes.NewReader([]byte{0xa1, 0x84, size >> 24, size >> 16, size >> 8 & 0xff, size & 0xff}), pattern(size))
	}
	parts = append(parts, bytes.NewReader([]byte{0, 0, 0x31, 0, 0, 0}))
	read := func(parts ...io.Reader) error {
		s, err := cms.NewSignedReader(io.MultiReader(parts...))
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, s)
		return err
	}
	require.ErrorContains(t, read(parts...), "too large")
	parts = parts[:0]
	parts = append(parts, bytes.NewReader(head))
	for range 2 {
		parts = append(parts, bytes.NewReader([]byte{0xa1, 0x84, size >> 24, size >> 16, size >> 8 & 0xff, size & 0xff}), pattern(size))
	}
	require.NoError(t, read(append(parts, bytes.NewReader([]byte{0, 0, 0x31, 0, 0, 0}))...))
}

// A failing source is not a malformed message.
func TestSourceErrors(t *testing.T) {
	id := identity(t, "m163")
	signed, err := cms.Sign([]byte("abc"), []cms.Signer{signerOf(id.Signing)}, nil)
	require.NoError(t, err)
	enveloped, err := cms.Encrypt([]byte("abc"), []*pkix.Certificate{id.Agreement.Certificate}, nil)
	require.NoError(t, err)
	boom := errors.New("boom")
	for name, tt := range map[string]struct {
		msg  []byte
		open func(io.Reader) (io.Reader, error)
	}{
		"signed":    {signed, func(r io.Reader) (io.Reader, error) { return cms.NewSignedReader(r) }},
		"enveloped": {enveloped, func(r io.Reader) (io.Reader, error) { return cms.NewDecrypter(r, with(recipient(id.Agreement))) }},
	} {
		for n := range len(tt.msg) {
			r, err := tt.open(io.MultiReader(bytes.NewReader(tt.msg[:n]), errReader{boom}))
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			require.ErrorIs(t, err, boom, "%s, %d octets", name, n)
			var format *cms.FormatError
			require.False(t, errors.As(err, &format), "%s, %d octets: %v", name, n, err)
		}
	}
}
