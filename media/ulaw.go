package media

import (
	"encoding/binary"

	"github.com/zaf/g711"
)

// Silence is the µ-law code of a zero sample (ITU-T G.711: positive zero, all bits set).
const Silence byte = 0xFF

// decodeTable holds the sample of each µ-law code.
var decodeTable = func() (t [256]int16) {
	for code := range t {
		t[code] = g711.DecodeUlawFrame(uint8(code))
	}
	return t
}()

// encodeTable holds the µ-law code of each sample without its two lowest bits: µ-law keeps 14 bits of a
// sample, so four neighbours always share a code.
var encodeTable = func() (t [1 << 14]byte) {
	for i := range t {
		t[i] = g711.EncodeUlawFrame(int16(uint16(i) << 2))
	}
	return t
}()

// encodeSample returns the µ-law code of one sample.
func encodeSample(v int16) byte { return encodeTable[uint16(v)>>2] }

// AppendDecodeULaw appends to dst one 16-bit sample for each µ-law code of src.
func AppendDecodeULaw(dst []int16, src []byte) []int16 {
	dst, out := extend(dst, len(src))
	for i, code := range src {
		out[i] = decodeTable[code]
	}
	return dst
}

// AppendEncodeULaw appends to dst one µ-law code for each 16-bit sample of src.
func AppendEncodeULaw(dst []byte, src []int16) []byte {
	dst, out := extend(dst, len(src))
	for i, v := range src {
		out[i] = encodeSample(v)
	}
	return dst
}

// InterleaveULaw writes two channels of µ-law as 16-bit little-endian frames, left first, into dst, which
// must have room for them. Both are equally long.
func InterleaveULaw(dst, left, right []byte) {
	right = right[:len(left)]
	dst = dst[:4*len(left)]
	for i, code := range left {
		binary.LittleEndian.PutUint32(dst[4*i:], uint32(uint16(decodeTable[code]))|uint32(uint16(decodeTable[right[i]]))<<16)
	}
}
