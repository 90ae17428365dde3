// Package toy holds fields GF(2^5) … GF(2^13), made by the generator of package gf2m from the
// same template, small enough for exhaustive tests. It is imported by tests only.
package toy
