package call

import (
	"time"

	"github.com/patchcord/patchcord/agent"
)

// played is how much of each segment on the line the caller has heard by now, in the order
// in which they began. What was sent last plays last; a mark that came back proves what was
// sent before it.
func (p *playout) played(now time.Time) []agent.Heard {
	ahead := p.ahead(now)
	list := make([]agent.Heard, len(p.live))
	for i := len(p.live) - 1; i >= 0; i-- {
		s := p.live[i]
		waits := min(ahead, s.sent)
		ahead -= waits
		list[i] = agent.Heard{Segment: s.id, Played: span(max(s.sent-waits, s.proved))}
	}
	return list
}

// ahead is how many bytes were sent and have not played.
func (p *playout) ahead(now time.Time) int {
	return int(max(0, p.dry.Sub(now))/time.Millisecond) * bytesPerMS
}

// unheard is played of the segments of the agent's that were not heard to their end.
func (p *playout) unheard(now time.Time) []agent.Heard {
	var list []agent.Heard
	for i, h := range p.played(now) {
		if s := p.live[i]; s.id != "" && !s.complete() {
			list = append(list, h)
		}
	}
	return list
}

// stop notes how much was heard of each segment on the line, which falls silent now, and
// returns them.
func (p *playout) stop(now time.Time) []*segment {
	for i, h := range p.played(now) {
		p.live[i].played = int(h.Played/time.Millisecond) * bytesPerMS
	}
	return p.live
}
