package alias_test

import (
	"testing"

	"github.com/ukrcrypto/dstu/internal/alias"
)

func TestOverlap(t *testing.T) {
	var a, b [100]byte
	for _, c := range []struct {
		name         string
		x, y         []byte
		any, inexact bool
	}{
		{"same", a[:], a[:], true, false},
		{"same start", a[:50], a[:], true, false},
		{"shifted by one", a[:50], a[1:51], true, true},
		{"last byte", a[:50], a[49:], true, true},
		{"inside", a[:], a[10:20], true, true},
		{"adjacent", a[:50], a[50:], false, false},
		{"adjacent, y first", a[50:], a[:50], false, false},
		{"capacity only", a[:10:100], a[20:30], false, false},
		{"two arrays", a[:], b[:], false, false},
		{"empty x", a[:0], a[:], false, false},
		{"empty inside", a[:], a[5:5], false, false},
		{"nil", nil, a[:], false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := alias.AnyOverlap(c.x, c.y); got != c.any {
				t.Errorf("AnyOverlap(x, y) = %v", got)
			}
			if got := alias.AnyOverlap(c.y, c.x); got != c.any {
				t.Errorf("AnyOverlap(y, x) = %v", got)
			}
			if got := alias.InexactOverlap(c.x, c.y); got != c.inexact {
				t.Errorf("InexactOverlap(x, y) = %v", got)
			}
			if got := alias.InexactOverlap(c.y, c.x); got != c.inexact {
				t.Errorf("InexactOverlap(y, x) = %v", got)
			}
		})
	}
}
