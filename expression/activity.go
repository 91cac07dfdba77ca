package expression

import (
	"math"
	"slices"
)

const (
	hop = 10 * perMS // samples of a step: 10 ms

	// A step is speech if it is so much louder than the quiet of the same turn, or nearly as
	// loud as its loudest, and not below the floor.
	aboveQuiet = 9.0   // dB
	belowPeak  = 20.0  // dB
	floorLevel = -55.0 // dBFS; comfort noise of telephone networks is about -60

	// hang joins steps of speech: closures of plosives last up to 150 ms.
	hang = 15 // steps
)

// activity is where in a turn the caller spoke.
type activity struct {
	levels []float64 // dBFS of each step
	speech []bool    // of each step
	first  int       // step of the first speech
	last   int       // step after the last
}

// silent tells whether there is no speech.
func (a activity) silent() bool { return a.last == 0 }

// detect finds speech in samples at 8 kHz.
func detect(pcm []int16) activity {
	var a activity
	for i := 0; i+hop <= len(pcm); i += hop {
		a.levels = append(a.levels, level(pcm[i:i+hop]))
	}
	if len(a.levels) == 0 {
		return a
	}
	sorted := slices.Sorted(slices.Values(a.levels))
	quiet := sorted[len(sorted)/10]
	loud := sorted[len(sorted)*95/100]
	threshold := max(floorLevel, min(quiet+aboveQuiet, loud-belowPeak))
	a.speech = make([]bool, len(a.levels))
	run := -hang - 1
	for i, v := range a.levels {
		if v < threshold {
			continue
		}
		if i-run <= hang {
			for j := run + 1; j < i; j++ {
				a.speech[j] = true
			}
		}
		a.speech[i], run = true, i
	}
	a.first = max(0, slices.Index(a.speech, true))
	a.last = run + 1
	if run < 0 {
		a.last = 0
	}
	return a
}

// quietest is the level of digital silence, in dBFS.
const quietest = -96.0

// level is the root mean square of samples, in dB below a full-scale square wave.
func level(pcm []int16) float64 {
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	if sum == 0 {
		return quietest
	}
	return max(quietest, 10*math.Log10(sum/float64(len(pcm))/(32768*32768)))
}
