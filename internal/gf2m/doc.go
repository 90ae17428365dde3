// Package gf2m is the arithmetic of the binary fields of DSTU 4145-2002 in polynomial basis
// (clause 5, annex G) and of one further field, m = 571, found in keys of one vendor. There is
// one concrete type for each field, E163 … E571.
//
// An element is an array of 64-bit words, least significant first; bit i is the coefficient of
// t^i. Elements are always fully reduced: bits at and above m are zero. Methods write to the
// receiver and return it; arguments may alias it. The zero value is the element 0.
//
// All methods are constant time: no branch and no address depends on the value of an element.
// Counts (the n of SquareN) are not values of elements and are not protected.
//
// Optimal normal bases and the conversion of byte strings are not here.
package gf2m

//go:generate go run generate.go emit.go
