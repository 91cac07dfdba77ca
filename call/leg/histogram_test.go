package leg

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSpread(t *testing.T) {
	t.Parallel()
	var s Histogram
	if got := s.Summary(); got.P50 != 0 || got.P99 != 0 {
		t.Errorf("of nothing: %+v", got)
	}
	for range 98 {
		s.Note(time.Millisecond)
	}
	s.Note(50 * time.Millisecond)
	s.Note(time.Hour)
	got := s.Summary()
	if got.P50 < 1 || got.P50 > 1.2 || got.P99 < 50 || got.P99 > 60 {
		t.Errorf("%+v: want 1 to 1.2 and 50 to 60", got)
	}
	if most := s.quantile(1); math.IsInf(most, 0) || most < 10_000 {
		t.Errorf("an hour is told as %v ms: want the last class", most)
	}
}

// A quantile is never below the true one, and above it by a fifth at most.
func TestSpreadProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s Histogram
		all := rapid.SliceOfN(rapid.IntRange(0, 10_000_000), 1, 300).Draw(t, "µs")
		for _, us := range all {
			s.Note(time.Duration(us) * time.Microsecond)
		}
		slices.Sort(all)
		q := rapid.SampledFrom([]float64{0.01, 0.5, 0.9, 0.99, 1}).Draw(t, "quantile")
		truth := float64(all[int(math.Ceil(q*float64(len(all))))-1]) / 1000
		got := s.quantile(q)
		if got < truth-0.001 || got > max(0.0101, truth*spreadGrowth+0.001) {
			t.Errorf("quantile %v of %d: %v ms, want %v to %v", q, len(all), got, truth, truth*spreadGrowth)
		}
	})
}
