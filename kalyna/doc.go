// Package kalyna implements the block cipher Kalyna (Калина) of DSTU 7624:2014, its ten modes, and
// the key wrap that Ukrainian CMS messages use with it. Numbers of clauses are those of the draft of
// the standard for public review.
//
// The cipher has blocks of 128, 256 and 512 bits and keys of one block or two, where the last have
// one only: [New128], [New256], [New512]. All lengths of this package are in bytes, also those that
// the standard names in bits, as the parameter q of its modes.
//
//	simple substitution (ECB)   NewECBEncrypter, NewECBDecrypter   a building block only
//	counter (CTR)               NewCTR
//	ciphertext feedback (CFB)   NewCFBEncrypter, NewCFBDecrypter
//	code (CMAC)                 NewCMAC
//	chaining (CBC)              NewCBCEncrypter, NewCBCDecrypter, Pad, Unpad
//	output feedback (OFB)       NewOFB
//	Galois (GCM, GMAC)          NewGCM, NewGMAC
//	counter and code (CCM)      NewCCM
//	indexed substitution (XTS)  NewXTS
//	keys (KW, KW-p)             NewKW
//	key wrap of CMS             Wrap, Unwrap
//
// Of the ten, only CCM and GCM give secrecy and integrity of messages at once, and GCM does not
// authenticate its nonce: see [NewGCM]. The modes share their names, but not always their
// definitions, with those of NIST: the ones of [crypto/cipher] over a block of this package are not
// those of the standard, except CBC, OFB and, for whole blocks, CFB.
//
// Not implemented: messages, tags and segments that are not whole bytes.
//
// # Limits
//
// Annex G of the standard limits the blocks under one key: in CTR, CFB, CBC, OFB and XTS to 2^60,
// 2^124 and 2^251 for blocks of 128, 256 and 512 bits, in the others to 2^46, 2^109 and 2^237. This
// package does not count them.
//
// # Where implementations disagree
//
// This package follows the text of the standard. Each choice is pinned by vectors, which stand in
// testvectors/v1 with what others answer:
//
//   - CTR, also inside GCM and CCM: only the low half of the block counts; the high half takes no
//     carry (kalyna_ctr.json, HalfCounter). UAPKI, Cryptonite and Bouncy Castle carry on.
//   - CFB: key stream from the end of the block, register from the output of the cipher
//     (kalyna_cfb.json). Bouncy Castle has the mode of NIST.
//   - CMAC of a message that is not whole blocks: padded, with the encryption of 1
//     (kalyna_cmac.json). Bouncy Castle refuses it.
//   - GCM and GMAC: data and ciphertext that are not whole blocks are both padded with 80 and zero
//     bytes, and the lengths are those before (kalyna_gcm.json and kalyna_gmac.json, PartialBlock).
//     Bouncy Castle pads with zeros; UAPKI and Cryptonite pad the ciphertext only, and count the
//     padding. Nothing at all is refused (BothEmpty).
//   - CCM: zeros between the length and the additional data, ciphertext and tag in one key stream
//     (kalyna_ccm.json, PartialBlock). Without additional data the code begins with the first block
//     as it is (NoAAD), where Bouncy Castle encrypts it, and UAPKI and Cryptonite add a zero block.
//   - XTS of a message that is not whole blocks: the last two blocks overlap (kalyna_xts.json).
//     Bouncy Castle refuses it.
//   - KW: the number of the step is as long as half a block (kalyna_kw.json, CounterAbove255). UAPKI
//     and Cryptonite use its lowest byte. KW-p adds a block of padding where none would be needed
//     (LiteralPaddingRule), where they add nothing and cannot unwrap; and unwraps a padding of the
//     byte 80 alone.
//
// # Timing
//
// [NewConstantTime], [KW], [Wrap] and [Unwrap], the arithmetic of GCM, GMAC and XTS, and the
// comparison of tags are free of tables and of secret-dependent branches and indices everywhere.
// Everything else is too where assembly serves it, that is on arm64 and on amd64 with AVX-512 or
// AVX2. Portable code, also for key schedules, reads tables of 8 KiB at addresses that depend on key
// and data: who shares the processor cache with the caller may learn about both. See docs/timing.md.
package kalyna
