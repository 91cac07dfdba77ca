package media

import "fmt"

// A Resampler converts a stream of samples from one rate to another, chunk by chunk. The samples are the
// same however the stream is cut, and nothing is allocated once its buffers have grown (about 10 KiB).
//
// It passes what a telephone passes and stops what would come through false. If the lower rate is 8 kHz:
// unity gain and less than 0.01 dB of ripple up to 3400 Hz, everything above 4600 Hz at least 70 dB down;
// other rates in proportion. Louder than full scale is clipped.
//
// It looks ahead: what the last 2.3 ms of input contribute (at a lower rate of 8 kHz) comes with the next
// Append or with Flush. The first sample out belongs to the first sample in.
type Resampler struct {
	in, out int
	stages  []stage
	block   []float32   // input on its way into the first stage; its length bounds what is done at once
	results [][]float32 // output of each stage, reused
}

// stage is a filter that changes the rate.
type stage interface {
	push(src []float32)          // adds input
	pushSilence()                // adds the silence that ends it
	run(dst []float32) []float32 // appends all the output that the input allows
	reset()                      // forgets all input
}

// blockSamples is how many samples are converted at once, counted at the higher rate: few enough to stay in
// the processor's first-level cache, and to keep a call small.
const blockSamples = 480

// NewResampler returns a Resampler from in to out, both in Hz and from 1000 to 384000.
//
// Where the rates lie apart by 2 or more it works in two stages that meet at twice the lower rate: a
// half-band filter beside the lower rate, which alone has to be steep, and a short polyphase filter
// (48 to 16 to 8 kHz). This takes less than half the time of one stage.
func NewResampler(in, out int) (*Resampler, error) {
	if err := checkRate("input rate", in); err != nil {
		return nil, fmt.Errorf("media: resampler: %w", err)
	}
	if err := checkRate("output rate", out); err != nil {
		return nil, fmt.Errorf("media: resampler: %w", err)
	}
	r := &Resampler{in: in, out: out}
	low, high := min(in, out), max(in, out)
	switch middle := 2 * low; {
	case in == out:
	case high < middle:
		r.stages = []stage{newPolyphase(tableKey{in, out, low})}
	case high == middle && in > out:
		r.stages = []stage{newHalver()}
	case high == middle:
		r.stages = []stage{newDoubler()}
	case in > out:
		r.stages = []stage{newPolyphase(tableKey{in, middle, low}), newHalver()}
	default:
		r.stages = []stage{newDoubler(), newPolyphase(tableKey{middle, out, low})}
	}
	r.results = make([][]float32, len(r.stages))
	r.block = make([]float32, max(1, blockSamples*in/high))
	return r, nil
}

// Append converts src and appends to dst what is ready.
func (r *Resampler) Append(dst, src []int16) []int16 {
	for len(src) > 0 {
		block := r.block[:min(len(r.block), len(src))]
		for i, v := range src[:len(block)] {
			block[i] = float32(v)
		}
		src = src[len(block):]
		dst = appendRounded(dst, r.convert(block))
	}
	return dst
}

// Flush appends what the last input still owes, as if silence followed, and resets. In all, n samples of input
// have then given n*out/in samples, rounded up.
func (r *Resampler) Flush(dst []int16) []int16 { return appendRounded(dst, r.flush()) }

// Reset forgets all input, for a new stream at the same rates.
func (r *Resampler) Reset() {
	for _, s := range r.stages {
		s.reset()
	}
}

// convert takes a block through all stages. The result is valid until the next call.
func (r *Resampler) convert(block []float32) []float32 {
	for i, s := range r.stages {
		s.push(block)
		block = s.run(r.results[i][:0])
		r.results[i] = block
	}
	return block
}

// flush ends the input of all stages. The result is valid until the next call.
func (r *Resampler) flush() []float32 {
	var block []float32
	for i, s := range r.stages {
		s.push(block)
		s.pushSilence()
		block = s.run(r.results[i][:0])
		r.results[i] = block
		s.reset()
	}
	return block
}
