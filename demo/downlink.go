package demo

import (
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// after is when the agent sent its first sound after a time.
func (m *meter) after(t time.Time) time.Duration {
	for _, r := range m.agent.replies {
		if r.at.After(t) {
			return m.clock(r.at)
		}
	}
	return span(len(m.ear)) // it never did
}

// interruption measures how soon the agent's sound ended when it was interrupted.
func (m *meter) interruption() {
	for _, e := range m.log.Entries {
		m.Interrupted = m.Interrupted || e.Kind == calllog.KindInterruption
	}
	if m.agent.interrupted.IsZero() {
		m.Interrupted = false
		return
	}
	begin, end := m.clock(m.agent.interrupted), m.after(m.agent.interrupted)
	cleared, stale := false, 0
	for _, t := range m.timeline {
		switch {
		case t.At < begin || t.At >= end:
		case t.Event == twiliotest.Clear && !cleared:
			cleared, m.ClearMS = true, ms(t.At-begin)
		case t.Event == twiliotest.Media && cleared:
			stale += t.Bytes
		}
	}
	m.Interrupted = m.Interrupted && cleared
	m.StaleMS = ms(span(stale))
	for n := frameAt(begin); n < frameAt(end); n++ {
		if m.isLoud(n) {
			m.SilentMS = ms(max(0, timeOf(n+1)-begin)) // the frame was heard until then
		}
	}
}

// sentences holds what the log says of each of the agent's sentences, how far it was
// heard, against what reached the ear.
func (m *meter) sentences(want expected) {
	said := []*line{want.opening}
	for _, r := range m.agent.replies {
		said = append(said, r.line)
	}
	if want.closing != nil {
		said = append(said, want.closing)
	}
	from := 0
	for _, e := range m.log.Entries {
		if e.Kind != calllog.KindAgent {
			continue
		}
		switch e.Heard {
		case calllog.HeardFull:
			m.HeardFull++
		case calllog.HeardPartly:
			m.HeardPartly++
		case calllog.HeardNo:
			m.HeardNo++
		}
		if len(said) == 0 || !said[0].logged(e) {
			m.Misjudged++
			continue
		}
		truth, upTo := m.judge(said[0], from)
		if truth != e.Heard {
			m.Misjudged++
		}
		said, from = said[1:], upTo
	}
}

// logged tells whether an entry has the line's words. Of one that was cut, it may have no
// more than had come of them.
func (l *line) logged(e calllog.Entry) bool {
	return l.text == e.Text || e.Heard != calllog.HeardFull && e.Text != "" && strings.HasPrefix(l.text, e.Text)
}

// judge tells how far a line was heard that began at a sample or later.
func (m *meter) judge(l *line, from int) (h calllog.Heard, upTo int) {
	begin := l.find(m.ear, from)
	if begin < 0 {
		return calllog.HeardNo, from
	}
	came := l.extent(m.ear, begin)
	if came < l.spoken() {
		return calllog.HeardPartly, begin + came
	}
	return calllog.HeardFull, begin + came
}

// replies measures the way from the agent to the caller: from the first sound of a reply
// to its arrival at the telephone, where nothing else was being played. What comes later
// of a reply is sent before it is due, and waits for its turn.
func (m *meter) replies() {
	var took []time.Duration
	for _, r := range m.agent.replies {
		sent := m.clock(r.at)
		dry := time.Duration(0) // when the line runs out of sound
		for _, t := range m.timeline {
			if t.Event == twiliotest.Media && t.At >= sent {
				if dry <= sent {
					took = append(took, t.At-sent)
				}
				break
			}
			switch t.Event {
			case twiliotest.Media:
				dry = max(dry, t.At) + span(t.Bytes)
			case twiliotest.Clear:
				dry = t.At
			}
		}
	}
	m.Downlink = newDelays(took)
}
