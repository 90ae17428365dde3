package keystore

import (
	"encoding/binary"
	"fmt"
)

// KeyInfo is what Key-11.dat says about the keys of the container beside it. It has no secrets and
// needs no password: certificates can be looked up by it before the container is opened.
type KeyInfo struct {
	SigningKeyID   []byte // of the key for signatures, or the only one; nil if there is none
	AgreementKeyID []byte // of a key for key agreement of its own; nil if there is none
}

const (
	keyInfoSize   = 112
	keyInfoHeader = 16
	keyIDSize     = 32
)

// ParseKeyInfo reads Key-11.dat (112 octets). The error is [ErrFormat].
func ParseKeyInfo(data []byte) (*KeyInfo, error) {
	if len(data) != keyInfoSize {
		return nil, fmt.Errorf("%w: key info of %d octets", ErrFormat, len(data))
	}
	var words [keyInfoHeader / 4]uint32
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(data[4*i:])
	}
	if words[0] != 1 || words[1] > 1 || words[2] > 1 || words[3] != 0 {
		return nil, fmt.Errorf("%w: key info header %d", ErrFormat, words)
	}
	info := new(KeyInfo)
	rest := data[keyInfoHeader:]
	for i, id := range []*[]byte{&info.SigningKeyID, &info.AgreementKeyID} {
		if words[1+i] == 1 {
			*id, rest = append([]byte(nil), rest[:keyIDSize]...), rest[keyIDSize:]
		}
	}
	for _, c := range rest {
		if c != 0 {
			return nil, fmt.Errorf("%w: key info with something behind the identifiers", ErrFormat)
		}
	}
	return info, nil
}
