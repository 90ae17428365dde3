// Package gost28147 implements the block cipher of DSTU GOST 28147:2009 (GOST 28147-89): the
// basic transformation (проста заміна), the counter mode (гамування), the feedback mode
// (гамування зі зворотним зв'язком), the authentication code (імітовставка), and the key wrap
// of the Ukrainian order registered as No 108/22640 on 14.01.2013 (order No 739 of 18.12.2012).
//
// The substitution block (вузол заміни, ДКЕ) is a parameter, not a constant: see [SBox].
//
// Not implemented: key meshing, which Ukrainian formats do not use; padding; messages that are
// not whole bytes.
//
// All modes but the wrap give either secrecy or integrity, never both: ciphertext of [NewCTR]
// and [NewCFBEncrypter] can be changed without notice. [NewECBEncrypter] alone gives neither.
//
// # Timing
//
// [Wrap] and [Unwrap] are free of tables and of secret-dependent branches, indices and
// comparisons: their time depends on nothing but the random reader. So is everything else, that is
// [NewCipher] and the modes over it, [NewMAC] and [NewMAC8], on arm64 and on amd64 processors
// with AVX-512 or AVX2. Elsewhere, and under the build tag purego, it reads four tables of 1024
// bytes at addresses that depend on key and data; who shares the processor cache with the caller may
// learn about both. See docs/timing.md.
package gost28147
