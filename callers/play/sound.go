package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/patchcord/patchcord/media"
)

const (
	perMS = media.Rate / 1000
	frame = 20 * perMS // samples
	slice = 10 * perMS // in which the ear listens
	loud  = 1000       // the mean size, of 32768, above which a slice is speech, as in realtimetest
)

// samples makes samples of linear16.
func samples(b []byte) []int16 {
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return pcm
}

// near is nil if no sample is further from the recording than half a step of G.711: its
// steps are 1/16 of a segment, and a segment begins at 2^n less 132 (table 2a, in 16 bits).
func near(recorded, decoded []int16) error {
	for i, v := range recorded {
		size, off := max(int(v), -int(v)), int(v)-int(decoded[i])
		if off = max(off, -off); off > (size+132)/32+1 {
			return fmt.Errorf("sample %d is %d, and %d as µ-law", i, v, decoded[i])
		}
	}
	return nil
}

// isLoud tells speech from silence.
func isLoud(pcm []int16) bool {
	sum := 0
	for _, v := range pcm {
		sum += max(int(v), -int(v))
	}
	return sum > loud*len(pcm)
}

// extent is where the loud part of a sound begins and ends.
func extent(pcm []int16) (begins, ends int) {
	begins = -1
	for i := 0; i+slice <= len(pcm); i += slice {
		if isLoud(pcm[i : i+slice]) {
			if ends = i + slice; begins < 0 {
				begins = i
			}
		}
	}
	return max(begins, 0), ends
}

// loudTime is how long a sound is loud.
func loudTime(ulaw []byte) (d time.Duration) {
	pcm := media.AppendDecodeULaw(nil, ulaw)
	for ; len(pcm) >= slice; pcm = pcm[slice:] {
		if isLoud(pcm[:slice]) {
			d += span(slice)
		}
	}
	return d
}

// span is how long so many samples last.
func span(n int) time.Duration { return time.Duration(n) * time.Millisecond / perMS }

// tone is what a voice says, at a rate in Hz.
func tone(rate int, d time.Duration) []int16 {
	pcm := make([]int16, int(d.Seconds()*float64(rate)))
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
	}
	return pcm
}

// ear finds turns: they begin with 100 ms that are loud, and end with 500 ms that are not.
type ear struct {
	next        int // the first sample not yet judged
	loud, quiet int // samples in a row; of loud ones, short pauses between don't count
	talks       bool
	begins      int
}

// hear judges what is new of all that was heard.
func (e *ear) hear(all []int16, begins func(), ends func(from int)) {
	for ; e.next+slice <= len(all); e.next += slice {
		if isLoud(all[e.next : e.next+slice]) {
			e.loud, e.quiet = e.loud+slice, 0
		} else if e.quiet += slice; e.quiet > 50*perMS && !e.talks {
			e.loud = 0
		}
		switch {
		case !e.talks && e.loud >= 100*perMS:
			e.talks, e.begins = true, e.next-e.loud
			begins()
		case e.talks && e.quiet >= 500*perMS:
			e.talks, e.loud = false, 0
			ends(max(e.begins, 0))
		}
	}
}
