package leg

import "time"

// Heard is how much of a segment was heard.
type Heard struct {
	Segment *Segment
	Played  time.Duration // from its beginning
}

// Played is how much of each segment on the line the caller has heard by now, in the order
// in which they began. What was sent last plays last; a mark that came back proves what was
// sent before it.
func (p *Playout) Played(now time.Time) []Heard {
	ahead := p.ahead(now)
	list := make([]Heard, len(p.Live))
	for i := len(p.Live) - 1; i >= 0; i-- {
		s := p.Live[i]
		waits := min(ahead, s.Sent)
		ahead -= waits
		list[i] = Heard{s, Span(max(s.Sent-waits, s.proved))}
	}
	return list
}

// ahead is how many bytes were sent and have not played.
func (p *Playout) ahead(now time.Time) int {
	return int(max(0, p.Dry.Sub(now))/time.Millisecond) * BytesPerMS
}

// Unheard is played of the segments of the agent's that were not heard to their end.
func (p *Playout) Unheard(now time.Time) []Heard {
	var list []Heard
	for _, h := range p.Played(now) {
		if h.Segment.ID != "" && !h.Segment.Complete() {
			list = append(list, h)
		}
	}
	return list
}

// Stop notes how much was heard of each segment on the line, which falls silent now, and
// returns them.
func (p *Playout) Stop(now time.Time) []*Segment {
	for _, h := range p.Played(now) {
		h.Segment.played = int(h.Played/time.Millisecond) * BytesPerMS
	}
	return p.Live
}
