//go:build amd64 && !purego

package media

import "golang.org/x/sys/cpu"

// hasAVX2 tells whether the processor can do what kernel_amd64.s asks of it. A test clears it to compare.
var hasAVX2 = cpu.X86.HasAVX2

// convolveFoldedAVX2 is convolveFoldedGo, four outputs at a time; len(dst) is a multiple of 4.
//
//go:noescape
func convolveFoldedAVX2(dst, x []float32, step int, c *[foldHalf]float32)

// widenAVX2 is widenGo, eight samples at a time; len(dst) is a multiple of 8.
//
//go:noescape
func widenAVX2(dst []float32, data []byte)

func convolveFolded(dst, x []float32, step int, c *[foldHalf]float32) {
	n := 0
	if hasAVX2 && len(dst) >= 4 {
		n = len(dst) &^ 3
		_ = x[(n-1)*step+foldTaps-1] // the assembly checks nothing
		convolveFoldedAVX2(dst[:n], x, step, c)
	}
	if n < len(dst) {
		convolveFoldedGo(dst[n:], x[n*step:], step, c)
	}
}

func widen(dst []float32, data []byte) {
	n := 0
	if hasAVX2 {
		n = len(dst) &^ 7
		widenAVX2(dst[:n], data[:2*n])
	}
	widenGo(dst[n:], data[2*n:])
}
