package media

import "math"

// lowPass is a windowed-sinc low-pass filter as a continuous curve, from which tables are sampled.
//
// The window is Kaiser's, which is close to the best there is for a given width and has one knob: beta
// trades the depth of the stop band (about 9 beta + 9 dB) against the width of the transition. See
// Oppenheim and Schafer, "Discrete-Time Signal Processing", on FIR design with the Kaiser window.
type lowPass struct {
	cutoff    float64 // cycles per sample, where the response is half (-6 dB)
	halfWidth float64 // samples to either side of the centre; zero beyond
	beta      float64
}

// at returns the curve's value t samples from its centre.
func (l lowPass) at(t float64) float64 {
	x := t / l.halfWidth
	if x*x > 1 {
		return 0
	}
	return sinc(2*l.cutoff*t) * bessel0(l.beta*math.Sqrt(1-x*x))
}

// sinc is the impulse response of the ideal low-pass filter.
func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// bessel0 is the modified Bessel function of the first kind and order zero, by its power series.
func bessel0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= x * x / (4 * k * k)
		sum += term
	}
	return sum
}

// scaleTo fills dst with the taps times one factor, chosen so that they add up to sum. It fixes the gain at
// 0 Hz exactly, whatever the window did to it.
func scaleTo(dst []float32, taps []float64, sum float64) {
	var total float64
	for _, v := range taps {
		total += v
	}
	for i, v := range taps {
		dst[i] = float32(v * sum / total)
	}
}
