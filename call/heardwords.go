package call

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/agent"
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

// tellCut tells the agent, if there is one, how far it was heard when the line was emptied.
func (l *link) tellCut(heard []leg.Heard) error {
	if l.agent == nil {
		return nil
	}
	var parts []agent.Heard
	for _, h := range heard {
		parts = append(parts, agent.Heard{Segment: h.Segment.ID, Played: h.Played})
	}
	return l.agent.Interrupt(parts)
}

// tellHeard tells an agent how far it was heard whose service can't forget the rest.
func (l *link) tellHeard(heard []leg.Heard, upTo string) error {
	switch {
	case len(heard) == 0 || l.agent == nil || l.agent.Chat().Truncates:
		return nil
	case upTo == "":
		return l.tell("You were interrupted before the caller heard what you said.")
	}
	return l.tell("You were interrupted; the caller heard up to: \"" + upTo + "\"")
}

// tell gives the agent something to know, if there is an agent.
func (l *link) tell(text string) error {
	if l.agent == nil {
		return nil
	}
	return l.agent.SendContext(text)
}
