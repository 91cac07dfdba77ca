package demo

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/media"
)

// figures are what was measured on a call. Times are in ms if their name says so, else in
// seconds.
type figures struct {
	Departure string  `json:"departure,omitempty"` // where the call left its script
	Call      float64 `json:"call_seconds"`

	Opening       float64 `json:"opening_seconds"`
	OpeningHeard  float64 `json:"opening_heard_seconds"` // of it, unbroken, at the ear
	OpeningProved bool    `json:"opening_proved"`        // by its mark, says the log
	PassedOnMS    float64 `json:"passed_on_ms"`          // from the mark to the first sound that the agent got

	Spoken   float64 `json:"spoken_seconds"`   // by the caller
	Received float64 `json:"received_seconds"` // of it, unbroken, by the agent
	Kept     float64 `json:"kept_seconds"`     // spoken while the opening played, and received
	Lines    int     `json:"lines"`
	Read     int     `json:"lines_in_log"` // that the log has as they were spoken

	ToolCalls   int     `json:"tool_calls"`   // that reached the tool's server
	ToolAnswers int     `json:"tool_answers"` // that reached the agent
	ToolMS      float64 `json:"tool_ms"`      // from the agent's question to its answer

	Interrupted bool    `json:"interrupted"`
	ClearMS     float64 `json:"clear_ms"`  // from the agent's word of it to clear at the telephone
	SilentMS    float64 `json:"silent_ms"` // ... to silence in the caller's ear
	StaleMS     float64 `json:"stale_ms"`  // sound of the old reply that came after the clear

	Resumed bool    `json:"resumed"`         // the voice that was lost, with the conversation
	ByWire  bool    `json:"resumed_by_wire"` // in its chat group; otherwise it was given what was said
	Away    float64 `json:"away_seconds"`
	Held    float64 `json:"held_seconds"` // of the time until the agent spoke again, filled with speech

	Voices       []string `json:"voices"`        // that spoke, as the log has them
	Replaced     bool     `json:"replaced"`      // the voice that broke, by the other
	Knew         int      `json:"replaced_knew"` // lines of the caller's that the other was given
	ReplacedAway float64  `json:"replaced_away_seconds"`
	ReplacedHeld float64  `json:"replaced_held_seconds"`

	HeardFull   int `json:"heard_full"` // sentences, as the log has them
	HeardPartly int `json:"heard_partly"`
	HeardNo     int `json:"heard_no"`
	Misjudged   int `json:"misjudged"` // of them, that the ear knows better

	Uplink   delays `json:"caller_to_agent"`
	Downlink delays `json:"agent_to_ear"`

	ServiceAdded calllog.Spread `json:"service_added_ms"` // by the service's own measure
	PhoneLateMS  float64        `json:"phone_late_ms"`    // the telephone itself, at worst: a machine that is too busy

	Outcome  string   `json:"outcome"`
	Entries  int      `json:"entries"`
	Missing  int      `json:"entries_missing"` // that the log should have
	Warnings []string `json:"twilio_warnings"`
	Faults   []string `json:"voice_faults"`
}

// expected is what a call's log has to have beside what the two ends said.
type expected struct {
	opening *line
	closing *line          // what the bridge itself says in the end; nil if it says nothing
	kinds   []calllog.Kind // one entry of each
}

// measure works the figures out.
func measure(e *evidence, want expected) figures {
	m := newMeter(e)
	f := &m.figures
	if e.script != nil {
		f.Departure = e.script.Error()
	}
	f.Call = seconds(span(len(m.ear)))
	m.opening(want.opening)
	m.words()
	m.tool()
	m.interruption()
	m.absences()
	m.late()
	m.sentences(want)
	m.replies()
	m.record(want)
	f.Warnings, f.Faults = append([]string{}, e.warnings...), append([]string{}, e.faults...) // [] in JSON, not null
	return *f
}

// meter is a measurement under way.
type meter struct {
	*evidence
	figures
	ear    []int16   // all that the caller heard
	opened time.Time // when the mark behind the opening came back; zero if it never did
}

func newMeter(e *evidence) *meter {
	return &meter{evidence: e, ear: media.AppendDecodeULaw(nil, e.heard)}
}

// clock is a time on the telephone's clock.
func (m *meter) clock(t time.Time) time.Duration { return t.Sub(m.origin) }

// frameAt is the newest frame that the telephone had played and sent at a time, and
// timeOf when it did so with a frame: the first one when 20 ms had passed.
func frameAt(t time.Duration) int { return max(0, int(t/frameTime)-1) }
func timeOf(n int) time.Duration  { return time.Duration(n+1) * frameTime }

// isLoud tells whether the caller heard anything in a frame.
func (m *meter) isLoud(n int) bool {
	return (n+1)*frame <= len(m.ear) && loud(m.ear[n*frame:(n+1)*frame])
}

// ms is a duration in ms, and seconds one in seconds.
func ms(d time.Duration) float64      { return float64(d.Microseconds()) / 1000 }
func seconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }

// late measures how late the telephone was with what it sends every 20 ms.
func (m *meter) late() {
	for n, at := range m.sent.frames {
		m.PhoneLateMS = max(m.PhoneLateMS, ms(m.clock(at)-timeOf(n)))
	}
}

// tool measures the tool's call.
func (m *meter) tool() {
	m.ToolCalls, m.ToolAnswers = m.lookups, len(m.agent.answered)
	if m.ToolAnswers > 0 {
		m.ToolMS = ms(m.agent.answered[0].Sub(m.agent.asked))
	}
}

// record looks at the log as a whole.
func (m *meter) record(want expected) {
	m.Outcome, m.Entries = m.log.Outcome, len(m.log.Entries)
	if m.log.Quality != nil {
		m.ServiceAdded = m.log.Quality.AddedMS
	}
	due := map[calllog.Kind]int{calllog.KindCaller: len(m.agent.understood), calllog.KindAgent: 1 + len(m.agent.replies)}
	if want.closing != nil {
		due[calllog.KindAgent]++
	}
	for _, kind := range want.kinds {
		due[kind]++
	}
	for _, e := range m.log.Entries {
		due[e.Kind]--
	}
	for _, missing := range due {
		m.Missing += max(0, missing)
	}
}
