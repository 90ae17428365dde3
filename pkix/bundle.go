package pkix

// Bundle is what [ParseBundle] found.
type Bundle struct {
	Certificates []*Certificate // in the order of the input
	Failed       []BundleError
}

// BundleError is a member of a bundle that could not be read.
type BundleError struct {
	Index int // of the member among all members
	Err   error
	Raw   []byte // the member as found
}

// Error returns the fault with the number of the member.
func (e BundleError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e BundleError) Unwrap() error { return e.Err }

// ParseBundle reads certificates: one or several in DER, PEM blocks, a .p7b, or Base64 of these.
func ParseBundle(data []byte) (*Bundle, error) { return nil, ErrUnsupported }
