package demo

import (
	"bytes"
	"slices"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// words measures the way from the caller's mouth to the agent: what came, and how long
// each frame took.
func (m *meter) words() {
	var took []time.Duration
	spoken, received, kept := 0, 0, 0
	saidFrom, gotFrom := 0, 0
	for _, l := range m.lines {
		m.Lines++
		spoken += l.spoken()
		said := bytes.Index(m.said[saidFrom:], l.ulaw)
		got := l.find(m.received, gotFrom)
		if said < 0 || got < 0 {
			continue
		}
		said += saidFrom
		came := l.extent(m.received, got)
		received += came
		saidFrom, gotFrom = said+len(l.ulaw), got+came
		for i := 0; i+frame <= came && (said+i)/frame < len(m.sent.frames); i += frame {
			sent := m.sent.frames[(said+i)/frame]
			if sent.Before(m.opened) {
				kept += frame
				continue // it had to wait for the opening's end
			}
			took = append(took, m.arrival(got+i+frame-1).Sub(sent))
		}
	}
	m.Spoken, m.Received, m.Kept = seconds(span(spoken)), seconds(span(received)), seconds(span(kept))
	m.Uplink = newDelays(took)
	m.Read = m.read()
}

// arrival is when a sample reached the agent.
func (m *meter) arrival(sample int) time.Time {
	i, _ := slices.BinarySearchFunc(m.arrivals, sample, func(a arrival, sample int) int { return a.upTo - sample - 1 })
	return m.arrivals[i].at
}

// read counts the lines that the log has as they were spoken, in that order.
func (m *meter) read() (n int) {
	for _, e := range m.log.Entries {
		if e.Kind == calllog.KindCaller && n < len(m.lines) && e.Text == m.lines[n].text {
			n++
		}
	}
	return n
}

// delays are what a set of measurements has in its middle and at its end, in ms.
type delays struct {
	P50  float64 `json:"p50_ms"`
	P99  float64 `json:"p99_ms"`
	Most float64 `json:"most_ms"`
	N    int     `json:"n"`
}

func newDelays(took []time.Duration) delays {
	if len(took) == 0 {
		return delays{}
	}
	slices.Sort(took)
	n := len(took)
	return delays{ms(took[n/2]), ms(took[n*99/100]), ms(took[n-1]), n}
}
