package media

// history is the input that a filter still needs: what its next window covers, and what has not been
// filtered yet.
//
// It begins with just enough silence that the first window is centred on the first sample, and a flush adds
// just enough that the last window is centred on the last one. So a filter's delay is never heard as
// silence in front of the sound, and sound out is as long as sound in.
type history struct {
	samples       []float32
	before, after int // samples of silence at the beginning and at the end
}

func newHistory(before, after int) history {
	return history{samples: make([]float32, before), before: before, after: after}
}

// push adds input.
func (h *history) push(src []float32) { h.samples = append(h.samples, src...) }

// pushSilence adds the silence that brings out what the last samples of input still owe.
func (h *history) pushSilence() {
	var added []float32
	h.samples, added = extend(h.samples, h.after)
	clear(added)
}

// forget drops the oldest n samples.
func (h *history) forget(n int) { h.samples = h.samples[:copy(h.samples, h.samples[n:])] }

// reset goes back to the beginning.
func (h *history) reset() {
	h.samples = h.samples[:h.before]
	clear(h.samples)
}
