package pkix

import (
	"crypto"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/internal/alg"
	"github.com/ukrcrypto/dstu/internal/der"
)

// CheckSignatureFrom checks that parent's key made the signature of c. It is mathematics only:
// it says nothing about validity periods, rights of the issuer or trust.
//
// RSA and ECDSA signatures with SHA-1 count as right, unlike in crypto/x509: old roots and time
// stamps have them. Whoever decides about trust has to refuse what is too weak.
//
// The hash follows the signature's OID; GOST 34.311 uses the DKE of parent's key, DKE No. 1 if
// it has none. Errors unwrap to
//   - [ErrIssuerMismatch]: c names another issuer, or parent's key is of another kind;
//   - [ErrUnsupported]: the signature algorithm, or the algorithm or curve of parent's key;
//   - [ErrPublicKey]: parent's key is invalid;
//   - [ErrSignature]: the signature is wrong or malformed.
func (c *Certificate) CheckSignatureFrom(parent *Certificate) error {
	if !c.Issuer.Equal(parent.Subject) {
		return ErrIssuerMismatch
	}
	err := checkSignature(c.signatureAlgorithm, c.RawTBS, c.Signature, parent.PublicKey, parent.PublicKeyError, parent.SBox)
	if errors.Is(err, alg.ErrKeyType) {
		return fmt.Errorf("%w: %w", ErrIssuerMismatch, err)
	}
	return err
}

// CheckSignature checks a signature in the form of X.509, CRL, PKCS#10 and OCSP by the key of c:
// signed octets, the AlgorithmIdentifier (DER) and the contents of the BIT STRING. Errors: see
// [Certificate.CheckSignatureFrom]; a key of another kind is [ErrSignature].
func (c *Certificate) CheckSignature(algorithm, signed, signature []byte) error {
	err := checkSignature(algorithm, signed, signature, c.PublicKey, c.PublicKeyError, c.SBox)
	if errors.Is(err, alg.ErrKeyType) {
		return fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return err
}

// checkSignature leaves [alg.ErrKeyType] to the caller.
func checkSignature(algorithm, signed, signature []byte, pub crypto.PublicKey, pubErr error, sbox *gost28147.SBox) error {
	s, err := parseSignatureAlgorithm(algorithm)
	if err != nil {
		return err
	}
	if pub == nil {
		if pubErr == nil {
			pubErr = ErrPublicKey
		}
		return pubErr
	}
	newHash, err := alg.NewHash(s.Digest, sbox)
	if err != nil {
		return fmt.Errorf("pkix: %w", err)
	}
	if s.Scheme == alg.SchemeDSTU4145 {
		inner, ok := alg.Unwrap(signature)
		if !ok {
			return fmt.Errorf("%w: no octet string inside the bit string", ErrSignature)
		}
		if key, ok := pub.(*dstu4145.PublicKey); ok && len(inner) != 2*key.Curve().ScalarSize() {
			return fmt.Errorf("%w: %d octets", ErrSignature, len(inner)) // X.509 leaves no choice of length
		}
		signature = inner
	}
	h := newHash()
	h.Write(signed)
	ok, err := s.VerifyDigest(pub, h.Sum(nil), signature)
	switch {
	case errors.Is(err, alg.ErrEncoding):
		return fmt.Errorf("%w: %w", ErrSignature, err)
	case err != nil:
		return fmt.Errorf("pkix: %w", err)
	case !ok:
		return ErrSignature
	}
	return nil
}

// parseSignatureAlgorithm reads an AlgorithmIdentifier.
func parseSignatureAlgorithm(identifier []byte) (alg.Signature, error) {
	root := der.New(identifier, "signatureAlgorithm")
	r := root.Sequence("")
	oid := r.OID("algorithm")
	params := cryptobyte.String(r.Rest())
	if err := root.End(); err != nil {
		return alg.Signature{}, wrapParse(err)
	}
	s, err := alg.ParseSignature(oid, params)
	if err != nil {
		return alg.Signature{}, fmt.Errorf("pkix: %w", err)
	}
	return s, nil
}
