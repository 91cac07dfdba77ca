package demo

import "time"

// opening measures what was said before anything else.
func (m *meter) opening(l *line) {
	m.Opening = seconds(span(l.spoken()))
	if begin := l.find(m.ear, 0); begin >= 0 {
		m.OpeningHeard = seconds(span(l.extent(m.ear, begin)))
		m.opened = m.markBehind(span(begin+len(l.pcm)) - frameTime)
	}
	m.OpeningProved = m.log.Opening != nil && m.log.Opening.Complete
	if len(m.arrivals) > 0 && !m.opened.IsZero() {
		m.PassedOnMS = ms(m.arrivals[0].at.Sub(m.opened))
	}
}

// markBehind is when the first mark came back behind a time of the telephone's clock. There
// are others within a long sentence.
func (m *meter) markBehind(t time.Duration) time.Time {
	for _, at := range m.sent.marks {
		if m.clock(at) >= t {
			return at
		}
	}
	return time.Time{}
}
