// Package pkix reads, checks and writes X.509 certificates, certification requests and key
// encodings of the Ukrainian public key infrastructure: DSTU 4145-2002 keys and signatures
// with GOST 34.311 or Kupyna (DSTU 7564:2014), in the formats of the joint order of 20.08.2012
// No 1236/5/453, and beside them the ECDSA and RSA certificates that the same authorities issue.
//
// Certificates are strict DER (RFC 5280). A certificate whose key or curve this package cannot
// use is still a [Certificate]: its PublicKey is nil and PublicKeyError says why. Deviations of
// real issuers that are tolerated are listed in docs/interop.md and each has a test.
//
// Not here yet: path validation and revocation lists. [Certificate.CheckSignatureFrom]
// and [Pool.FindIssuer] are mathematics only; they say nothing about trust.
//
// Everything read here is public except private keys; parsing a private key does not branch on
// its value.
package pkix
