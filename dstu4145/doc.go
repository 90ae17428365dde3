// Package dstu4145 implements the digital signature of DSTU 4145-2002 (ДСТУ 4145-2002) and the
// Diffie-Hellman primitive of DSTU ISO/IEC 15946-3 on its elliptic curves over GF(2^m),
// polynomial basis.
//
// # Byte order
//
// Every number crosses this package as a fixed-length big-endian string, as the standard prints
// numbers. Digests are the byte strings hash functions output: DSTU 4145 reads them least
// significant byte first. Formats that reverse strings do so outside this package.
package dstu4145
