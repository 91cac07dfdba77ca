package amd

import (
	"math"

	"github.com/patchcord/patchcord/media"
)

// turns is 2*cos of the angle by which a sine of some frequency turns in a sample at 8 kHz, for the frequencies at
// which [Beep] looks first, in fours: scanFrom and every scanStep from there, to 2120 Hz.
var turns = func() (t [11][4]float32) {
	for i := range t {
		for j := range t[i] {
			t[i][j] = turn(float32(scanFrom + scanStep*(4*i+j)))
		}
	}
	return t
}()

func turn(hz float32) float32 { return float32(2 * math.Cos(2*math.Pi*float64(hz)/media.Rate)) }

// goertzel4 is how much of four frequencies is in x: the squares of their amplitudes, by Goertzel's algorithm (G.
// Goertzel, An Algorithm for the Evaluation of Finite Trigonometric Series, 1958). Four at once keep the processor
// busy, where one waits for itself at every sample.
func goertzel4(x *[beepFrame]float32, w *[4]float32) (p [4]float32) {
	w0, w1, w2, w3 := w[0], w[1], w[2], w[3]
	var a0, a1, a2, a3, b0, b1, b2, b3 float32
	for _, v := range x {
		a0, b0 = v+w0*a0-b0, a0
		a1, b1 = v+w1*a1-b1, a1
		a2, b2 = v+w2*a2-b2, a2
		a3, b3 = v+w3*a3-b3, a3
	}
	return [4]float32{a0*a0 + b0*b0 - w0*a0*b0, a1*a1 + b1*b1 - w1*a1*b1, a2*a2 + b2*b2 - w2*a2*b2,
		a3*a3 + b3*b3 - w3*a3*b3}
}

// pitch finds the strongest sine of the frame, to within a few hertz. It is pure if it could be a beep's.
func (b *Beep) pitch(power float32) (hz float32, pure bool) {
	var all [4 * len(turns)]float32
	strongest := 0
	for i := range turns {
		for j, p := range goertzel4(&b.frame, &turns[i]) {
			k := 4*i + j
			if all[k] = p; p > all[strongest] {
				strongest = k
			}
		}
	}
	// No sine between two of the frequencies loses more than a third.
	best, whole := all[strongest], power*beepFrame*beepFrame/2
	if best < beepPure*whole*2/3 {
		return 0, false
	}
	for k, p := range all { // so far from it, the sine itself shows with a sixtieth
		if (k < strongest-scanClear || k > strongest+scanClear) && p > best/beepOther {
			return 0, false
		}
	}
	hz = float32(scanFrom + scanStep*strongest)
	// A parabola through three amplitudes has its top at the sine's frequency.
	p := goertzel4(&b.frame, &[4]float32{turn(hz - scanStep/2), turn(hz), turn(hz + scanStep/2)})
	below, top, above := root(p[0]), root(p[1]), root(p[2])
	if bend := below - 2*top + above; bend < 0 {
		hz += scanStep / 2 * max(-1, min(1, (below-above)/(2*bend)))
	}
	best = goertzel4(&b.frame, &[4]float32{turn(hz)})[0]
	return hz, best >= beepPure*whole && hz >= beepLow && hz <= beepHigh
}

func root(x float32) float32 { return float32(math.Sqrt(float64(max(0, x)))) }
