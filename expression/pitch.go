package expression

const (
	pitchFrame = 40 * perMS // samples that one estimate looks at
	pitchEvery = 4          // steps of 10 ms from one estimate to the next
	lowest     = 60         // Hz
	highest    = 400        // Hz

	// voicing is the least normalized correlation of a voiced frame.
	voicing = 0.6
)

// pitches estimates the fundamental of the voiced parts of a turn's speech, in Hz, by
// normalized autocorrelation. Telephone lines cut most fundamentals away; their
// period stays in the harmonics.
func pitches(pcm []int16, a activity) []float64 {
	var all []float64
	for i := a.first; i < a.last; i += pitchEvery {
		if from := i * hop; a.speech[i] && from+pitchFrame+longestLag <= len(pcm) {
			if f := pitch(pcm[from : from+pitchFrame+longestLag]); f > 0 {
				all = append(all, f)
			}
		}
	}
	return all
}

const (
	rate        = 8000 // Hz
	shortestLag = rate / highest
	longestLag  = rate/lowest + 1
)

// pitch is the fundamental of pitchFrame samples that longestLag more follow, in Hz; 0
// if they have none.
func pitch(pcm []int16) float64 {
	var best float64
	var scores [longestLag + 1]float64
	energy := dot(pcm[:pitchFrame], pcm[:pitchFrame])
	shifted := dot(pcm[shortestLag:shortestLag+pitchFrame], pcm[shortestLag:shortestLag+pitchFrame])
	for lag := shortestLag; lag <= longestLag; lag++ {
		c := dot(pcm[:pitchFrame], pcm[lag:lag+pitchFrame])
		if c > 0 && energy > 0 && shifted > 0 {
			scores[lag] = c * c / (energy * shifted)
			best = max(best, scores[lag])
		}
		if lag < longestLag { // the window moves by one sample
			out, in := float64(pcm[lag]), float64(pcm[lag+pitchFrame])
			shifted += in*in - out*out
		}
	}
	if best < voicing*voicing {
		return 0
	}
	// The first peak near the best: twice the period fits as well as the period.
	for lag := shortestLag + 1; lag < longestLag; lag++ {
		if s := scores[lag]; s >= 0.85*best && s >= scores[lag-1] && s >= scores[lag+1] {
			return rate / (float64(lag) + vertex(scores[lag-1], s, scores[lag+1]))
		}
	}
	return 0
}

// vertex is where a parabola through three neighbors has its peak, from the middle one.
func vertex(left, middle, right float64) float64 {
	if bend := left - 2*middle + right; bend < 0 {
		return (left - right) / (2 * bend)
	}
	return 0
}

func dot(a, b []int16) float64 {
	var sum int64
	for i, v := range a {
		sum += int64(v) * int64(b[i])
	}
	return float64(sum)
}
