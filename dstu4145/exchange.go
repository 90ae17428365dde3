package dstu4145

import (
	"crypto"
	"errors"

	"github.com/ukrcrypto/dstu/internal/modn"
)

var (
	errPeer     = errors.New("dstu4145: peer key is of another curve")
	errInfinity = errors.New("dstu4145: shared secret is the point at infinity")
)

// KeyExchanger is a private key that can agree on a secret, in memory or in a device. The methods
// are those of [PrivateKey].
type KeyExchanger interface {
	PublicKey() *PublicKey
	ECDH(peer *PublicKey) ([]byte, error)
	CofactorECDH(peer *PublicKey) ([]byte, error)
}

var (
	_ crypto.Signer        = (*PrivateKey)(nil)
	_ crypto.MessageSigner = (*PrivateKey)(nil)
	_ KeyExchanger         = (*PrivateKey)(nil)
)

// ECDH returns the abscissa of d·Q (DSTU ISO/IEC 15946-3, the schemes without cofactor),
// big-endian, [Curve.FieldSize] bytes, leading zero bytes kept. Both sides get the same value.
//
// It fails if peer is nil or of another curve. The result is the raw shared secret: pass it
// through a key derivation function.
func (k *PrivateKey) ECDH(peer *PublicKey) ([]byte, error) { return k.exchange(peer, 0) }

// CofactorECDH returns the abscissa of h·d·Q, h being the cofactor (DSTU ISO/IEC 15946-3, the
// schemes with cofactor). Form and errors are those of [PrivateKey.ECDH].
func (k *PrivateKey) CofactorECDH(peer *PublicKey) ([]byte, error) {
	return k.exchange(peer, k.curve.shift)
}

// exchange returns the abscissa of 2^shift·d·Q. The scalar is not reduced modulo n: so a point
// of small order, which no PublicKey holds, would still give infinity in the cofactor schemes.
func (k *PrivateKey) exchange(peer *PublicKey, shift uint) ([]byte, error) {
	if peer == nil || peer.curve != k.curve {
		return nil, errPeer
	}
	x, finite := k.curve.group.MultX(shiftLeft(k.d(), shift), peer.x)
	if finite == 0 {
		return nil, errInfinity
	}
	return k.curve.elementBytes(x), nil
}

// shiftLeft returns w·2^n for n < 64. n is public.
func shiftLeft(w modn.Words, n uint) modn.Words {
	for i := len(w) - 1; i > 0; i-- {
		w[i] = w[i]<<n | w[i-1]>>(64-n)
	}
	w[0] <<= n
	return w
}
