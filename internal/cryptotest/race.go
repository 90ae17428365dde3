//go:build race

package cryptotest

const race = true
