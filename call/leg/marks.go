package leg

import (
	"fmt"
	"slices"
	"time"
)

func (p *Playout) sendMark(s *Segment, now time.Time) error {
	if p.Dry.Before(now) { // the line is dry: it comes back at once
		p.Dry, p.delayed = now, 0
	}
	p.serial++
	s.mark, s.marked = fmt.Sprintf("s%d", p.serial), s.Sent
	p.marks = append(p.marks, mark{s.mark, s, s.Sent, p.Dry.Add(-p.delayed)})
	if err := p.Line.SendMark(s.mark); err != nil {
		return fmt.Errorf("call: mark: %w", err)
	}
	return nil
}

// Reached takes a mark that came back and returns the segments that are now
// heard. A name that is not awaited, as all are after a clear, means nothing.
func (p *Playout) Reached(name string, now time.Time) []*Segment {
	i := slices.IndexFunc(p.marks, func(m mark) bool { return m.name == name })
	if i < 0 {
		return nil
	}
	var heard []*Segment
	for _, m := range p.marks[:i+1] { // marks come back in order
		m.seg.proved = m.sent
		if m.seg.mark == m.name && m.seg.Queued == 0 {
			m.seg.Heard = true
			heard = append(heard, m.seg)
		}
	}
	p.correct(now.Sub(p.marks[i].due))
	p.marks = append(p.marks[:0:0], p.marks[i+1:]...)
	return heard
}

// correct moves the estimate of the line's end by how much later than usual the
// newest mark came back: so much later than was thought the line plays. The usual
// is the way to Twilio and back. A mark that is on time again takes it back.
func (p *Playout) correct(lag time.Duration) {
	if !p.lagSet || lag < p.lag {
		p.lag, p.lagSet = lag, true
	}
	extra := lag - p.lag
	if extra <= markTrouble {
		extra = 0
	}
	extra = min(extra, time.Second)
	p.Dry = p.Dry.Add(extra - p.delayed)
	p.delayed = extra
}

// way is how long a mark takes to Twilio and back, negative while that isn't known.
func (p *Playout) way() time.Duration {
	if !p.lagSet {
		return -1
	}
	return max(0, p.lag)
}
