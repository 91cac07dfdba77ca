package media

import (
	"encoding/binary"
	"slices"
)

// Between the codecs and the filters, samples are float32 in the scale of int16: full scale is 32768. Here
// they come in from little-endian bytes and go out again rounded and clipped.

// extend lengthens dst by n elements and returns it with the new part, which is still to be filled.
func extend[E any](dst []E, n int) (all, added []E) {
	all = slices.Grow(dst, n)[:len(dst)+n]
	return all, all[len(dst):][:n] // the second cut tells the compiler the length, which spares checks
}

// mixdown reads len(dst) frames of interleaved 16-bit samples from data and writes the mean of each frame's
// channels.
func mixdown(dst []float32, data []byte, channels int) {
	if channels == 1 {
		widen(dst, data)
		return
	}
	for i := range dst {
		var sum int32
		for range channels {
			sum += int32(int16(binary.LittleEndian.Uint16(data)))
			data = data[2:]
		}
		dst[i] = float32(sum) / float32(channels)
	}
}

// putSamples writes pcm as 16-bit samples into dst, which must have room for them.
func putSamples(dst []byte, pcm []int16) {
	dst = dst[:2*len(pcm)]
	for i, v := range pcm {
		binary.LittleEndian.PutUint16(dst[2*i:], uint16(v))
	}
}

// round returns the sample nearest to v, which may be louder than full scale.
func round(v float32) int16 {
	shifted := int32(v + 32768.5) // positive for all that is not clipped, so that truncating rounds down
	return int16(min(max(shifted, 0), 65535) - 32768)
}

// appendRounded appends src as samples.
func appendRounded(dst []int16, src []float32) []int16 {
	dst, out := extend(dst, len(src))
	for i, v := range src {
		out[i] = round(v)
	}
	return dst
}

// appendRoundedBytes appends src as 16-bit samples.
func appendRoundedBytes(dst []byte, src []float32) []byte {
	dst, out := extend(dst, 2*len(src))
	for i, v := range src {
		binary.LittleEndian.PutUint16(out[2*i:], uint16(round(v)))
	}
	return dst
}

// appendRoundedULaw appends src as µ-law.
func appendRoundedULaw(dst []byte, src []float32) []byte {
	dst, out := extend(dst, len(src))
	for i, v := range src {
		out[i] = encodeSample(round(v))
	}
	return dst
}
