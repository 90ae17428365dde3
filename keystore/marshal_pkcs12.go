package keystore

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"io"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ukrcrypto/dstu/internal/der"
	"github.com/ukrcrypto/dstu/internal/pbe"
	"github.com/ukrcrypto/dstu/pkix"
)

// pkcs12 writes a PFX: the keys in one part, each encrypted, and the certificates in another,
// encrypted as a whole.
func (w *writer) pkcs12(entries []*Entry, certs []*pkix.Certificate) ([]byte, error) {
	safe, err := w.authSafe(entries, certs)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, pbe.SaltSize)
	if _, err := io.ReadFull(w.random, salt); err != nil {
		return nil, fmt.Errorf("keystore: random: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(3)
		addData(b, safe)
		pbe.AddMACData(b, w.suite, w.session, w.passwords(), salt, w.iterations, safe)
	})
	return b.Bytes()
}

// authSafe writes the AuthenticatedSafe.
func (w *writer) authSafe(entries []*Entry, certs []*pkix.Certificate) ([]byte, error) {
	var keys cryptobyte.Builder
	var all []*pkix.Certificate
	keys.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, e := range order(entries) {
			w.addKeyBag(b, e)
			all = append(append(all, e.Certificates()...), e.Chain...)
		}
	})
	contents, err := keys.Bytes()
	if err != nil {
		return nil, err
	}
	certificates, err := certBags(append(all, certs...))
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addData(b, contents)
		if certificates != nil {
			w.addEncryptedData(b, certificates)
		}
	})
	return b.Bytes()
}

// addData writes a ContentInfo of type data.
func addData(b *cryptobyte.Builder, contents []byte) {
	addContentInfo(b, oidData, func(b *cryptobyte.Builder) { b.AddASN1OctetString(contents) })
}

func addContentInfo(b *cryptobyte.Builder, kind asn1.ObjectIdentifier, content func(*cryptobyte.Builder)) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(kind)
		b.AddASN1(der.Explicit(0), content)
	})
}

// addEncryptedData writes a ContentInfo of type encryptedData.
func (w *writer) addEncryptedData(b *cryptobyte.Builder, contents []byte) {
	w.seal(b, contents, func(b *cryptobyte.Builder, scheme *pbe.PBES2, data []byte) {
		addContentInfo(b, oidEncryptedData, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(0)
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oidData)
					scheme.AddAlgorithm(b)
					b.AddASN1(der.Context(0), func(b *cryptobyte.Builder) { b.AddBytes(data) })
				})
			})
		})
	})
}

// addKeyBag writes a pkcs8ShroudedKeyBag with the key identifier and the name of the key.
func (w *writer) addKeyBag(b *cryptobyte.Builder, e *Entry) {
	plain, err := marshalPrivateKey(e, nil)
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(append(slices.Clone(oidBags), shroudedKeyBag))
		b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) { w.addEncrypted(b, plain) })
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
			attributes := [][]byte{bagAttribute(oidLocalKeyID, cbasn1.OCTET_STRING, e.KeyID())}
			if e.Alias != "" {
				attributes = append(attributes, bagAttribute(oidFriendlyName, der.BMPString, pbe.UTF16(e.Alias)))
			}
			slices.SortFunc(attributes, bytes.Compare)
			b.AddBytes(slices.Concat(attributes...))
		})
	})
}

func bagAttribute(oid asn1.ObjectIdentifier, tag cbasn1.Tag, value []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
			b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(value) })
		})
	})
	return b.BytesOrPanic()
}

// certBags writes a SafeContents of certificates, nil if there are none.
func certBags(certs []*pkix.Certificate) ([]byte, error) {
	if len(certs) == 0 {
		return nil, nil
	}
	seen := make(map[string]bool, len(certs))
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, c := range certs {
			if seen[string(c.Raw)] {
				continue
			}
			seen[string(c.Raw)] = true
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(append(slices.Clone(oidBags), certBag))
				b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) {
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(oidX509Bag)
						b.AddASN1(der.Explicit(0), func(b *cryptobyte.Builder) { b.AddASN1OctetString(c.Raw) })
					})
				})
				if len(c.SubjectKeyID) > 0 {
					b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
						b.AddBytes(bagAttribute(oidLocalKeyID, cbasn1.OCTET_STRING, c.SubjectKeyID))
					})
				}
			})
		}
	})
	return b.Bytes()
}
