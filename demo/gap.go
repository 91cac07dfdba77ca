package demo

import (
	"slices"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// absences measures the times without an agent.
func (m *meter) absences() {
	lost, replaced := m.agent.lost, m.agent.replaced
	var went []string // on with the call
	for _, e := range m.log.Entries {
		if e.Kind == calllog.KindReconnect {
			went = append(went, e.Voice)
		}
	}
	m.Voices = append([]string{}, m.log.Voices...)
	chats := len(m.log.ChatIDs) == 1+len(went)
	if !lost.end.IsZero() {
		m.Away, m.Held = m.gap(lost)
		m.ByWire = lost.resumed
		m.Resumed = chats && len(went) > 0 && went[0] == lost.from && lost.to == lost.from
		if m.ByWire {
			m.Resumed = m.Resumed && m.log.ChatGroupID == m.agent.group
		} else {
			m.Resumed = m.Resumed && lost.knew > 0
		}
	}
	if !replaced.end.IsZero() {
		m.Knew = replaced.knew
		m.ReplacedAway, m.ReplacedHeld = m.gap(replaced)
		m.Replaced = chats && m.log.Voice == replaced.from && replaced.to != replaced.from &&
			slices.Equal(m.Voices, []string{replaced.from, replaced.to}) && slices.Equal(went, m.Voices)
	}
}

// gap measures how long no agent was there, in seconds, and how much of the time until one
// spoke was filled with sound.
func (m *meter) gap(g gap) (away, held float64) {
	frames := 0
	for n := frameAt(m.clock(g.begin)); n < frameAt(m.after(g.end)); n++ {
		if m.isLoud(n) {
			frames++
		}
	}
	return seconds(g.end.Sub(g.begin)), seconds(time.Duration(frames) * frameTime)
}
