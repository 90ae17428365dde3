package kalyna

import (
	"crypto/cipher"
	"errors"
	"strconv"
	"sync/atomic"

	"github.com/ukrcrypto/dstu/internal/alias"
)

// The lengths of blocks in bytes.
const (
	BlockSize128 = 16
	BlockSize256 = 32
	BlockSize512 = 64
)

// KeySizeError is the length of a key that the block size does not have.
type KeySizeError int

func (e KeySizeError) Error() string {
	return "kalyna: invalid key size " + strconv.Itoa(int(e))
}

// New128 returns the cipher with blocks of 128 bits (базове перетворення, DSTU 7624:2014) under a
// key of 16 or 32 bytes, which is copied. Another length is a [KeySizeError]. The result is safe
// for concurrent use.
//
// Portable code uses tables: see the package comment on timing.
func New128(key []byte) (cipher.Block, error) { return newBlock(BlockSize128, key, false) }

// New256 returns the cipher with blocks of 256 bits under a key of 32 or 64 bytes; see [New128].
func New256(key []byte) (cipher.Block, error) { return newBlock(BlockSize256, key, false) }

// New512 returns the cipher with blocks of 512 bits under a key of 64 bytes; see [New128].
func New512(key []byte) (cipher.Block, error) { return newBlock(BlockSize512, key, false) }

// NewConstantTime returns the cipher of [New128], [New256] or [New512], as blockSize says in
// bytes, in a form that never reads memory at addresses that depend on the key or on data, on any
// processor. In portable code it is some sixty times slower; it is meant for keys that protect
// keys and for other short secrets.
func NewConstantTime(blockSize int, key []byte) (cipher.Block, error) {
	return newBlock(blockSize, key, true)
}

var errBlockSize = errors.New("kalyna: block size is not 16, 32 or 64 bytes")

func newBlock(blockSize int, key []byte, tableFree bool) (cipher.Block, error) {
	s, err := newSchedule(blockSize, key, tableFree)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// schedule is a key made ready: the cipher of this package. To make one takes time for each byte of
// it, so it is as small as can be.
type schedule struct {
	columns int // of 64 bits: 2, 4 or 8
	// enc are the round keys K0 to Kt, one word a column.
	enc []uint64
	// dec are the keys of decryption: see decryptionKeys.
	dec       atomic.Pointer[[]uint64]
	turns     uint8 // see rounds
	tableFree bool  // no table may be read at secret addresses
}

// These are schedules with room for the round keys, an odd one after the last one included, because
// expansion writes pairs. What stands before them brings them to where vectors do not cross cache
// lines; it is no matter but of speed.
type (
	schedule128x128 struct {
		schedule
		keys [12 * 2]uint64
	}
	schedule128x256 struct {
		schedule
		keys [16 * 2]uint64
	}
	schedule256x256 struct {
		schedule
		_    uint64
		keys [16 * 4]uint64
	}
	schedule256x512 struct {
		schedule
		_    uint64
		keys [20 * 4]uint64
	}
	schedule512x512 struct {
		schedule
		_    uint64
		keys [20 * 8]uint64
	}
)

// rounds is their number: 10, 14 or 18.
func (s *schedule) rounds() int { return int(s.turns) }

func (s *schedule) BlockSize() int { return 8 * s.columns }

func (s *schedule) Encrypt(dst, src []byte) {
	n := s.checkBlock(dst, src)
	s.encryptBlock(dst[:n], src[:n])
}

func (s *schedule) Decrypt(dst, src []byte) {
	n := s.checkBlock(dst, src)
	s.decryptBlock(dst[:n], src[:n])
}

// checkBlock does what [cipher.Block] promises and returns the block size.
func (s *schedule) checkBlock(dst, src []byte) int {
	n := s.BlockSize()
	if len(src) < n {
		panic("kalyna: input not full block")
	}
	if len(dst) < n {
		panic("kalyna: output not full block")
	}
	if alias.InexactOverlap(dst[:n], src[:n]) {
		panic("kalyna: invalid buffer overlap")
	}
	return n
}

// encryptBlock encrypts one block. The slices have its length, and are equal or do not overlap.
func (s *schedule) encryptBlock(dst, src []byte) {
	if !oneEncrypt(s, dst, src) {
		s.encryptGeneric(dst, src)
	}
}

// decryptBlock is the inverse of encryptBlock.
func (s *schedule) decryptBlock(dst, src []byte) {
	if !oneDecrypt(s, dst, src) {
		s.decryptGeneric(dst, src)
	}
}

// encryptBlocks encrypts whole blocks. The slices have one length, and are equal or do not
// overlap.
func (s *schedule) encryptBlocks(dst, src []byte) {
	n := bulkEncrypt(s, dst, src)
	s.encryptGeneric(dst[n:], src[n:])
}

// decryptBlocks is the inverse of encryptBlocks.
func (s *schedule) decryptBlocks(dst, src []byte) {
	n := bulkDecrypt(s, dst, src)
	s.decryptGeneric(dst[n:], src[n:])
}
