package kupyna_test

import (
	"bytes"
	"crypto/hmac"
	"hash"
	"testing"

	"github.com/ukrcrypto/dstu/kupyna"
	"github.com/ukrcrypto/dstu/testvectors"
)

type hashTest struct {
	TcID                 int
	Name                 string
	N                    int // digest bits
	Msg, Hash            testvectors.Bytes
	BitLength            *int `json:"bit_length"`
	Result, Source       string
	Flags, Agree, Differ []string
}

func TestVectors(t *testing.T) {
	for _, s := range testvectors.Load[hashTest](t, "kupyna.json") {
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				if v.N%8 != 0 {
					if v.Result == "valid" {
						t.Fatalf("digest of %d bits is valid", v.N)
					}
					t.Skipf("the API cannot ask for a digest of %d bits", v.N)
				}
				h, err := kupyna.New(v.N / 8)
				if (err == nil) != (v.Result == "valid") {
					t.Fatalf("New(%d): %v, want %s", v.N/8, err, v.Result)
				}
				if err != nil {
					return
				}
				bits := uint64(8 * len(v.Msg))
				if v.BitLength != nil {
					bits = uint64(*v.BitLength)
				}
				if got, err := kupyna.SumBits(v.N/8, v.Msg, bits); err != nil || !bytes.Equal(got, v.Hash) {
					t.Errorf("SumBits of %d bits: %x, %v, want %x", bits, got, err, v.Hash)
				}
				if bits%8 != 0 {
					return
				}
				h.Write(v.Msg)
				if got := h.Sum(nil); !bytes.Equal(got, v.Hash) {
					t.Errorf("New(%d): %x, want %x", v.N/8, got, v.Hash)
				}
				checkFixed(t, &v)
			})
		}
	}
}

// checkFixed runs a vector through the functions of a fixed size.
func checkFixed(t *testing.T, v *hashTest) {
	var h hash.Hash
	var sum []byte
	switch v.N {
	case 256:
		s := kupyna.Sum256(v.Msg)
		h, sum = kupyna.New256(), s[:]
	case 384:
		s := kupyna.Sum384(v.Msg)
		h, sum = kupyna.New384(), s[:]
	case 512:
		s := kupyna.Sum512(v.Msg)
		h, sum = kupyna.New512(), s[:]
	default:
		return
	}
	h.Write(v.Msg)
	if got := h.Sum(nil); !bytes.Equal(got, v.Hash) || !bytes.Equal(sum, v.Hash) {
		t.Errorf("New%d: %x, Sum%d = %x, want %x", v.N, got, v.N, sum, v.Hash)
	}
}

type macTest struct {
	TcID                 int
	Name                 string
	N                    int // tag bits
	Key, Msg, MAC        testvectors.Bytes
	Result, Source       string
	Flags, Agree, Differ []string
}

func TestMACVectors(t *testing.T) {
	constructors := map[int]func([]byte) (hash.Hash, error){
		256: kupyna.NewMAC256, 384: kupyna.NewMAC384, 512: kupyna.NewMAC512,
	}
	for _, s := range testvectors.Load[macTest](t, "kupyna_kmac.json") {
		for _, v := range s.Tests {
			t.Run(testvectors.Name(v.TcID, v.Name), func(t *testing.T) {
				m, err := constructors[v.N](v.Key)
				if err != nil {
					if v.Result == "valid" || 8*len(v.Key) == v.N {
						t.Fatal(err)
					}
					return
				}
				m.Write(v.Msg)
				got := m.Sum(nil)
				if valid := v.Result == "valid"; valid != hmac.Equal(got, v.MAC) {
					t.Errorf("tag %x, %s is %x", got, v.Result, v.MAC)
				}
			})
		}
	}
}
