package pbe

// PBKDF2 derives a key with the function of the identifier, nil if there is none.
func PBKDF2(oid string, password, salt []byte, iterations uint64, size int) []byte {
	p := prfs[oid]
	if p == nil {
		return nil
	}
	mac, err := p.keyed(password)
	if err != nil {
		return nil
	}
	return pbkdf2(mac, salt, iterations, size)
}

// PKCS12 derives a key with the hash function of the identifier.
func PKCS12(oid string, id byte, password, salt []byte, iterations uint64, size int) []byte {
	return pkcs12(digests[oid], id, password, salt, iterations, size)
}

// Derivations returns how many keys the session has derived.
func (s *Session) Derivations() int { return len(s.keys) }

// Unpad is unpad.
var Unpad = unpad

// NewRC2 is newRC2.
var NewRC2 = newRC2
