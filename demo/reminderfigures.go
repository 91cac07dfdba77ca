package demo

import (
	"slices"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// reminderFigures are what was measured in the reminder script. Times are in ms if their
// name says so, else in seconds.
type reminderFigures struct {
	Departure string  `json:"departure,omitempty"` // where a call left its script
	Call      float64 `json:"call_seconds"`        // both, with the pause in the recording

	Dana callFigures `json:"dana"`
	Alex callFigures `json:"alex"`

	Decisions  int     `json:"decisions"`   // in the ledger, all of them
	Rules      int     `json:"rules"`       // that each looked at, at least
	DecisionMS float64 `json:"decision_ms"` // the slowest answer of POST /v1/calls

	Rung      int `json:"rung"`      // telephones, in all
	Created   int `json:"created"`   // requests for calls that reached Twilio
	Permits   int `json:"permits"`   // minted by the gate
	Strangers int `json:"strangers"` // calls to those who must not be called

	Reminder api.ReminderStatus `json:"reminder"` // its status in the end
	Calls    int                `json:"reminder_calls"`
	Done     float64            `json:"reminder_done_seconds"` // after the hang-up

	ToolCalls   int     `json:"tool_calls"`
	ToolAnswers int     `json:"tool_answers"`
	ToolMS      float64 `json:"tool_ms"`

	SamStatus   int         `json:"sam_status"` // of POST /v1/calls
	SamReasons  []string    `json:"sam_reasons"`
	Stop        stopFigures `json:"stop"`
	AgainStatus int         `json:"again_status"`
	Again       []string    `json:"again_reasons"`

	Verified bool   `json:"ledger_verified"`
	Rows     int64  `json:"ledger_rows"`
	Head     string `json:"ledger_head"`

	PhoneLateMS float64 `json:"phone_late_ms"` // the telephone itself, at worst

	Warnings []string `json:"twilio_warnings"`
	Faults   []string `json:"voice_faults"`
}

// callFigures is what was measured on one call.
type callFigures struct {
	Call          float64 `json:"call_seconds"`
	FirstMS       float64 `json:"first_sound_ms"` // from the answer
	Opening       float64 `json:"opening_seconds"`
	OpeningHeard  float64 `json:"opening_heard_seconds"`
	OpeningProved bool    `json:"opening_proved"`
	OpeningRow    int64   `json:"opening_row"` // of the ledger
	Spoken        float64 `json:"spoken_seconds"`
	Received      float64 `json:"received_seconds"`
	Lines         int     `json:"lines"`
	Read          int     `json:"lines_in_log"`
	HeardFull     int     `json:"heard_full"`
	HeardPartly   int     `json:"heard_partly"`
	HeardNo       int     `json:"heard_no"`
	Misjudged     int     `json:"misjudged"`
	Uplink        delays  `json:"caller_to_agent"`
	Downlink      delays  `json:"agent_to_ear"`
	Outcome       string  `json:"outcome"`
	Entries       int     `json:"entries"`
	Missing       int     `json:"entries_missing"`
}

// newCallFigures picks the figures that a call of this script has.
func newCallFigures(e *evidence, f figures, facts []consent.Fact) callFigures {
	t := callFigures{Call: f.Call, Opening: f.Opening, OpeningHeard: f.OpeningHeard, OpeningProved: f.OpeningProved, Spoken: f.Spoken, Received: f.Received,
		Lines: f.Lines, Read: f.Read, HeardFull: f.HeardFull, HeardPartly: f.HeardPartly, HeardNo: f.HeardNo, Misjudged: f.Misjudged,
		Uplink: f.Uplink, Downlink: f.Downlink, Outcome: f.Outcome, Entries: f.Entries, Missing: f.Missing}
	m := newMeter(e)
	for n := 0; (n+1)*frame <= len(m.ear); n++ {
		if m.isLoud(n) {
			t.FirstMS = ms(timeOf(n) - frameTime - m.clock(e.picked))
			break
		}
	}
	if played := factsOf(facts, consent.OpeningPlayed, e.log.ID); len(played) == 1 {
		t.OpeningRow = played[0].Seq
	}
	return t
}

// measureReminder works the figures of the reminder script out.
func measureReminder(s *stories) reminderFigures {
	return s.figures(measureCalls(s))
}

// calls are the figures of the two calls.
type calls struct {
	dana, alex figures
	stop       stopFigures
}

func measureCalls(s *stories) (c calls) {
	c.ofDana(s)
	c.ofAlex(s)
	return c
}

func (c *calls) ofDana(s *stories) {
	c.dana = measure(s.dana, expected{opening: s.lines.reminder, kinds: []calllog.Kind{calllog.KindTool}})
}

func (c *calls) ofAlex(s *stories) {
	c.alex = measure(s.alex, expected{opening: s.lines.reminder, closing: s.lines.removed, kinds: []calllog.Kind{calllog.KindNote}})
	c.stop = newMeter(s.alex).stopping(s.lines.removed, s.facts[alex.number])
}

// figures puts what was measured on the calls together with what else is known.
func (s *stories) figures(c calls) reminderFigures {
	f := reminderFigures{Departure: c.dana.Departure, Dana: newCallFigures(s.dana, c.dana, s.facts[dana.number]), Alex: newCallFigures(s.alex, c.alex, s.facts[alex.number]),
		Created: s.created, Reminder: s.reminder.Status, Calls: len(s.reminder.CallIDs), Done: seconds(s.done),
		ToolCalls: c.dana.ToolCalls, ToolAnswers: c.dana.ToolAnswers, ToolMS: c.dana.ToolMS,
		SamStatus: s.askSam.Status, SamReasons: reasons(s.askSam.Decision), AgainStatus: s.askAgain.Status, Again: reasons(s.askAgain.Decision),
		Stop: c.stop, PhoneLateMS: max(c.dana.PhoneLateMS, c.alex.PhoneLateMS), Verified: s.ledger.OK, Rows: s.ledger.Rows, Head: s.ledger.Head}
	if f.Departure == "" {
		f.Departure = c.alex.Departure
	}
	f.Call = f.Dana.Call + seconds(between) + f.Alex.Call
	for _, a := range []asked{s.askSam, s.askAlex, s.askAgain} {
		f.DecisionMS = max(f.DecisionMS, ms(a.Took))
	}
	for _, facts := range s.facts {
		for _, d := range factsOf(facts, consent.Decided, "") {
			if n := len(d.Decision.Results); f.Decisions == 0 || n < f.Rules {
				f.Rules = n
			}
			f.Decisions++
		}
		for _, p := range factsOf(facts, consent.Permitted, "") {
			if p.PermitStatus == consent.PermitMinted {
				f.Permits++
			}
		}
	}
	for number, n := range s.rung {
		if f.Rung += n; number == sam.number {
			f.Strangers += n
		}
	}
	f.Warnings = append(append(append([]string{}, s.dana.warnings...), s.alex.warnings...), s.apiFaults...)
	f.Faults = append(append([]string{}, s.dana.faults...), s.alex.faults...)
	return f
}

// reasons are the rules that stand in the way, each once.
func reasons(d consent.Decision) []string {
	ids := []string{}
	for _, r := range d.Failing() {
		if !slices.Contains(ids, r.Rule) {
			ids = append(ids, r.Rule)
		}
	}
	return ids
}
