package call

import (
	"fmt"
	"slices"
	"time"
)

// clear empties the line of everything and returns what was not yet settled.
func (p *playout) clear(now time.Time) ([]*segment, error) {
	live := p.empty(now)
	if err := p.line.Clear(); err != nil {
		return live, fmt.Errorf("call: clear: %w", err)
	}
	return live, nil
}

// empty forgets everything and returns what was not yet settled. The marks on their way are
// forgotten, too: Twilio sends them back also for what it flushed.
func (p *playout) empty(now time.Time) []*segment {
	live := p.stop(now)
	for _, s := range p.queue {
		s.chunks = nil
	}
	p.queue, p.queued, p.live, p.marks, p.playing = nil, 0, nil, nil, nil
	p.tail, p.tailed = nil, 0
	p.dry, p.delayed = now, 0
	p.taps.Cut(now)
	return live
}

// drop takes segments that have not been sent at all out of the queue, and
// returns them.
func (p *playout) drop(which func(*segment) bool) []*segment {
	var gone []*segment
	p.live = slices.DeleteFunc(p.live, func(s *segment) bool {
		if s.sent > 0 || !which(s) {
			return false
		}
		p.queued -= s.queued
		s.queued, s.chunks = 0, nil
		gone = append(gone, s)
		return true
	})
	p.queue = slices.DeleteFunc(p.queue, func(s *segment) bool { return slices.Contains(gone, s) })
	return gone
}
