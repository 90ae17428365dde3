// Package pbe holds password-based cryptography of private key containers: PBES2 and PBKDF2
// (RFC 8018) with the Ukrainian and the usual algorithms, the key derivation and the MAC of
// PKCS#12 (RFC 7292, appendix B; PBMAC1 of RFC 9579), its schemes with Triple DES and, for
// reading only, RC2 (appendix C), and the derivation of the classic Key-6.dat of IIT.
//
// A [Session] belongs to one container: it refuses iteration counts above its limit before any
// work is done, and derives no key twice.
//
// Not implemented: RC4 and the schemes of PKCS#5 v1.5; they are reported as
// [*UnsupportedError].
//
// The time of a derivation depends on the iteration count, on the length of the salt and on the
// length of the password. Padding is removed and codes are compared in constant time. GOST 28147
// and the hashes are as their packages say, Triple DES and RC2 use tables, Kalyna does not here.
package pbe
