//go:build !amd64 || purego

package kalyna

// bulkCTR xors the key stream after the counter next to the first bytes of src, and returns how
// many. The rest of the last block is lost.
func bulkCTR(s *schedule, dst, src []byte, next *[8]uint64) (done int) { return 0 }

// bulkXTS encrypts or decrypts the first blocks of src with the masks after x, and returns how many
// bytes.
func bulkXTS(s *schedule, dst, src []byte, x *[8]uint64, decrypt bool) (done int) { return 0 }

// bulkCBC decrypts the first blocks of src, and returns how many bytes. last is the block before
// src; it becomes the last of those.
func bulkCBC(s *schedule, dst, src, last []byte) (done int) { return 0 }

// hashKey is the key of the hash of GCM: see newHashKey.
type hashKey struct {
	columns int
	h       [8]uint64
}

// prepare does nothing: the hash takes one block at a time.
func (k *hashKey) prepare() {}

// serialChain encrypts blocks after it has added to each the one encrypted before, the first time
// state, which becomes the last. If all is set it writes all of them to dst, one after another, and
// else the last one. It returns how many bytes of src it took.
func serialChain(s *schedule, dst, src []byte, all bool, state *[8]uint64) (done int) { return 0 }
