package demo

import (
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// stopFigures are how a call ended on which the person said stop. All times are in ms, and
// count from the moment when the bridge was told the words.
type stopFigures struct {
	HeardMS    float64 `json:"words_took_ms"`  // from the words' end to that moment: the agent's time, not the bridge's
	LedgerMS   float64 `json:"ledger_ms"`      // to the time that is on the ledger's rows
	Rows       int     `json:"ledger_rows"`    // that it wrote
	ClearMS    float64 `json:"clear_ms"`       // until the clear reached the telephone
	StaleMS    float64 `json:"stale_ms"`       // sound of the agent that was heard after that
	GoodbyeMS  float64 `json:"goodbye_ms"`     // until the goodbye began
	Goodbye    float64 `json:"goodbye_heard"`  // seconds of it, unbroken, at the ear
	GoodbyeAll float64 `json:"goodbye_length"` // seconds
	HungUpMS   float64 `json:"hung_up_ms"`     // until the call was over
	Ended      string  `json:"outcome"`
	Cleared    bool    `json:"cleared"`
}

// stopping measures how the call ended.
func (m *meter) stopping(goodbye *line, facts []consent.Fact) (f stopFigures) {
	f.Ended, f.GoodbyeAll = m.log.Outcome, seconds(span(goodbye.spoken()))
	if m.agent.told.IsZero() {
		return f
	}
	told := m.clock(m.agent.told)
	for _, kind := range []consent.Type{consent.Revoke, consent.DNCAdd, consent.OptOutInCall} {
		for _, fact := range factsOf(facts, kind, m.log.ID) {
			f.Rows++
			f.LedgerMS = max(f.LedgerMS, ms(fact.RecordedAt.Sub(m.agent.told)))
		}
	}
	f.HungUpMS = ms(m.ended.Sub(m.agent.told))
	for n := min(frameAt(told), len(m.said)/frame-1); n > 0; n-- {
		if loud(media.AppendDecodeULaw(nil, m.said[n*frame:(n+1)*frame])) {
			f.HeardMS = ms(told - timeOf(n))
			break
		}
	}
	cleared := time.Duration(0)
	for _, t := range m.timeline {
		if t.Event == twiliotest.Clear && t.At >= told {
			f.Cleared, cleared = true, t.At
			f.ClearMS = ms(t.At - told)
			break
		}
	}
	begin := goodbye.find(m.ear, frameAt(told)*frame)
	if begin < 0 {
		begin = len(m.ear)
	} else {
		f.Goodbye = seconds(span(goodbye.extent(m.ear, begin)))
		f.GoodbyeMS = ms(span(begin) + frameTime - told)
	}
	// What was being played when the clear came is heard to its frame's end.
	for n := frameAt(cleared) + 2; f.Cleared && (n+1)*frame <= begin; n++ {
		if m.isLoud(n) {
			f.StaleMS += ms(frameTime)
		}
	}
	return f
}
