// Package cpu tells which vector extensions the assembly of this module may use. It is read once,
// when the program starts.
package cpu

import "golang.org/x/sys/cpu"

// AVX512 reports the extensions of the tier avx512: AVX-512 F, BW, DQ, VL, VBMI and VBMI2, GFNI
// and VPCLMULQDQ (Ice Lake, Zen 4 and later).
var AVX512 = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL &&
	cpu.X86.HasAVX512VBMI && cpu.X86.HasAVX512VBMI2 && cpu.X86.HasAVX512GFNI && cpu.X86.HasAVX512VPCLMULQDQ

// AVX2 reports the extensions of the tier avx2: AVX2 and PCLMULQDQ (Haswell, Zen and later).
var AVX2 = cpu.X86.HasAVX2 && cpu.X86.HasPCLMULQDQ

// ARM64 reports the extension of the tier arm64: PMULL, the carry-less product of 64-bit words
// (nearly every 64-bit Arm processor since 2014, but not the Raspberry Pi 4).
var ARM64 = cpu.ARM64.HasPMULL
