//go:build !amd64 || purego

package kupyna

func asmCompress512(*[8]uint64, []byte) bool   { return false }
func asmCompress1024(*[16]uint64, []byte) bool { return false }

func asmMany(int, [][]byte, func(int, []byte)) bool { return false }
