//go:build race

package main

// memoryBound leaves room for what the race detector allocates itself.
const memoryBound = 6 << 20
