package recording

import (
	"sync"

	"github.com/patchcord/patchcord/media"
)

// Bounds of what is in memory of a call. Blocks are allocated as sound comes: usually there
// are seven, 56 KiB.
const (
	blockSamples = media.Rate / 2 // a block is 500 ms, 8 KiB
	maxBlocks    = 32             // so that the disk may stand still for 13 s
)

// The channels.
const (
	callerSide = iota // left
	agentSide         // right
	sides
)

// block is a stretch of both channels in µ-law.
type block [sides][blockSamples]byte

// hush is a block of silence.
var hush = func() (b block) {
	for side := range b {
		for i := range b[side] {
			b[side][i] = media.Silence
		}
	}
	return b
}()

var blocks = sync.Pool{New: func() any { return new(block) }}

// window is the part of the time line that is in memory: maxBlocks blocks from tail on. A
// nil block is silence.
type window struct {
	tail  int64 // number of the first block
	block [maxBlocks]*block
}

func (w *window) slot(n int64) **block { return &w.block[n%maxBlocks] }

// put writes sound to a place. It returns how many samples of it were too late, since their
// block has been written, and how many too many.
func (w *window) put(side int, at int64, ulaw []byte) (late, over int) {
	if at < 0 {
		n := int(min(-at, int64(len(ulaw))))
		late, at, ulaw = n, 0, ulaw[n:]
	}
	for len(ulaw) > 0 {
		n, off := at/blockSamples, at%blockSamples
		part := ulaw[:min(int64(len(ulaw)), blockSamples-off)]
		for w.tail+maxBlocks <= n && *w.slot(w.tail) == nil { // nothing is there to be written
			w.tail++
		}
		switch {
		case n < w.tail:
			late += len(part)
		case n >= w.tail+maxBlocks:
			return late, over + len(ulaw)
		default:
			b := w.slot(n)
			if *b == nil {
				*b = blocks.Get().(*block)
				**b = hush
			}
			copy((*b)[side][off:], part)
		}
		at, ulaw = at+int64(len(part)), ulaw[len(part):]
	}
	return late, over
}

// silence empties one channel from a place on.
func (w *window) silence(side int, from int64) {
	for n := max(w.tail, from/blockSamples); n < w.tail+maxBlocks; n++ {
		if b := *w.slot(n); b != nil {
			off := max(0, from-n*blockSamples)
			copy(b[side][off:], hush[side][off:])
		}
	}
}

// next takes out the first block that has sound and ends by limit, and where it begins. It is
// nil if there is none.
func (w *window) next(limit int64) (b *block, at int64) {
	for b == nil && (w.tail+1)*blockSamples <= limit {
		slot := w.slot(w.tail)
		b, at, *slot = *slot, w.tail*blockSamples, nil
		w.tail++
	}
	return b, at
}
