//go:build !race

package main

// memoryBound is half of the file that the commands stream.
const memoryBound = 4 << 20
