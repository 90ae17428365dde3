package pkix

import "strings"

// KeyUsage is a set of bits: bit i is bit number i of the extension (RFC 5280, 4.2.1.3).
type KeyUsage uint16

// The purposes of a key.
const (
	KeyUsageDigitalSignature KeyUsage = 1 << iota
	KeyUsageNonRepudiation
	KeyUsageKeyEncipherment
	KeyUsageDataEncipherment
	KeyUsageKeyAgreement
	KeyUsageKeyCertSign
	KeyUsageCRLSign
	KeyUsageEncipherOnly
	KeyUsageDecipherOnly
)

var keyUsageNames = [...]string{
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
	"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
}

// Names returns the names of the bits that are set, as RFC 5280 spells them, in their order.
func (u KeyUsage) Names() []string {
	var names []string
	for i, name := range keyUsageNames {
		if u&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String returns the names joined by commas.
func (u KeyUsage) String() string { return strings.Join(u.Names(), ",") }
