package media

// The inner loops. Nearly all the processor time of a call is spent here, so they are written for the
// compiler: windows are array pointers, whose constant indices need no bounds checks, and the sum is split
// over several accumulators, so that additions need not wait for each other.
//
// Every output is computed by the same expression from the same window, wherever it falls in a block.
// That is what makes the samples independent of how the input was cut.

const (
	foldTaps = 32           // taps of a symmetric filter
	foldHalf = foldTaps / 2 // that differ
)

// convolveFolded filters x by 32 symmetric taps, of which c holds the first half: each pair of samples that
// share a tap is added before it is multiplied. It writes one output for each step samples, filling dst.
func convolveFolded(dst, x []float32, step int, c *[foldHalf]float32) {
	for i := range dst {
		w := (*[foldTaps]float32)(x)
		s0 := c[0]*(w[0]+w[31]) + c[1]*(w[1]+w[30]) + c[2]*(w[2]+w[29]) + c[3]*(w[3]+w[28])
		s1 := c[4]*(w[4]+w[27]) + c[5]*(w[5]+w[26]) + c[6]*(w[6]+w[25]) + c[7]*(w[7]+w[24])
		s2 := c[8]*(w[8]+w[23]) + c[9]*(w[9]+w[22]) + c[10]*(w[10]+w[21]) + c[11]*(w[11]+w[20])
		s3 := c[12]*(w[12]+w[19]) + c[13]*(w[13]+w[18]) + c[14]*(w[14]+w[17]) + c[15]*(w[15]+w[16])
		dst[i] = (s0 + s1) + (s2 + s3)
		x = x[step:]
	}
}

// halfbandTaps is the length of the half-band filter, of which every second tap but the middle one is zero.
const halfbandTaps = 2*foldTaps - 1

// convolveHalfband filters x by the half-band filter whose outer taps are c, and writes one output for each
// two samples, filling dst.
func convolveHalfband(dst, x []float32, c *[foldHalf]float32) {
	for i := range dst {
		w := (*[halfbandTaps]float32)(x)
		s0 := c[0]*(w[0]+w[62]) + c[1]*(w[2]+w[60]) + c[2]*(w[4]+w[58]) + c[3]*(w[6]+w[56])
		s1 := c[4]*(w[8]+w[54]) + c[5]*(w[10]+w[52]) + c[6]*(w[12]+w[50]) + c[7]*(w[14]+w[48])
		s2 := c[8]*(w[16]+w[46]) + c[9]*(w[18]+w[44]) + c[10]*(w[20]+w[42]) + c[11]*(w[22]+w[40])
		s3 := c[12]*(w[24]+w[38]) + c[13]*(w[26]+w[36]) + c[14]*(w[28]+w[34]) + c[15]*(w[30]+w[32])
		dst[i] = (s0 + s1) + (s2 + s3) + 0.5*w[31]
		x = x[2:]
	}
}

// dot is the sum of products of c and x, which are equally long; the length is a multiple of 8.
func dot(c, x []float32) float32 {
	var s0, s1 float32
	for len(c) >= 8 && len(x) >= 8 {
		c8, x8 := (*[8]float32)(c), (*[8]float32)(x)
		s0 += c8[0]*x8[0] + c8[1]*x8[1] + c8[2]*x8[2] + c8[3]*x8[3]
		s1 += c8[4]*x8[4] + c8[5]*x8[5] + c8[6]*x8[6] + c8[7]*x8[7]
		c, x = c[8:], x[8:]
	}
	return s0 + s1
}
