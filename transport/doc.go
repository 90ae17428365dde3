// Package transport implements the transport message of Ukrainian electronic reporting: the
// byte framing that the tax service, the statistics gateway and the programs of respondents put
// around and between CMS objects (State Statistics order No 3 of 12.01.2011, annex 1; tax
// orders No 213 of 24.04.2009 and No 499 of 12.07.2010).
//
// A message is a sequence of labelled sections ([Parse], [Container]): a header of fields
// (TRANSPORTABLE), signed data (UA1_SIGN), enveloped data (UA1_CRYPT) and the sender's
// key-agreement certificate (CERTCRYPT). The content of a CMS object may again be a sequence of
// sections. [Pack] makes a whole message in the order the receivers expect, [Open] peels one and
// keeps a status for every layer, [Wrap] adds an intermediary's signature, [CheckStructure] is
// what an intermediary may see without keys, and [PackReceipt] and [OpenReceipt] make and read
// the first and the second receipt.
//
// Signatures are checked for their mathematics and digests only. Whether a signer's certificate
// is trusted, valid at the time and not revoked is not evaluated by this package.
//
// The masked M.E.Doc container PACKED_XML is recognised and reported as unsupported. The content
// of QLB_SIGN and QLB_CRYPT sections is read, never written. Unknown sections and header fields
// are kept and returned.
//
// The functions of this package are safe for concurrent use; values are while nobody modifies them.
// Nothing here is secret except the keys that callers pass on to package cms.
package transport
