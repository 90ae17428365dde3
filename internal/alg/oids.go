package alg

import "encoding/asn1"

// root is the arc of the Ukrainian algorithms, 1.2.804.2.1.1.1.1.
var root = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 1}

func ua(arcs ...int) asn1.ObjectIdentifier {
	return append(append(asn1.ObjectIdentifier(nil), root...), arcs...)
}

// under returns what stands behind prefix in oid.
func under(oid, prefix asn1.ObjectIdentifier) (rest []int, ok bool) {
	if len(oid) <= len(prefix) || !oid[:len(prefix)].Equal(prefix) {
		return nil, false
	}
	return oid[len(prefix):], true
}

// Keys and signatures of DSTU 4145. The OIDs of DSTU 4145 with GOST 34.311 name both a key and a
// signature.
var (
	OIDDSTU4145LE = ua(3, 1, 1)       // polynomial basis, little-endian octet strings; the one in general use
	OIDDSTU4145BE = ua(3, 1, 1, 1, 1) // the same, big-endian

	OIDDSTU4145NormalLE = ua(3, 1, 2) // optimal normal basis
	OIDDSTU4145NormalBE = ua(3, 1, 2, 1, 1)

	OIDDSTU4145Kupyna256 = ua(3, 6, 1, 1) // signatures with Kupyna, little-endian
	OIDDSTU4145Kupyna384 = ua(3, 6, 2, 1)
	OIDDSTU4145Kupyna512 = ua(3, 6, 3, 1)

	oidCurvesPB     = ua(3, 1, 1, 2) // named curves, polynomial basis: + 0 … 9
	oidCurvesONB    = ua(3, 1, 2, 2) // optimal normal basis: + 0 … 4
	oidDSTU4145GOST = ua(3, 1)
	oidDSTU4145Kupy = ua(3, 6)
)

// Foreign keys.
var (
	OIDECPublicKey   = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	OIDRSAEncryption = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	OIDRSAPSS        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidP256          = asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}
	oidP384          = asn1.ObjectIdentifier{1, 3, 132, 0, 34}
	oidP521          = asn1.ObjectIdentifier{1, 3, 132, 0, 35}
	oidMGF1          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
)

// Digests.
var (
	OIDGOST34311 = ua(2, 1)
	OIDKupyna256 = ua(2, 2, 1)
	OIDKupyna384 = ua(2, 2, 2)
	OIDKupyna512 = ua(2, 2, 3)
	OIDSHA1      = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	OIDSHA224    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 4}
	OIDSHA256    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	OIDSHA384    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	OIDSHA512    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
)

// Keyed digests.
var (
	OIDHMACGOST34311 = ua(1, 2)
	OIDKupynaMAC256  = ua(2, 2, 4)
	OIDKupynaMAC384  = ua(2, 2, 5)
	OIDKupynaMAC512  = ua(2, 2, 6)
	OIDHMACSHA1      = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 7}
	OIDHMACSHA224    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 8}
	OIDHMACSHA256    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}
	OIDHMACSHA384    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 10}
	OIDHMACSHA512    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 11}
)

// Key agreement, key wrap and content encryption.
var (
	OIDCofactorDHGOST   = ua(3, 4)
	OIDStdDHGOST        = ua(3, 5)
	OIDCofactorDHKupyna = ua(3, 7)
	OIDStdDHKupyna      = ua(3, 8)

	OIDGOST28147CTR  = ua(1, 1, 2)
	OIDGOST28147CFB  = ua(1, 1, 3)
	OIDGOST28147Wrap = ua(1, 1, 5)

	OIDKalyna128CTR = ua(1, 3, 2, 1)
	OIDKalyna256CTR = ua(1, 3, 2, 2)
	OIDKalyna128CFB = ua(1, 3, 3, 1) // 128 bits of feedback
	OIDKalyna256CFB = ua(1, 3, 3, 2) // 256 bits of feedback
	OIDKalyna256CBC = ua(1, 3, 5, 2)
	OIDKalyna128OFB = ua(1, 3, 6, 1)
	OIDKalyna256OFB = ua(1, 3, 6, 2)
	OIDKalynaWrap   = ua(1, 3, 11) // not the mode KW of the standard
)
