package pkix

// Pool is a set of certificates with indexes. The zero value is empty. Adding is not safe for
// concurrent use; looking up is.
type Pool struct{}

// NewPool returns a pool of the given certificates.
func NewPool(certs ...*Certificate) *Pool { return &Pool{} }

// Add adds certificates that are not in the pool yet.
func (p *Pool) Add(certs ...*Certificate) {}

// AddBundle adds the certificates of a bundle.
func (p *Pool) AddBundle(b *Bundle) {}

// Certificates returns all certificates in the order they were added.
func (p *Pool) Certificates() []*Certificate { return nil }

// FindByKeyID returns the certificates whose subject key identifier, as written or by any rule
// of [Certificate.KeyIDs], is id.
func (p *Pool) FindByKeyID(id []byte) []*Certificate { return nil }

// FindByIssuerSerial returns the certificates with the issuer (DER of the Name) and the serial
// number (contents of the INTEGER).
func (p *Pool) FindByIssuerSerial(rawIssuer, serial []byte) []*Certificate { return nil }

// FindBySubject returns the certificates with the subject (DER of the Name).
func (p *Pool) FindBySubject(rawSubject []byte) []*Certificate { return nil }

// FindIssuer finds the certificate whose key made the signature of c. Errors: see
// [Certificate.CheckSignatureFrom]; [ErrIssuerNotFound] if no candidate fits.
func (p *Pool) FindIssuer(c *Certificate) (*Certificate, error) { return nil, ErrIssuerNotFound }
