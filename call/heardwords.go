package call

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/leg"
)

// heardMost bounds what an agent is given of its own words, in bytes.
const heardMost = 400

// heardUpTo is what the caller has heard by now of the agent's words since it was last heard
// to the end of a reply, the last of them if they are many.
func (s *stream) heardUpTo(now time.Time) string {
	list := s.play.Played(now)
	parts := slices.Clone(s.play.Live)
	for _, seg := range s.segments {
		if seg.Complete() {
			parts = append(parts, seg)
		}
	}
	slices.SortFunc(parts, func(a, b *leg.Segment) int { return cmp.Compare(a.Order, b.Order) })
	var words []string
	for _, seg := range slices.CompactFunc(parts, func(a, b *leg.Segment) bool { return a == b }) {
		w := seg.Text
		if i := slices.Index(s.play.Live, seg); i >= 0 && !seg.Complete() {
			w = firstRunes(w, leg.HeardTo(w, int(list[i].Played/time.Millisecond)*leg.BytesPerMS, seg.All()))
		}
		if seg.ID != "" && w != "" {
			words = append(words, w)
		}
	}
	all := strings.Join(words, " ")
	if cut := len(all) - heardMost; cut > 0 {
		if i := strings.IndexByte(all[cut:], ' '); i >= 0 {
			all = "…" + all[cut+i:]
		}
	}
	return all
}

// tellHeard tells an agent how far it was heard whose service can't forget the rest.
func (c *Call) tellHeard(heard []leg.Heard, upTo string, now time.Time) {
	switch {
	case len(heard) == 0 || c.link.agent == nil || c.link.agent.Chat().Truncates:
	case upTo == "":
		c.tellContext("You were interrupted before the caller heard what you said.", now)
	default:
		c.tellContext("You were interrupted; the caller heard up to: \""+upTo+"\"", now)
	}
}

// tellContext gives the agent something to know, if there is an agent.
func (c *Call) tellContext(text string, now time.Time) {
	if c.link.agent == nil {
		return
	}
	if err := c.link.agent.SendContext(text); err != nil {
		c.loseAgent(err, now)
	}
}
