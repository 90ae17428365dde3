// Package alias tells whether slices share memory. It is the only package of this module that
// imports unsafe.
package alias

import "unsafe"

// AnyOverlap reports whether x and y share memory at any index. Memory beyond their lengths does
// not count.
func AnyOverlap(x, y []byte) bool {
	return len(x) > 0 && len(y) > 0 &&
		uintptr(unsafe.Pointer(&x[0])) <= uintptr(unsafe.Pointer(&y[len(y)-1])) &&
		uintptr(unsafe.Pointer(&y[0])) <= uintptr(unsafe.Pointer(&x[len(x)-1]))
}

// InexactOverlap reports whether x and y share memory at indices that do not correspond: what
// the implementations of [crypto/cipher] interfaces refuse. Memory beyond their lengths does not
// count.
func InexactOverlap(x, y []byte) bool {
	return len(x) > 0 && len(y) > 0 && &x[0] != &y[0] && AnyOverlap(x, y)
}
