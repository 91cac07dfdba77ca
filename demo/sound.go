package demo

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/patchcord/patchcord/media"
)

// Sound is counted in samples of the telephone and judged in frames of 20 ms, which is
// also what the telephone sends at a time.
const (
	millisecond = media.Rate / 1000
	frame       = 20 * millisecond
	frameTime   = 20 * time.Millisecond
)

// span is how long so many samples last.
func span(samples int) time.Duration {
	return time.Duration(samples) * time.Millisecond / millisecond
}

// samples is how many samples last so long.
func samples(d time.Duration) int { return int(d * millisecond / time.Millisecond) }

// loud tells speech from silence: it is true of a frame above -45 dB re full scale.
func loud(pcm []int16) bool {
	const threshold = 184 // 32768 · 10^(-45/20)
	return energy(pcm) > threshold*threshold*int64(len(pcm))
}

// voiced counts the loud frames.
func voiced(pcm []int16) (n int) {
	for ; len(pcm) >= frame; pcm = pcm[frame:] {
		if loud(pcm[:frame]) {
			n++
		}
	}
	return n
}

// energy is the sum of the squares.
func energy(pcm []int16) (sum int64) {
	for _, v := range pcm {
		sum += int64(v) * int64(v)
	}
	return sum
}

// likeness is the correlation of two sounds of the same length: 1 if they are the same
// but for their volume, about 0 if they have nothing to do with each other.
func likeness(a, b []int16) float64 { return correlate(a, b, energy(a), energy(b)) }

// correlate is the likeness of two sounds whose energies are known.
func correlate(a, b []int16, energyA, energyB int64) float64 {
	if energyA == 0 || energyB == 0 {
		return 0
	}
	var dot int64
	for i, v := range a {
		dot += int64(v) * int64(b[i])
	}
	return float64(dot) / math.Sqrt(float64(energyA)*float64(energyB))
}

// decode makes samples of linear16: little-endian, 16 bits.
func decode(b []byte) []int16 {
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return pcm
}
