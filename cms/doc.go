// Package cms reads and writes signed and encrypted messages of Ukrainian practice: SignedData
// of RFC 5652 with the CAdES profile of ETSI EN 319 122-1, and EnvelopedData with the key
// agreement of DSTU ISO/IEC 15946-3.
package cms
