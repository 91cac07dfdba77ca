package demo

import "math"

// Bounds of recognition.
const (
	keyTime   = 200 * millisecond  // by which a line is recognised: its loudest 200 ms,
	keyWithin = 1500 * millisecond // of its first 1.5 s
	alike     = 0.9                // likeness from which two sounds are taken for the same
	through   = 0.7                // likeness of a frame that came through: two rate converters differ in a hiss
)

// key is the part of a line by which it is recognised, and where in the line it is.
func (l *line) key() (at int, pcm []int16) {
	var most int64
	for i := 0; i+keyTime <= min(len(l.pcm), keyWithin); i += frame / 2 {
		if e := energy(l.pcm[i : i+keyTime]); e > most {
			at, most = i, e
		}
	}
	return at, l.pcm[at:min(at+keyTime, len(l.pcm))]
}

// find looks for a line in a sound, at the sample from or later. It returns where the
// line begins, or -1 if there is nothing like it. It is enough if the line's first 1.5 s
// are there.
func (l *line) find(in []int16, from int) int {
	offset, key := l.key()
	want := energy(key)
	first := max(from, 0) + offset
	if first+len(key) > len(in) {
		return -1
	}
	have := energy(in[first : first+len(key)])
	for at := first; ; at++ {
		// Nothing between the two ends changes the volume: what is half or twice as
		// loud is something else, and need not be looked at closely.
		if have > want/2 && have < want*2 {
			if part := in[at : at+len(key)]; similar(key, part) && correlate(key, part, want, have) > alike {
				return peak(key, in, at) - offset
			}
		}
		if at+len(key) >= len(in) {
			return -1
		}
		out, next := int64(in[at]), int64(in[at+len(key)])
		have += next*next - out*out
	}
}

// similar looks at every eighth sample only, which is enough to pass over most of what is
// not alike.
func similar(a, b []int16) bool {
	var dot, ofA, ofB int64
	for i := 0; i < len(a); i += 8 {
		x, y := int64(a[i]), int64(b[i])
		dot, ofA, ofB = dot+x*y, ofA+x*x, ofB+y*y
	}
	return float64(dot) > alike/2*math.Sqrt(float64(ofA)*float64(ofB))
}

// peak is where, from at on, the likeness is greatest. A vowel is also like itself some
// periods of the voice earlier, so the first that is alike need not be the best.
func peak(key, in []int16, at int) int {
	best, most := at, 0.0
	for i := at; i < at+50*millisecond && i+len(key) <= len(in); i++ {
		if r := likeness(key, in[i:i+len(key)]); r > most {
			best, most = i, r
		}
	}
	return best
}

// extent is how many samples of the line came through unbroken in a sound, in which it
// begins at a sample. What is silent in the line counts as long as something follows.
func (l *line) extent(in []int16, at int) int {
	came := 0
	for i := 0; i < len(l.pcm); i += frame {
		end := min(i+frame, len(l.pcm))
		if at+i < 0 || at+end > len(in) {
			break
		}
		said, heard := l.pcm[i:end], in[at+i:at+end]
		switch {
		case !loud(said):
		case likeness(said, heard) > through:
			came = end
		default:
			return came
		}
	}
	return came
}

// spoken is the extent of a line that came through whole: to its last loud frame.
func (l *line) spoken() int { return l.extent(l.pcm, 0) }
