package leg

import (
	"math"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// Histogram counts durations in classes that grow by a fifth, from 10 µs to about
// 20 s, so that any quantile can be told to within that at a fixed cost.
type Histogram struct {
	counts [80]uint32
	total  uint32
}

const (
	spreadFirst  = 10 * time.Microsecond
	spreadGrowth = 1.2
)

var logGrowth = math.Log(spreadGrowth)

// Note counts a duration.
func (s *Histogram) Note(d time.Duration) {
	class := 0
	if d > spreadFirst {
		class = min(int(math.Log(float64(d)/float64(spreadFirst))/logGrowth)+1, len(s.counts)-1)
	}
	s.counts[class]++
	s.total++
}

// Merge adds what another noted.
func (s *Histogram) Merge(other *Histogram) {
	for class, n := range other.counts {
		s.counts[class] += n
	}
	s.total += other.total
}

// quantile is the upper edge, in ms, of the class in which the quantile q lies;
// 0 if nothing was noted.
func (s *Histogram) quantile(q float64) float64 {
	rank := uint32(math.Ceil(q * float64(s.total)))
	var seen uint32
	for class, n := range s.counts {
		if seen += n; n > 0 && seen >= rank {
			edge := float64(spreadFirst) * math.Pow(spreadGrowth, float64(class))
			return math.Round(edge/float64(time.Microsecond)) / 1000
		}
	}
	return 0
}

// Summary is the median and the 99th percentile, in ms.
func (s *Histogram) Summary() calllog.Spread {
	return calllog.Spread{P50: s.quantile(0.5), P99: s.quantile(0.99)}
}
