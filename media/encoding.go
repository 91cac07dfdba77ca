package media

import (
	"encoding/binary"
	"fmt"
	"math"
)

// formatFloat is the format tag of IEEE 754 samples, from -1 to 1.
const formatFloat = 3

// encoding is how a WAV's samples are written: a format tag, and the bits of one sample.
type encoding struct{ tag, bits uint16 }

// check16 takes what a voice sends: 16-bit PCM.
func (e encoding) check16() error {
	if e.tag != formatPCM {
		return fmt.Errorf("format tag 0x%04X is not PCM (0x0001)", e.tag)
	}
	if e.bits != 16 {
		return fmt.Errorf("%d bits per sample, want 16", e.bits)
	}
	return nil
}

// check takes what programs that record write.
func (e encoding) check() error {
	switch {
	case e.tag != formatPCM && e.tag != formatFloat:
		return fmt.Errorf("format tag 0x%04X is neither PCM (0x0001) nor float (0x0003)", e.tag)
	case e.sample() == nil && e.tag == formatFloat:
		return fmt.Errorf("%d bits per float sample, want 32 or 64", e.bits)
	case e.sample() == nil:
		return fmt.Errorf("%d bits per sample, want 8, 16, 24 or 32", e.bits)
	}
	return nil
}

// bytes is the size of one sample.
func (e encoding) bytes() int { return int(e.bits) / 8 }

// sample reads the sample that b begins with, from -1 to 1; nil of an encoding that isn't read.
func (e encoding) sample() func(b []byte) float64 {
	le := binary.LittleEndian
	switch e {
	case encoding{formatPCM, 8}: // the one that is unsigned
		return func(b []byte) float64 { return float64(int(b[0])-128) / 128 }
	case encoding{formatPCM, 16}:
		return func(b []byte) float64 { return float64(int16(le.Uint16(b))) / (1 << 15) }
	case encoding{formatPCM, 24}:
		return func(b []byte) float64 { return float64(int32(le.Uint16(b))<<8|int32(int8(b[2]))<<24) / (1 << 31) }
	case encoding{formatPCM, 32}:
		return func(b []byte) float64 { return float64(int32(le.Uint32(b))) / (1 << 31) }
	case encoding{formatFloat, 32}:
		return func(b []byte) float64 { return float64(math.Float32frombits(le.Uint32(b))) }
	case encoding{formatFloat, 64}:
		return func(b []byte) float64 { return math.Float64frombits(le.Uint64(b)) }
	}
	return nil
}

// mono reads frames and mixes their channels into one, in the unit of 16-bit samples. What is not a
// number is silence, and what is too loud is clipped.
func (e encoding) mono(data []byte, channels int) []float32 {
	sample, size := e.sample(), e.bytes()
	out := make([]float32, len(data)/(size*channels))
	for i := range out {
		sum := 0.0
		for range channels {
			v := sample(data)
			if v != v {
				v = 0
			}
			sum += max(-1, min(v, 1))
			data = data[size:]
		}
		out[i] = float32(sum / float64(channels) * (1 << 15))
	}
	return out
}
