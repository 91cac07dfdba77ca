package realtimetest

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// Tone is a sine in a format, at a quarter of full scale. A-law is written as µ-law.
func Tone(f realtime.AudioFormat, hertz float64, d time.Duration) []byte {
	rate := f.Rate
	if f.Type != realtime.TypePCM {
		rate = 8000
	}
	n := int(d.Seconds() * float64(rate))
	var out []byte
	for i := range n {
		v := int16(8000 * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate)))
		if f.Type == realtime.TypePCM {
			out = binary.LittleEndian.AppendUint16(out, uint16(v))
		} else {
			out = append(out, encodeULaw(v))
		}
	}
	return out
}

// decodeULaw is ITU-T G.711, table 2a. A-law is near enough to it for a level.
func decodeULaw(b byte) int16 {
	b = ^b
	v := (int16(b&0x0f)<<3+0x84)<<(b>>4&7) - 0x84
	if b&0x80 != 0 {
		return -v
	}
	return v
}

// encodeULaw is its inverse.
func encodeULaw(v int16) byte {
	sign := byte(0)
	n := int(v)
	if n < 0 {
		sign, n = 0x80, -n
	}
	n = min(n, 32635) + 0x84
	segment := byte(7)
	for mask := 0x4000; n&mask == 0 && segment > 0; mask >>= 1 {
		segment--
	}
	return ^(sign | segment<<4 | byte(n>>(segment+3))&0x0f)
}
