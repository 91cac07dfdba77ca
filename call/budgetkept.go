package call

import (
	"math"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// count charges a line of a call that goes on here, as the instance did that wrote it. The
// lines in all are counted by their numbers.
func (s *spending) count(e calllog.Entry, at time.Time) {
	switch e.Kind {
	case calllog.KindTool:
		s.toolsInAll++
		s.tools.take(math.MaxInt, at)
	case calllog.KindCaller, calllog.KindAgent:
		s.entries.take(math.MaxInt, at)
	default: // not the voice's, or it can't be told
	}
}

// with is what a call has used that goes on with another stream: s is what it knew, and
// written what the log says, for another instance may have had it meanwhile.
func (s spending) with(written spending) spending {
	s.toolsInAll = max(s.toolsInAll, written.toolsInAll)
	s.entries, s.tools = s.entries.later(written.entries), s.tools.later(written.tools)
	return s
}

// later is the one of two counts of the same that goes on for longer.
func (w window) later(other window) window {
	if len(w) == 0 || len(other) > 0 && other[len(other)-1].After(w[len(w)-1]) {
		return other
	}
	return w
}
