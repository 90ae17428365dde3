package main

// oidNames are the names that people know algorithms and content types by. JSON has the numbers.
var oidNames = map[string]string{
	"1.2.804.2.1.1.1.1.2.1":   "GOST 34.311",
	"1.2.804.2.1.1.1.1.2.2.1": "Kupyna-256",
	"1.2.804.2.1.1.1.1.2.2.2": "Kupyna-384",
	"1.2.804.2.1.1.1.1.2.2.3": "Kupyna-512",
	"1.3.14.3.2.26":           "SHA-1",
	"2.16.840.1.101.3.4.2.4":  "SHA-224",
	"2.16.840.1.101.3.4.2.1":  "SHA-256",
	"2.16.840.1.101.3.4.2.2":  "SHA-384",
	"2.16.840.1.101.3.4.2.3":  "SHA-512",

	"1.2.804.2.1.1.1.1.3.1.1":       "DSTU 4145 with GOST 34.311",
	"1.2.804.2.1.1.1.1.3.1.1.1.1":   "DSTU 4145 with GOST 34.311, big-endian",
	"1.2.804.2.1.1.1.1.3.1.2":       "DSTU 4145 with GOST 34.311, normal basis",
	"1.2.804.2.1.1.1.1.3.1.2.1.1":   "DSTU 4145 with GOST 34.311, normal basis, big-endian",
	"1.2.804.2.1.1.1.1.3.6.1":       "DSTU 4145 with Kupyna-256",
	"1.2.804.2.1.1.1.1.3.6.1.1":     "DSTU 4145 with Kupyna-256",
	"1.2.804.2.1.1.1.1.3.6.1.1.1.1": "DSTU 4145 with Kupyna-256, big-endian",
	"1.2.804.2.1.1.1.1.3.6.1.2":     "DSTU 4145 with Kupyna-256, normal basis",
	"1.2.804.2.1.1.1.1.3.6.2":       "DSTU 4145 with Kupyna-384",
	"1.2.804.2.1.1.1.1.3.6.2.1":     "DSTU 4145 with Kupyna-384",
	"1.2.804.2.1.1.1.1.3.6.2.1.1.1": "DSTU 4145 with Kupyna-384, big-endian",
	"1.2.804.2.1.1.1.1.3.6.2.2":     "DSTU 4145 with Kupyna-384, normal basis",
	"1.2.804.2.1.1.1.1.3.6.3":       "DSTU 4145 with Kupyna-512",
	"1.2.804.2.1.1.1.1.3.6.3.1":     "DSTU 4145 with Kupyna-512",
	"1.2.804.2.1.1.1.1.3.6.3.1.1.1": "DSTU 4145 with Kupyna-512, big-endian",
	"1.2.804.2.1.1.1.1.3.6.3.2":     "DSTU 4145 with Kupyna-512, normal basis",
	"1.2.840.10045.2.1":             "ECDSA",
	"1.2.840.10045.4.1":             "ECDSA with SHA-1",
	"1.2.840.10045.4.3.1":           "ECDSA with SHA-224",
	"1.2.840.10045.4.3.2":           "ECDSA with SHA-256",
	"1.2.840.10045.4.3.3":           "ECDSA with SHA-384",
	"1.2.840.10045.4.3.4":           "ECDSA with SHA-512",
	"1.2.840.113549.1.1.1":          "RSA",
	"1.2.840.113549.1.1.5":          "RSA with SHA-1",
	"1.2.840.113549.1.1.10":         "RSASSA-PSS",
	"1.2.840.113549.1.1.11":         "RSA with SHA-256",
	"1.2.840.113549.1.1.12":         "RSA with SHA-384",
	"1.2.840.113549.1.1.13":         "RSA with SHA-512",

	"1.2.804.2.1.1.1.1.3.4":    "cofactor Diffie-Hellman with GOST 34.311",
	"1.2.804.2.1.1.1.1.3.5":    "Diffie-Hellman with GOST 34.311",
	"1.2.804.2.1.1.1.1.3.7":    "cofactor Diffie-Hellman with Kupyna-256",
	"1.2.804.2.1.1.1.1.3.8":    "Diffie-Hellman with Kupyna-256",
	"1.3.133.16.840.63.0.2":    "Diffie-Hellman with SHA-1",
	"1.3.132.1.11.1":           "Diffie-Hellman with SHA-256",
	"1.2.804.2.1.1.1.1.1.1.5":  "GOST 28147 key wrap",
	"1.2.804.2.1.1.1.1.1.3.11": "Kalyna key wrap",
	"2.16.840.1.101.3.4.1.45":  "AES-256 key wrap",

	"1.2.804.2.1.1.1.1.1.1.2":   "GOST 28147, counter mode",
	"1.2.804.2.1.1.1.1.1.1.3":   "GOST 28147, feedback mode",
	"1.2.804.2.1.1.1.1.1.3.2.1": "Kalyna-128 CTR",
	"1.2.804.2.1.1.1.1.1.3.2.2": "Kalyna-256 CTR",
	"1.2.804.2.1.1.1.1.1.3.2.3": "Kalyna-512 CTR",
	"1.2.804.2.1.1.1.1.1.3.3.1": "Kalyna-128 CFB",
	"1.2.804.2.1.1.1.1.1.3.3.2": "Kalyna-256 CFB",
	"1.2.804.2.1.1.1.1.1.3.3.3": "Kalyna-512 CFB",
	"1.2.804.2.1.1.1.1.1.3.5.1": "Kalyna-128 CBC",
	"1.2.804.2.1.1.1.1.1.3.5.2": "Kalyna-256 CBC",
	"1.2.804.2.1.1.1.1.1.3.5.3": "Kalyna-512 CBC",
	"1.2.804.2.1.1.1.1.1.3.6.1": "Kalyna-128 OFB",
	"1.2.804.2.1.1.1.1.1.3.6.2": "Kalyna-256 OFB",
	"1.2.804.2.1.1.1.1.1.3.6.3": "Kalyna-512 OFB",
	"2.16.840.1.101.3.4.1.42":   "AES-256 CBC",
	"1.2.840.113549.3.7":        "3DES CBC",

	"1.2.840.113549.1.7.1": "data",
	"1.2.840.113549.1.7.2": "signed data",
	"1.2.840.113549.1.7.3": "enveloped data",
	oidTSTInfo:             "timestamp",
}

// nameOf returns the name of an identifier, or the identifier if it has none.
func nameOf(oid string) string {
	if name, ok := oidNames[oid]; ok {
		return name
	}
	return oid
}
