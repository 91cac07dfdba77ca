package leg

import (
	"fmt"
	"slices"
	"time"
)

// Clear empties the line of everything and returns what was not yet settled.
func (p *Playout) Clear(now time.Time) ([]*Segment, error) {
	live := p.Empty(now)
	if err := p.Line.Clear(); err != nil {
		return live, fmt.Errorf("call: clear: %w", err)
	}
	return live, nil
}

// Empty forgets everything and returns what was not yet settled. The marks on their way are
// forgotten, too: Twilio sends them back also for what it flushed.
func (p *Playout) Empty(now time.Time) []*Segment {
	live := p.Stop(now)
	for _, s := range p.queue {
		s.chunks = nil
	}
	p.queue, p.queued, p.Live, p.marks, p.playing = nil, 0, nil, nil, nil
	p.tail, p.tailed = nil, 0
	p.Dry, p.delayed = now, 0
	p.Taps.Cut(now)
	return live
}

// Drop takes segments that have not been sent at all out of the queue, and
// returns them.
func (p *Playout) Drop(which func(*Segment) bool) []*Segment {
	var gone []*Segment
	p.Live = slices.DeleteFunc(p.Live, func(s *Segment) bool {
		if s.Sent > 0 || !which(s) {
			return false
		}
		p.queued -= s.Queued
		s.Queued, s.chunks = 0, nil
		gone = append(gone, s)
		return true
	})
	p.queue = slices.DeleteFunc(p.queue, func(s *Segment) bool { return slices.Contains(gone, s) })
	return gone
}
