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

// halver halves the rate. Its taps but the middle one fall on every second sample only, so that it keeps the
// two kinds apart: to the samples of one kind it is a plain symmetric filter.
type halver struct {
	middle history // what the middle tap passes: the first sample, and every second one from there
	outer  history // the others
	odd    bool    // the next sample is one of the others
}

func newHalver() *halver {
	return &halver{middle: newHistory(0, 0), outer: newHistory(foldHalf, foldHalf)}
}

func (h *halver) push(src []float32) {
	if h.odd && len(src) > 0 {
		h.outer.push(src[:1])
		src, h.odd = src[1:], false
	}
	pairs := len(src) / 2
	var middle, outer []float32
	h.middle.samples, middle = extend(h.middle.samples, pairs)
	h.outer.samples, outer = extend(h.outer.samples, pairs)
	for i := range middle {
		pair := (*[2]float32)(src)
		middle[i], outer[i] = pair[0], pair[1]
		src = src[2:]
	}
	if len(src) > 0 {
		h.middle.push(src)
		h.odd = true
	}
}

func (h *halver) pushSilence() { h.outer.pushSilence() }

func (h *halver) run(dst []float32) []float32 {
	n := min(len(h.middle.samples), len(h.outer.samples)-foldTaps+1)
	if n <= 0 {
		return dst
	}
	dst, out := extend(dst, n)
	convolveFolded(out, h.outer.samples, 1, &halfbandOuter)
	for i, v := range h.middle.samples[:n] {
		out[i] += 0.5 * v
	}
	h.middle.forget(n)
	h.outer.forget(n)
	return dst
}

func (h *halver) reset() {
	h.middle.reset()
	h.outer.reset()
	h.odd = false
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
