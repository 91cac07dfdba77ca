package expression

import (
	"cmp"
	"slices"
	"time"
)

// maxNames is how many expressions of a turn are kept, the strongest.
const maxNames = 10

// measured is one measurement and the time it is of.
type measured struct {
	span
	scores map[string]float64
	last   bool // the caller stopped speaking then
}

// waiting is a turn whose measurements may still come.
type waiting struct {
	turn
	until time.Time
}

// settle answers a turn if all of it has been measured, or its time is over.
func (m *measurement) settle(w waiting, now time.Time) bool {
	of := span{w.begin, w.end}
	complete := slices.ContainsFunc(m.windows, func(x measured) bool {
		missing := w.end.Sub(x.until) // an end of a turn is noticed after it
		return missing <= time.Second || x.last && missing <= 3*time.Second && x.overlap(of) > 0
	})
	if !complete && now.Before(w.until) {
		return false
	}
	scores := average(m.windows, of)
	if len(scores) == 0 {
		m.host.skip(nil)
		return true
	}
	var remarks []remark
	for name, v := range scores {
		remarks = append(remarks, remark{"voice expresses " + name, v})
	}
	m.host.emit(Result{Turn: w.number, Scores: scores, Source: SourceMeasurement,
		Context: describe(remarks, m.c.Threshold)})
	return true
}

// average is the mean of measurements, each weighted by how much of it lies in the time
// that is asked for. A name that a measurement doesn't list counts as 0 in it. The
// strongest maxNames are kept.
func average(all []measured, of span) map[string]float64 {
	sums, weight := map[string]float64{}, 0.0
	for _, m := range all {
		w := m.overlap(of).Seconds()
		weight += w
		for name, v := range m.scores {
			sums[name] += w * v
		}
	}
	if weight == 0 {
		return nil
	}
	var names []string
	for name := range sums {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b)) })
	scores := map[string]float64{}
	for _, name := range names[:min(len(names), maxNames)] {
		if v := round(sums[name]/weight, 4); v > 0 {
			scores[name] = v
		}
	}
	return scores
}
