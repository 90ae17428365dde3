package gost28147

import (
	"encoding/hex"
	"errors"
	"sync"

	"github.com/ukrcrypto/dstu/internal/gost89"
)

// SBoxSize is the length of a packed substitution block in bytes.
const SBoxSize = gost89.PackedSize

// SBox is a substitution block (вузол заміни, довгостроковий ключовий елемент, ДКЕ): eight
// rows K1..K8, each a permutation of 0 to 15, of which K1 acts on the lowest nibble of a word
// (GOST 28147-89, 1.3; the values are of instruction No 114, supplements 1 to 10).
//
// An SBox is immutable and safe for concurrent use. The zero SBox and a nil *SBox are DKE No 1,
// the default of Ukraine.
type SBox struct{ p *gost89.SBox }

func init() { gost89.Of = func(s any) *gost89.SBox { return s.(*SBox).get() } }

// dke holds the substitution blocks of instruction No 114, supplements 1 to 10, packed.
var dke = [...]string{
	"a9d6eb45f13c708280c4967b231f5eadf658eba4c037291d38d96bf025ca4e17f8e9720dc615b43a28975f0bc1dea36438b564ea2c179fd0123e6db8fac57904",
	"e937f4cb6ad10582adc76e81f3b409524b1f92ec6a87350d451c7e92afbd0863cb39f04572ed1a86873a96e5d04c12fbf0e68d59a31c4b7243ed502b1a769f8c",
	"d91e72c54b6f38a0786b034d95feac21a53c98d64fe02b17bac1569e2df704385b30f9e41c862a7d43bd1f827ec9a065378b1e50d4ca29f66dcab793fe120845",
	"9c3d76e1a2048f5ba5be760c28f4d3914c30d2eb7f5918a63945e786d02fbca129cfdb41753e68a0e5db1942f8703ca6e65a9d48bc0371f219cb76832fe05a4d",
	"34d8c7a20e9fb156c76938b5fa0d421ee487b3ac1269df05396d8fa27ec0b4155ca721fde3b4089618be74a0c35d9f629bad5e23064cf178e9185fb062c7a4d3",
	"fc96e21b0d4a7835ec5074a3261d9bf856d9bea3f281407c1f742ec36b9805adf9e6d158423cab07b0d7ce142368a5f97ef8d0b3a1429c6515eb2c38a097f64d",
	"fda5c01692e73b4825a0691fd47eb38c3e4b5912f68d70ac4ab9f2e5d13607c8f65897cb0a3124decbf451e908d2a736d248bc13a59e7f06150f6a3e72cdb894",
	"e4b2875c9d031f6a3eca62d198740f5b52871fe64db0a3c9ca7de3029516b4f863f709a8bc4152de6df15380bae49c272fc5b13e06da7948305c8fdeb629714a",
	"90bc243fd6e1a758350f87ecda16b249845aebd6cf79312054f0cba91e8632d77c3068eb1fda9524743b6a819ced0f257e9f1483bd026a5ce28f307cbd15649a",
	"8469bc1237e0daf57d18ae4f90632cb5c8d1a29634e75f0b2b34c79df8501ea683daef5147bc20694c9bea76350f128d58e7301da692fbc4a3590d78c416bf2e",
}

var dkes = sync.OnceValue(func() *[len(dke)]SBox {
	var all [len(dke)]SBox
	for i, s := range dke {
		packed, err := hex.DecodeString(s)
		if err != nil {
			panic("gost28147: " + err.Error()) // the text is in this file
		}
		all[i].p = gost89.NewSBox((*[SBoxSize]byte)(packed))
	}
	return &all
})

// get returns what is behind s, which may be nil or zero.
func (s *SBox) get() *gost89.SBox {
	if s == nil || s.p == nil {
		return dkes()[0].p
	}
	return s.p
}

// DKE1 returns DKE No 1 of instruction No 114, supplement 1: the substitution block of Ukraine
// wherever none is stated.
func DKE1() *SBox { return &dkes()[0] }

// DKE returns DKE No 1 of supplement n to instruction No 114, n from 1 to 10. Any other n is an
// error.
func DKE(n int) (*SBox, error) {
	if n < 1 || n > len(dke) {
		return nil, errors.New("gost28147: DKE number is not 1 to 10")
	}
	return &dkes()[n-1], nil
}

// ParseDKE reads a substitution block in its packed form, the dke field of DSTU 4145 and
// GOST 28147 parameters: 64 bytes, rows K1 to K8 of eight bytes each, two images a byte, the
// image of the even argument in the high nibble. Another length, or a row that is not a
// permutation, is an error. packed is copied.
func ParseDKE(packed []byte) (*SBox, error) {
	if len(packed) != SBoxSize {
		return nil, errors.New("gost28147: substitution block is not 64 bytes")
	}
	for row := range 8 {
		var seen uint16
		for _, b := range packed[8*row : 8*row+8] {
			seen |= 1<<(b>>4) | 1<<(b&15)
		}
		if seen != 1<<16-1 {
			return nil, errors.New("gost28147: row of the substitution block is not a permutation")
		}
	}
	for i := range dkes() {
		if s := &dkes()[i]; *s.p.Packed() == [SBoxSize]byte(packed) {
			return s, nil // with what has been made of it
		}
	}
	return &SBox{gost89.NewSBox((*[SBoxSize]byte)(packed))}, nil
}

// DKE returns the packed form of s, as [ParseDKE] takes it, in a new slice of 64 bytes.
func (s *SBox) DKE() []byte {
	packed := *s.get().Packed()
	return packed[:]
}

// Equal reports whether s and o are the same substitution block. Nil counts as DKE No 1.
func (s *SBox) Equal(o *SBox) bool {
	return s.get().Equal(o.get())
}
