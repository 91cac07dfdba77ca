package media

import "encoding/binary"

// The inner loops. Nearly all the processor time of a call's sound is spent here, so they are written for the
// compiler: windows are array pointers, whose constant indices need no bounds checks.
//
// Every output is computed by the same expression from the same window, wherever it falls in a block. That is
// what makes the samples independent of how the input was cut. Vector code computes the same expression, so
// that they don't depend on the machine either: products are rounded to float32 before they are added (the
// conversion says so to the compiler, which may fuse the two otherwise), and sums are taken in the order in
// which eight lanes come together.

const (
	foldTaps = 32           // taps of a symmetric filter
	foldHalf = foldTaps / 2 // that differ
)

// convolveFoldedGo filters x by 32 symmetric taps, of which c holds the first half: each pair of samples that
// share a tap is added before it is multiplied. It writes one output for each step samples, filling dst.
func convolveFoldedGo(dst, x []float32, step int, c *[foldHalf]float32) {
	for i := range dst {
		w := (*[foldTaps]float32)(x)
		s0 := float32(c[0]*(w[0]+w[31])) + float32(c[8]*(w[8]+w[23]))
		s1 := float32(c[1]*(w[1]+w[30])) + float32(c[9]*(w[9]+w[22]))
		s2 := float32(c[2]*(w[2]+w[29])) + float32(c[10]*(w[10]+w[21]))
		s3 := float32(c[3]*(w[3]+w[28])) + float32(c[11]*(w[11]+w[20]))
		s4 := float32(c[4]*(w[4]+w[27])) + float32(c[12]*(w[12]+w[19]))
		s5 := float32(c[5]*(w[5]+w[26])) + float32(c[13]*(w[13]+w[18]))
		s6 := float32(c[6]*(w[6]+w[25])) + float32(c[14]*(w[14]+w[17]))
		s7 := float32(c[7]*(w[7]+w[24])) + float32(c[15]*(w[15]+w[16]))
		dst[i] = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
		x = x[step:]
	}
}

// widenGo reads len(dst) little-endian 16-bit samples from data.
func widenGo(dst []float32, data []byte) {
	data = data[:2*len(dst)]
	for i := range dst {
		dst[i] = float32(int16(binary.LittleEndian.Uint16(data[2*i:])))
	}
}

// dot is the sum of products of c and x, which are equally long; the length is a multiple of 8.
func dot(c, x []float32) float32 {
	var s0, s1 float32
	for len(c) >= 8 && len(x) >= 8 {
		c8, x8 := (*[8]float32)(c), (*[8]float32)(x)
		s0 += float32(c8[0]*x8[0]) + float32(c8[1]*x8[1]) + float32(c8[2]*x8[2]) + float32(c8[3]*x8[3])
		s1 += float32(c8[4]*x8[4]) + float32(c8[5]*x8[5]) + float32(c8[6]*x8[6]) + float32(c8[7]*x8[7])
		c, x = c[8:], x[8:]
	}
	return s0 + s1
}
