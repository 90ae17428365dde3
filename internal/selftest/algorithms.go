package selftest

import (
	"bytes"
	"cmp"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"errors"
	"fmt"
	"hash"
	"slices"

	"github.com/ukrcrypto/dstu/dstu4145"
	"github.com/ukrcrypto/dstu/gost28147"
	"github.com/ukrcrypto/dstu/gost34311"
	"github.com/ukrcrypto/dstu/kalyna"
	"github.com/ukrcrypto/dstu/kupyna"
)

// vectors is known.json. Names of fields are those of testvectors.
type vectors struct {
	Signatures []signature  `json:"signatures"`
	Agreements []agreement  `json:"agreements"`
	GOST28147  []symmetric  `json:"gost28147"`
	GOSTKW     []wrapping   `json:"gostkw"`
	GOST34311  []digest     `json:"gost34311"`
	HMAC       []digest     `json:"hmac_gost34311"`
	PBKDF2     []derivation `json:"pbkdf2_gost34311"`
	Kupyna     []digest     `json:"kupyna"`
	KMAC       []digest     `json:"kupyna_kmac"`
	Kalyna     []symmetric  `json:"kalyna"`
	CMAC       []digest     `json:"kalyna_cmac"`
	GMAC       []digest     `json:"kalyna_gmac"`
	KalynaKW   []wrapping   `json:"kalyna_cmswrap"`
}

type signature struct {
	Curve  string
	Hash   octets
	D      octets
	Public octets `json:"q_compressed_be"`
	R, S   octets
}

type agreement struct {
	Curve string
	D     octets `json:"d_a"`
	X     octets `json:"qb_x"`
	Y     octets `json:"qb_y"`
	Z     octets `json:"z_x"`
}

type symmetric struct {
	Mode, Variant             string
	Key, IV, AAD, PT, CT, Tag octets
	Msg, MAC                  octets
}

type wrapping struct{ KEK, CEK, IV, Wrapped octets }

type digest struct {
	Variant             string
	N                   int
	Key, Msg, Hash, MAC octets
}

type derivation struct {
	Password, Salt octets
	Iterations     int
	DK             octets
}

var errNone = errors.New("no answers")

// all runs f on every vector, of which there must be some.
func all[T any](list []T, f func(T) error) func() error {
	return func() error {
		if len(list) == 0 {
			return errNone
		}
		for _, v := range list {
			if err := f(v); err != nil {
				return err
			}
		}
		return nil
	}
}

func (v *vectors) tests() []test {
	curve := []string{"internal/ec2m", "internal/gf2m"}
	out := []test{
		{"dstu4145/sign", curve, all(v.Signatures, signature.check), nil},
		{"dstu4145/ecdh", curve, all(v.Agreements, agreement.check), nil},
	}
	cut := func(list []symmetric, keep func(symmetric) bool) []symmetric {
		return slices.DeleteFunc(slices.Clone(list), func(s symmetric) bool { return !keep(s) })
	}
	for _, mode := range []string{"ecb", "ctr", "cfb", "mac"} {
		list := cut(v.GOST28147, func(s symmetric) bool { return s.Mode == mode })
		out = append(out, test{"gost28147/" + mode, []string{"internal/gost89"}, all(list, symmetric.gost), bulk(list, symmetric.gostBulk)})
	}
	out = append(out,
		test{"gost28147/wrap", []string{"internal/gost89"}, all(v.GOSTKW, wrapping.gost), nil},
		test{"gost34311", []string{"gost34311"}, all(v.GOST34311, digest.gost34311), gost34311Bulk},
		test{"gost34311/hmac", []string{"gost34311"}, all(v.HMAC, digest.hmac), nil},
		test{"gost34311/pbkdf2", []string{"gost34311"}, all(v.PBKDF2, derivation.check), nil},
		test{"kupyna", []string{"kupyna"}, all(v.Kupyna, digest.kupyna), kupynaBulk},
		test{"kupyna/mac", []string{"kupyna"}, all(v.KMAC, digest.kmac), nil},
	)
	for _, mode := range []string{"ecb", "ctr", "cbc", "cfb", "ofb", "xts", "gcm", "ccm", "kw"} {
		list := cut(v.Kalyna, func(s symmetric) bool { return s.Mode == mode })
		out = append(out, test{"kalyna/" + mode, []string{"kalyna"}, all(list, symmetric.kalyna), bulk(list, symmetric.kalynaBulk)})
	}
	return append(out,
		test{"kalyna/cmac", []string{"kalyna"}, all(v.CMAC, digest.cmac), nil},
		test{"kalyna/gmac", []string{"kalyna"}, all(v.GMAC, digest.gmac), nil},
		test{"kalyna/wrap", []string{"kalyna"}, all(v.KalynaKW, wrapping.kalyna), nil},
	)
}

// long is the length of input that code for many blocks at once takes; it divides into no whole
// number of its batches.
const long = 10_000 + 7*64

// input is what code for many blocks at once is tried on.
func input() []byte {
	data := make([]byte, long)
	for i := range data {
		data[i] = byte(i * i >> 3)
	}
	return data
}

// several are messages to be hashed side by side: more than there are lanes, one longer than the others.
func several() [][]byte {
	data := input()
	return [][]byte{data[:1000], data[1:1001], data, data[2:1500], {}, data[3:1003], data[4:1070]}
}

func gost34311Bulk() ([]byte, error) {
	sum := gost34311.Sum(input())
	out := sum[:]
	for _, sum := range gost34311.SumMany(several(), nil) {
		out = append(out, sum[:]...)
	}
	return out, nil
}

func kupynaBulk() ([]byte, error) {
	short, long := kupyna.Sum256(input()), kupyna.Sum512(input())
	out := slices.Concat(short[:], long[:])
	for _, sum := range kupyna.SumMany256(several()) {
		out = append(out, sum[:]...)
	}
	for _, sum := range kupyna.SumMany512(several()) {
		out = append(out, sum[:]...)
	}
	return out, nil
}

// bulk runs f on long input under the keys of all vectors.
func bulk(list []symmetric, f func(s symmetric, data []byte) ([]byte, error)) func() ([]byte, error) {
	return func() (out []byte, err error) {
		for _, s := range list {
			got, err := f(s, input()[:long/64*64])
			if err != nil {
				return nil, err
			}
			out = append(out, got...)
		}
		return out, nil
	}
}

func named(name string) (*dstu4145.Curve, error) {
	for _, c := range dstu4145.Curves() {
		if c.Name() == name {
			return c, nil
		}
	}
	return nil, fmt.Errorf("no curve %q", name)
}

// check verifies a signature and its forgery, derives the public key, and signs.
func (v signature) check() error {
	c, err := named(v.Curve)
	if err != nil {
		return err
	}
	k, err := c.NewPrivateKey(v.D)
	if err != nil {
		return err
	}
	pub, err := c.NewPublicKey(v.Public)
	if err != nil {
		return err
	}
	sig := slices.Concat(v.R, v.S)
	if !pub.Equal(k.PublicKey()) || !dstu4145.Verify(pub, v.Hash, sig) {
		return errAnswer
	}
	forged := bytes.Clone(sig)
	forged[len(forged)-1] ^= 1
	own, err := k.Sign(nil, v.Hash, nil)
	if err != nil {
		return err
	}
	if dstu4145.Verify(pub, v.Hash, forged) || !dstu4145.Verify(pub, v.Hash, own) {
		return errAnswer
	}
	return nil
}

func (v agreement) check() error {
	c, err := named(v.Curve)
	if err != nil {
		return err
	}
	k, err := c.NewPrivateKey(v.D)
	if err != nil {
		return err
	}
	peer, err := c.NewPublicKeyAffine(v.X, v.Y)
	if err != nil {
		return err
	}
	z, err := k.CofactorECDH(peer)
	return cmp.Or(err, same(z, v.Z))
}

// coder encrypts or decrypts src to dst.
type coder func(dst, src []byte)

// both checks a mode in both directions.
func both(enc, dec coder, pt, ct []byte) error {
	out := make([]byte, len(pt))
	enc(out, pt)
	if err := same(out, ct); err != nil {
		return err
	}
	dec(out, ct)
	return same(out, pt)
}

func stream(s cipher.Stream, err error) (coder, error) {
	if err != nil {
		return nil, err
	}
	return s.XORKeyStream, nil
}

func blockMode(m cipher.BlockMode, err error) (coder, error) {
	if err != nil {
		return nil, err
	}
	return m.CryptBlocks, nil
}

func (v symmetric) gost() error {
	if v.Mode == "mac" {
		return sum(gost28147.NewMAC(v.Key, nil))(v.Msg, v.MAC)
	}
	enc, dec, err := v.gostMode()
	if err != nil {
		return err
	}
	return both(enc, dec, v.PT, v.CT)
}

func (v symmetric) gostMode() (enc, dec coder, err error) {
	b, err := gost28147.NewCipher(v.Key, nil)
	if err != nil {
		return nil, nil, err
	}
	var err2 error
	switch v.Mode {
	case "ecb":
		enc, err = blockMode(gost28147.NewECBEncrypter(b))
		dec, err2 = blockMode(gost28147.NewECBDecrypter(b))
	case "ctr":
		enc, err = stream(gost28147.NewCTR(b, v.IV))
		dec, err2 = stream(gost28147.NewCTR(b, v.IV))
	default:
		enc, err = stream(gost28147.NewCFBEncrypter(b, v.IV))
		dec, err2 = stream(gost28147.NewCFBDecrypter(b, v.IV))
	}
	return enc, dec, cmp.Or(err, err2)
}

func (v symmetric) gostBulk(data []byte) ([]byte, error) {
	if v.Mode == "mac" {
		h, err := gost28147.NewMAC(v.Key, nil)
		if err != nil {
			return nil, err
		}
		h.Write(data)
		return h.Sum(nil), nil
	}
	enc, dec, err := v.gostMode()
	if err != nil {
		return nil, err
	}
	return bothWays(enc, dec, data), nil
}

// bothWays encrypts data and, by itself, decrypts it.
func bothWays(encrypt, decrypt coder, data []byte) []byte {
	out := make([]byte, 2*len(data))
	encrypt(out[:len(data)], data)
	decrypt(out[len(data):], data)
	return out
}

// sum checks a hash or code.
func sum(h hash.Hash, err error) func(msg, want []byte) error {
	return func(msg, want []byte) error {
		if err != nil {
			return err
		}
		h.Write(msg)
		return same(h.Sum(nil), want)
	}
}

func (v digest) gost34311() error { return sum(gost34311.New(), nil)(v.Msg, v.Hash) }
func (v digest) hmac() error      { return sum(hmac.New(gost34311.New, v.Key), nil)(v.Msg, v.MAC) }
func (v digest) kupyna() error    { return sum(kupyna.New(v.N/8))(v.Msg, v.Hash) }

func (v digest) kmac() error {
	f := map[int]func([]byte) (hash.Hash, error){256: kupyna.NewMAC256, 384: kupyna.NewMAC384, 512: kupyna.NewMAC512}[v.N]
	return sum(f(v.Key))(v.Msg, v.MAC)
}

func (v derivation) check() error {
	dk, err := pbkdf2.Key(gost34311.New, string(v.Password), v.Salt, v.Iterations, len(v.DK))
	return cmp.Or(err, same(dk, v.DK))
}

func (v wrapping) gost() error {
	return v.check(func(random *bytes.Reader) ([]byte, error) { return gost28147.Wrap(random, v.KEK, v.CEK, nil) },
		func(wrapped []byte) ([]byte, error) { return gost28147.Unwrap(v.KEK, wrapped, nil) })
}

func (v wrapping) kalyna() error {
	return v.check(func(random *bytes.Reader) ([]byte, error) { return kalyna.Wrap(random, v.KEK, v.CEK) },
		func(wrapped []byte) ([]byte, error) { return kalyna.Unwrap(v.KEK, wrapped) })
}

// check wraps, unwraps and refuses a damaged key.
func (v wrapping) check(wrap func(*bytes.Reader) ([]byte, error), unwrap func([]byte) ([]byte, error)) error {
	wrapped, err := wrap(bytes.NewReader(v.IV))
	if err := cmp.Or(err, same(wrapped, v.Wrapped)); err != nil {
		return err
	}
	cek, err := unwrap(v.Wrapped)
	if err := cmp.Or(err, same(cek, v.CEK)); err != nil {
		return err
	}
	wrapped[0] ^= 1
	if _, err := unwrap(wrapped); err == nil {
		return errAnswer
	}
	return nil
}
