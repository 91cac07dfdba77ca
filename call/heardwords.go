package call

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// heardMost bounds what an agent is given of its own words, in bytes.
const heardMost = 400

// heardUpTo is what the caller has heard by now of the agent's words since it was last heard
// to the end of a reply, the last of them if they are many.
func (c *Call) heardUpTo(now time.Time) string {
	list := c.play.played(now)
	parts := slices.Clone(c.play.live)
	for _, s := range c.segments {
		if s.complete() {
			parts = append(parts, s)
		}
	}
	slices.SortFunc(parts, func(a, b *segment) int { return cmp.Compare(a.order, b.order) })
	var words []string
	for _, s := range slices.CompactFunc(parts, func(a, b *segment) bool { return a == b }) {
		w := s.text
		if i := slices.Index(c.play.live, s); i >= 0 && !s.complete() {
			w = firstRunes(w, heardTo(w, int(list[i].played/time.Millisecond)*bytesPerMS, s.all()))
		}
		if s.id != "" && w != "" {
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
func (c *Call) tellHeard(heard []heardPart, upTo string, now time.Time) {
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
