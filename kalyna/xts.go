package kalyna

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
)

// XTS is the mode for sectors of disks (індексована заміна, DSTU 7624:2014 clause 14) over a
// cipher of this package. It is safe for concurrent use.
//
// It gives no integrity, and its secrecy is that of a block in its place: see [NewGCM] for messages.
type XTS struct{ s *schedule }

var errXTSLength = errors.New("kalyna: XTS input is shorter than one block")

// NewXTS returns the mode over a cipher of this package; another is an error. There is one key, not
// two as with NIST.
func NewXTS(b cipher.Block) (*XTS, error) {
	s, err := own(b)
	if err != nil {
		return nil, err
	}
	return &XTS{s}, nil
}

// Encrypt encrypts src into dst, which may be src itself but not overlap it otherwise and not be
// shorter. iv is one block; it tells the sector and should not repeat. An iv of another length and
// a src shorter than one block are errors. A src that is not whole blocks is encrypted without
// growing.
func (x *XTS) Encrypt(dst, src, iv []byte) error {
	dst, d, err := x.start(dst, src, iv)
	if err != nil {
		return err
	}
	size := x.s.BlockSize()
	whole := len(src) - len(src)%size
	x.blocks(dst[:whole], src[:whole], &d, false)
	if whole == len(src) {
		return nil
	}
	last := dst[whole-size : whole] // the last bytes of it complete the block that is short
	var b [BlockSize512]byte
	n := copy(b[:], src[whole:])
	copy(b[n:size], last[n:])
	copy(dst[whole:], last)
	x.blocks(last, b[:size], &d, false)
	return nil
}

// Decrypt is the inverse of [XTS.Encrypt].
func (x *XTS) Decrypt(dst, src, iv []byte) error {
	dst, d, err := x.start(dst, src, iv)
	if err != nil {
		return err
	}
	size := x.s.BlockSize()
	whole := len(src) - len(src)%size
	if whole == len(src) {
		x.blocks(dst, src, &d, true)
		return nil
	}
	x.blocks(dst[:whole-size], src[:whole-size], &d, true)
	before := d // of the block that was encrypted before the last
	d.double()
	var a, b [BlockSize512]byte
	x.blocks(a[:size], src[whole-size:whole], &d, true)
	n := copy(b[:], src[whole:])
	copy(b[n:size], a[n:])
	copy(dst[whole:], a[:n])
	x.blocks(dst[whole-size:whole], b[:size], &before, true)
	return nil
}

// start checks the arguments and returns the first len(src) bytes of dst and the encrypted iv.
func (x *XTS) start(dst, src, iv []byte) ([]byte, tweak, error) {
	d := tweak{columns: x.s.columns}
	size := x.s.BlockSize()
	if len(iv) != size {
		return nil, d, errIV
	}
	if len(src) < size {
		return nil, d, errXTSLength
	}
	dst = checkStream(dst, src)
	var b [BlockSize512]byte
	x.s.encryptBlock(b[:size], iv)
	for j := range d.columns {
		d.x[j] = binary.LittleEndian.Uint64(b[8*j:])
	}
	return dst, d, nil
}

// blocks encrypts or decrypts whole blocks with the tweaks that follow d.
func (x *XTS) blocks(dst, src []byte, d *tweak, decrypt bool) {
	n := bulkXTS(x.s, dst, src, &d.x, decrypt)
	dst, src = dst[n:], src[n:]
	var buf [batch]byte
	for len(src) > 0 {
		mask := buf[:min(len(src), len(buf))]
		d.fill(mask)
		n := subtle.XORBytes(dst, src, mask)
		if decrypt {
			x.s.decryptBlocks(dst[:n], dst[:n])
		} else {
			x.s.encryptBlocks(dst[:n], dst[:n])
		}
		subtle.XORBytes(dst, dst[:n], mask)
		dst, src = dst[n:], src[n:]
	}
}

// tweak is an element of the field of GCM: the mask of the last block.
type tweak struct {
	columns int
	x       [8]uint64
}

// double multiplies by x, in the same time for all values.
func (d *tweak) double() {
	poly := uint64(0x125)
	switch d.columns {
	case 2:
		poly = 0x87
	case 4:
		poly = 0x425
	}
	carry := -(d.x[d.columns-1] >> 63) & poly
	for j := range d.columns {
		d.x[j], carry = d.x[j]<<1^carry, d.x[j]>>63
	}
}

// fill writes the masks of the next blocks.
func (d *tweak) fill(buf []byte) {
	if d.columns == 2 {
		low, high := d.x[0], d.x[1]
		for ; len(buf) >= 16; buf = buf[16:] {
			low, high = low<<1^-(high>>63)&0x87, high<<1|low>>63
			binary.LittleEndian.PutUint64(buf, low)
			binary.LittleEndian.PutUint64(buf[8:], high)
		}
		d.x[0], d.x[1] = low, high
		return
	}
	for size := 8 * d.columns; len(buf) >= size; buf = buf[size:] {
		d.double()
		for j := range d.columns {
			binary.LittleEndian.PutUint64(buf[8*j:], d.x[j])
		}
	}
}
