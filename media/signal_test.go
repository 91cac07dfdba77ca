package media

import (
	"math"
	"math/rand/v2"
)

// tone is n samples of a sine at hz.
func tone(rate int, hz, amplitude float64, n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(math.Round(amplitude * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))))
	}
	return pcm
}

// noise is n samples of white noise over most of the range, the same for the same seed.
func noise(n int, seed uint64) []int16 {
	rng := rand.New(rand.NewPCG(seed, 1))
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(rng.IntN(60001) - 30000)
	}
	return pcm
}

// fit finds the sine at hz that is nearest to pcm: its amplitude, its phase in radians (as in
// amplitude*sin(2*pi*hz*t + phase)), and the root mean square of what is left without it.
func fit(pcm []int16, rate int, hz float64) (amplitude, phase, rest float64) {
	// Normal equations of a*sin + b*cos.
	var ss, cc, sc, xs, xc float64
	for i, v := range pcm {
		s, c := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
		ss, cc, sc = ss+s*s, cc+c*c, sc+s*c
		xs, xc = xs+float64(v)*s, xc+float64(v)*c
	}
	det := ss*cc - sc*sc
	a, b := (xs*cc-xc*sc)/det, (xc*ss-xs*sc)/det
	var sum float64
	for i, v := range pcm {
		s, c := math.Sincos(2 * math.Pi * hz * float64(i) / float64(rate))
		d := float64(v) - a*s - b*c
		sum += d * d
	}
	return math.Hypot(a, b), math.Atan2(b, a), math.Sqrt(sum / float64(len(pcm)))
}

// rms is the root mean square of pcm.
func rms(pcm []int16) float64 {
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(pcm)))
}

// db is a ratio of amplitudes in decibels.
func db(ratio float64) float64 { return 20 * math.Log10(ratio) }

// middle cuts the same part off both ends, where a filter sees the silence outside.
func middle(pcm []int16) []int16 { return pcm[len(pcm)/4 : len(pcm)*3/4] }

// resampled takes pcm through a new Resampler, in one piece.
func resampled(t interface{ Fatal(...any) }, pcm []int16, in, out int) []int16 {
	r, err := NewResampler(in, out)
	if err != nil {
		t.Fatal(err)
	}
	return r.Flush(r.Append(nil, pcm))
}
