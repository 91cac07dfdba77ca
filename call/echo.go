package call

import (
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/optout"
)

// Bounds of an echo: a telephone on its loudspeaker sends back what it has just played, and
// the text of that comes some seconds later.
const (
	echoFor      = 6 * time.Second
	echoSegments = 12 // segments of the agent's that are remembered
)

// lately is what the agent has said last, for it may come back.
type lately []*leg.Segment

// said remembers a segment.
func (l *lately) said(s *leg.Segment) {
	if slices.Contains(*l, s) {
		return
	}
	if *l = append(*l, s); len(*l) > echoSegments {
		*l = slices.Delete(*l, 0, 1)
	}
}

// sounded tells whether a segment plays at a time, or did a moment before.
func sounded(s *leg.Segment, now time.Time) bool {
	return s.Sent > 0 && !now.Before(s.Starts) && now.Sub(s.Starts.Add(leg.Span(s.Sent))) <= echoFor
}

// echoes tells whether words are the bridge's own, sent back: they repeat the opening, or what
// the agent says, while that plays or a moment after.
func (s *stream) echoes(text string, opening *calllog.Opening, now time.Time) bool {
	var played []string
	if opening != nil && slices.ContainsFunc(s.opening.parts, func(p *leg.Segment) bool { return sounded(p, now) }) {
		played = append(played, opening.Text)
	}
	for _, seg := range s.lately {
		if sounded(seg, now) {
			played = append(played, seg.Entry.Text)
		}
	}
	return optout.Echo(text, strings.Join(played, " "))
}
