package media

import "sync"

// tableKey names a filter: it converts from one rate to another so that nothing above the telephone-like
// band of the third, narrowest rate comes through false. Only the rates' proportions matter.
type tableKey struct{ in, out, narrow int }

// table holds a filter's taps, sampled row by row from one curve. A row serves the outputs at one distance
// between two input samples.
type table struct {
	up, down int // out : in, reduced
	taps     int // in a row, a multiple of 8
	rows     int // up, or fewer if that would be too many
	coefs    []float32
	folded   *[foldHalf]float32 // half of the only row, if that is all there is and it has 32 taps
}

// maxTableTaps bounds a table to 512 KiB. Rates without a small ratio share the nearest row instead of having
// each their own; the noise of that is 74 dB below the sound.
const maxTableTaps = 1 << 17

// The widths of the transition from pass to stop, at a narrowest rate of 8 kHz. A filter that has a half-band
// filter beside it needs only keep clear of what that can't reach: 3400 to 11400 Hz. One that stands alone
// goes from 3400 to 4600 Hz. The lengths follow from Kaiser's rule, (dB - 8) / (14.4 * width).
const (
	gentleTaps, gentleCutoff, gentleBeta = 16.0 / 3, 0.925, 8.0 // 80 dB
	steepTaps, steepCutoff, steepBeta    = 31.0, 0.5, 7.3       // 73 dB
)

func newTable(key tableKey) *table {
	length, cutoff, beta := steepTaps, steepCutoff, steepBeta
	if min(key.in, key.out) >= 2*key.narrow {
		length, cutoff, beta = gentleTaps, gentleCutoff, gentleBeta
	}
	g := gcd(key.in, key.out)
	t := &table{up: key.out / g, down: key.in / g}
	ratio := float64(key.in) / float64(key.narrow)
	t.taps = (int(length*ratio) + 7) &^ 7
	t.rows = min(t.up, maxTableTaps/t.taps)
	t.fill(lowPass{cutoff: cutoff / ratio, halfWidth: float64(t.taps) / 2, beta: beta})
	if t.rows == 1 && t.taps == foldTaps {
		t.folded = (*[foldHalf]float32)(t.coefs)
	}
	return t
}

// fill samples every row from the curve. Rows lie at the middles of equal parts of the distance between two
// input samples, which makes the last row the mirror of the first, and an only row symmetric.
func (t *table) fill(curve lowPass) {
	t.coefs = make([]float32, t.rows*t.taps)
	row := make([]float64, t.taps)
	for r := range t.rows {
		centre := float64(t.taps/2-1) + (float64(r)+0.5)/float64(t.rows)
		for i := range row {
			row[i] = curve.at(float64(i) - centre)
		}
		scaleTo(t.coefs[r*t.taps:], row, 1)
	}
}

// row returns the taps for an output at the given phase, below up.
func (t *table) row(phase int) []float32 {
	if t.rows < t.up {
		phase = phase * t.rows / t.up
	}
	return t.coefs[phase*t.taps : (phase+1)*t.taps]
}

// tables are shared by all calls. A program meets few pairs of rates, so they are kept for good; beyond
// maxTables, where someone is making rates up, a table belongs to its one user.
var tables struct {
	sync.Mutex
	known map[tableKey]*table
}

const maxTables = 32

func sharedTable(key tableKey) *table {
	g := gcd(gcd(key.in, key.out), key.narrow)
	key = tableKey{key.in / g, key.out / g, key.narrow / g}
	tables.Lock()
	defer tables.Unlock()
	if t := tables.known[key]; t != nil {
		return t
	}
	t := newTable(key)
	if tables.known == nil {
		tables.known = make(map[tableKey]*table)
	}
	if len(tables.known) < maxTables {
		tables.known[key] = t
	}
	return t
}

// gcd is the greatest common divisor.
func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
