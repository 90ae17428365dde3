// Package keystore opens and writes the private key containers (носії ключової інформації) that
// users of Ukrainian trust services hold.
//
// One call, [Open], reads all of them and recognises each by its structure, never by the name of a
// file:
//
//   - Key-6.dat of IIT: GOST 28147 under a key hashed 10 000 times from the password, with a MAC;
//   - PKCS#12 (.pfx, .p12, .ZS2; RFC 7292) with the MACs and ciphers of Ukrainian profiles,
//     Kalyna and Kupyna among them, and with the usual SHA, AES and Triple DES ones (and RC2, for
//     certificates in old files);
//   - PKCS#8, plain and encrypted with PBES2 (RFC 5958, RFC 8018);
//   - JKS, the key store of Java, as PrivatBank gives it out;
//   - bare 32-octet scalars of the 257-bit curve;
//   - PEM and Base64 of these, and the six octets that M.E.Doc puts before them.
//
// The attributes in which IIT software keeps a second key, the one for key agreement, are read
// wherever a PKCS#8 structure occurs. RSA and ECDSA keys are read with the standard library.
//
// Not implemented: containers of hardware tokens and JCEKS.
//
// # Wrong passwords
//
// Most containers cannot tell a wrong password from damage, and this package does not try to:
// both are [ErrPassword]. The bare PBES2 container has no integrity check at all; there the
// plaintext has to be a complete private key structure of a known algorithm, with nothing left
// over and the key in range.
//
// # Timing
//
// The time of [Open] depends on the container, which is public, and on the length of the password.
// Comparisons of authentication codes and removal of padding are constant time. Kalyna
// runs in its constant-time form; GOST 28147, GOST 34.311 and Kupyna are as their packages say;
// Triple DES and RC2 read tables.
package keystore
