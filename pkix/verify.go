package pkix

// CheckSignatureFrom checks that parent's key made the signature of c. Mathematics only.
func (c *Certificate) CheckSignatureFrom(parent *Certificate) error { return ErrUnsupported }
