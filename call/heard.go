package call

import "time"

// heardPart is how much of a segment was heard.
type heardPart struct {
	seg    *segment
	played time.Duration // from its beginning
}

// played is how much of each segment on the line the caller has heard by now, in the order
// in which they began. What was sent last plays last; a mark that came back proves what was
// sent before it.
func (p *playout) played(now time.Time) []heardPart {
	ahead := p.ahead(now)
	list := make([]heardPart, len(p.live))
	for i := len(p.live) - 1; i >= 0; i-- {
		s := p.live[i]
		waits := min(ahead, s.sent)
		ahead -= waits
		list[i] = heardPart{s, span(max(s.sent-waits, s.proved))}
	}
	return list
}

// ahead is how many bytes were sent and have not played.
func (p *playout) ahead(now time.Time) int {
	return int(max(0, p.dry.Sub(now))/time.Millisecond) * bytesPerMS
}

// unheard is played of the segments of the agent's that were not heard to their end.
func (p *playout) unheard(now time.Time) []heardPart {
	var list []heardPart
	for _, h := range p.played(now) {
		if h.seg.id != "" && !h.seg.complete() {
			list = append(list, h)
		}
	}
	return list
}

// stop notes how much was heard of each segment on the line, which falls silent now, and
// returns them.
func (p *playout) stop(now time.Time) []*segment {
	for _, h := range p.played(now) {
		h.seg.played = int(h.played/time.Millisecond) * bytesPerMS
	}
	return p.live
}
