package media

// A half-band filter cuts at a quarter of the higher of two rates that differ by 2. Its middle tap is one
// half and every second tap beside it is zero, so that 63 taps cost 16 multiplications. Half the input
// passes it unchanged, which is also why doubling a rate costs no more than halving it.
//
// At 8 and 16 kHz: passes 0 to 3400 Hz within 0.002 dB, stops 4600 Hz and above by 73 dB, and looks 31
// samples of the higher rate ahead (1.94 ms).

// halfbandOuter is the first half of the outer taps, which together pass one half (the middle tap passes
// the other). The outer taps are an odd number of samples from the middle.
var halfbandOuter = func() (c [foldHalf]float32) {
	design := lowPass{cutoff: 0.25, halfWidth: foldTaps - 1, beta: 7.3}
	var taps [foldHalf]float64
	for i := range taps {
		taps[i] = design.at(float64(2*i - foldTaps + 1))
	}
	scaleTo(c[:], taps[:], 0.25)
	return c
}()

// halfbandBetween is the same for doubling: there the outer taps alone make the samples in between, so that
// they pass all.
var halfbandBetween = func() (c [foldHalf]float32) {
	for i, v := range halfbandOuter {
		c[i] = 2 * v
	}
	return c
}()

// halver halves the rate.
type halver struct{ history }

func newHalver() *halver {
	return &halver{newHistory(halfbandTaps/2, halfbandTaps/2)}
}

func (h *halver) run(dst []float32) []float32 {
	n := (len(h.samples) - halfbandTaps + 2) / 2
	if n <= 0 {
		return dst
	}
	dst, out := extend(dst, n)
	convolveHalfband(out, h.samples, &halfbandOuter)
	h.forget(2 * n)
	return dst
}

// doubler doubles the rate.
type doubler struct{ history }

func newDoubler() *doubler {
	return &doubler{newHistory(foldHalf-1, foldHalf)}
}

func (d *doubler) run(dst []float32) []float32 {
	n := len(d.samples) - foldTaps + 1
	if n <= 0 {
		return dst
	}
	dst, out := extend(dst, 2*n)
	// The samples in between are computed into the upper half of out and dealt from there; those still to
	// be dealt always lie above the place being filled.
	between := out[n:]
	convolveFolded(between, d.samples, 1, &halfbandBetween)
	for i, v := range d.samples[foldHalf-1 : foldHalf-1+n] {
		out[2*i], out[2*i+1] = v, between[i]
	}
	d.forget(n)
	return dst
}
