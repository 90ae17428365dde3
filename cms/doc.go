// Package cms reads and writes signed and encrypted messages of Ukrainian practice: SignedData of
// RFC 5652 with the CAdES profile (ETSI EN 319 122-1; requirements of the joint order of
// 20.08.2012 No 1236/5/453), and EnvelopedData with the key agreement of DSTU ISO/IEC 15946-3
// as the order of 18.12.2012 No 739 profiles it.
//
// # Signed messages
//
// [Sign] and [NewSigner] write CAdES-BES with DSTU 4145 and GOST 34.311 or Kupyna.
// [NewSignedReader] and [CheckDetached] read and check; ECDSA and RSA signers are checked too.
// Checking is mathematics: that the content has the signed digest, that the signature fits the
// certificate and that the certificate is the one that was signed. It says nothing about trust,
// revocation, dates and timestamps, and for that reason it is not called verification.
//
// A signer passes only if it has signed attributes with exactly one contentType, that of the
// content, exactly one messageDigest, and at most one signingTime and signingCertificate of each
// version, all hashes in which are of its certificate (but see NoSignedAttributes below); and if
// the digest is the one of the signature algorithm. A message passes only if it has signers and
// all of them pass.
//
// # Encrypted messages
//
// [Encrypt] and [NewEncrypter] write static or ephemeral key agreement with key wrap and content
// by GOST 28147, or, if [EncryptOptions] say so, by Kalyna with Kupyna in the key derivation.
// [Decrypt] and [NewDecrypter] open both, and mixtures. The content is not authenticated, so the
// thing to send is a signed message; see [NewEncrypter].
//
// # Not here
//
// Trust in certificates, their dates and key usage, timestamps and the levels above BES (their
// attributes are shown, not checked), countersignatures, encryption to RSA and ECDSA
// certificates.
//
// # Streams
//
// All readers and writers stream: memory grows with certificates, signers and recipients, never
// with the content. At most 512 signers, 1024 certificates and recipients and 64 MiB of all of
// them are read.
//
// # Tolerances
//
// Messages are written in one strict form. What is read beyond it, because somebody in the field
// writes it, has a name; each has a test. All of it stands outside what is signed, or is
// signed as it stands.
//
//	BER                     indefinite and padded lengths, strings in parts, outside certificates
//	                        and signed attributes, which are DER
//	Bare                    SignedData and EnvelopedData without ContentInfo
//	Versions                any version number of RFC 5652, whatever the contents would ask for
//	NullParameters          NULL parameters of digests, signatures and certificate hashes
//	WrappedSignature        the value r‖s in one more OCTET STRING
//	LongHalves              r and s with zero octets above the length of the order, up to 64 octets
//	                        each; certificates must have the exact length
//	UnsortedAttributes      signed attributes out of the order of DER; hashed as transmitted
//	ExplicitKeyID           the signer's key identifier as an OCTET STRING inside its tag
//	KupynaNode              signature identifiers 3.6.k for 3.6.k.1
//	NoSignedAttributes      a signature over the content itself, if the caller allows it, that is of
//	                        type data and does not look like the signed attributes of another
//	                        message
//	BareProfile             no signingCertificateV2; several certificates of one name are told
//	                        apart by the signature, at most 64 keys in vain
//	SigningCertificateV1    the attribute of RFC 2634, with SHA-1, for the one of RFC 5035
//	DigestNotAnnounced      a digest missing from digestAlgorithms, if the content can be read twice
//	DigestSBox              messageDigest and certificate hash with DKE No. 1 although the signer's
//	                        key names another S-box; the signature follows the key
//	UnreadableCertificate   a broken certificate or another kind of one beside the signer's
//	OriginatorParameters    any parameters of an ephemeral key; its curve is the recipient's
//	KeyInfoWithoutNull      a key derived without the NULL of the key wrap (older UAPKI)
//	OneZeroStripped         a key derived from a secret of which one leading zero octet was removed
//	                        and more were there (jkurwa)
//	LongIV                  an initialisation vector longer than 8 octets, of which 8 count
//	OtherCertificate        a recipient's key is tried if the message names a certificate of it that
//	                        is not at hand
//	ImplicitKeyID           the recipient's key identifier without an OCTET STRING inside its tag
//	WrapSBox                a key wrapped with DKE No. 1 although the certificate names another S-box
//
// # Timing
//
// Signing and key agreement take time that does not depend on keys, as far as package dstu4145
// promises it; GOST 28147 is as its package says. The GOST 34.311 key derivation removes leading
// zero octets from the shared secret and so shows their number. Opening takes up to eight key
// unwraps, fewer if an early one succeeds. Everything else here handles public data.
package cms
