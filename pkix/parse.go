package pkix

// ParseCertificate reads one certificate, strict DER with nothing behind it.
func ParseCertificate(der []byte) (*Certificate, error) { return nil, ErrUnsupported }
