package cms_test

import (
	"bytes"
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
)

func BenchmarkSign1KiB(b *testing.B) {
	s := []cms.Signer{signerOf(identity(b, "a").Signing)}
	content := make([]byte, 1<<10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cms.Sign(content, s, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck1KiB(b *testing.B) {
	msg, err := cms.Sign(make([]byte, 1<<10), []cms.Signer{signerOf(identity(b, "a").Signing)}, nil)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		s, err := cms.NewSignedReader(bytes.NewReader(msg))
		if err == nil {
			_, err = io.Copy(io.Discard, s)
		}
		if err == nil {
			_, err = s.CheckSignatures(context.Background(), nil)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEnvelope1KiB(b *testing.B) {
	k := identity(b, "a").Agreement
	to, o := []*pkix.Certificate{k.Certificate}, with(recipient(k))
	content := make([]byte, 1<<10)
	msg, err := cms.Encrypt(content, to, nil)
	require.NoError(b, err)
	b.Run("encrypt", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := cms.Encrypt(content, to, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decrypt", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := cms.Decrypt(msg, o); err != nil {
				b.Fatal(err)
			}
		}
	})
}
