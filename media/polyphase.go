package media

// polyphase converts by any rational factor: of a long filter at the rates' common multiple it computes, for
// each output, only the taps that fall on an input sample. See Crochiere and Rabiner, "Multirate Digital
// Signal Processing".
type polyphase struct {
	history
	*table
	phase int // where the next output lies between two input samples, in 1/up of their distance
}

func newPolyphase(key tableKey) *polyphase {
	t := sharedTable(key)
	return &polyphase{history: newHistory(t.taps/2-1, t.taps/2), table: t}
}

func (p *polyphase) run(dst []float32) []float32 {
	// Output k has its window at (phase + k*down) / up.
	n := ((len(p.samples)-p.taps+1)*p.up - p.phase + p.down - 1) / p.down
	if n <= 0 {
		return dst
	}
	dst, out := extend(dst, n)
	if p.folded != nil {
		convolveFolded(out, p.samples, p.down, p.folded)
	} else {
		p.convolve(out)
	}
	end := p.phase + n*p.down
	p.phase = end % p.up
	p.forget(end / p.up)
	return dst
}

// convolve fills dst.
func (p *polyphase) convolve(dst []float32) {
	whole, part := p.down/p.up, p.down%p.up
	at, phase := 0, p.phase
	for i := range dst {
		dst[i] = dot(p.row(phase), p.samples[at:at+p.taps])
		at += whole
		if phase += part; phase >= p.up {
			phase -= p.up
			at++
		}
	}
}

// reset goes back to the beginning.
func (p *polyphase) reset() {
	p.history.reset()
	p.phase = 0
}
