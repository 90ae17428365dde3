package pkix

import "encoding/asn1"

// Extensions.
var (
	oidSubjectDirectoryAttributes = asn1.ObjectIdentifier{2, 5, 29, 9}
	oidSubjectKeyID               = asn1.ObjectIdentifier{2, 5, 29, 14}
	oidKeyUsage                   = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidBasicConstraints           = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidAuthorityKeyID             = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidExtKeyUsage                = asn1.ObjectIdentifier{2, 5, 29, 37}
)

// Attributes of subjectDirectoryAttributes (joint order of 20.08.2012 No 1236/5/453).
var (
	oidDRFO   = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 1, 1}
	oidEDRPOU = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 2, 1}
	oidUNZR   = asn1.ObjectIdentifier{1, 2, 804, 2, 1, 1, 1, 11, 1, 4, 11, 1}
)

var (
	oidExtensionRequest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 14}
	oidTimeStamping     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
)
