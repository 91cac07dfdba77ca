package demo

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
)

// The bounds of the reminder script's claims.
const (
	maxDecide  = 500.0  // ms, from the wish for a call to the answer
	maxHello   = 2000.0 // ms of silence after "hello": 47 CFR 64.1200(a)(7)
	maxStop    = 2000.0 // ms, from the words to the hang-up: the contract, section 4
	fewReasons = 5
)

// reminderClaims are what the reminder script proves, from its figures.
func reminderClaims(f reminderFigures) []claim {
	script := "both conversations"
	if f.Departure != "" {
		script = f.Departure
	}
	talks := []callFigures{f.Dana, f.Alex}
	all := func(is func(callFigures) bool) bool {
		return !slices.ContainsFunc(talks, func(t callFigures) bool { return !is(t) })
	}
	return []claim{
		{"script", "the calls went as their script says", f.Departure == "", script},
		{"decided", "the gate's answer comes at once", f.DecisionMS > 0 && f.DecisionMS < maxDecide && f.Decisions == 6 && f.Rules > 0,
			fmt.Sprintf("at most %.0f ms; %d decisions, %d rules", f.DecisionMS, f.Decisions, f.Rules)},
		{"rung", "two telephones rang, and no others", f.Rung == 2 && f.Created == 2 && f.Permits == 2 && f.Strangers == 0,
			fmt.Sprintf("%d calls at Twilio, %d permits", f.Created, f.Permits)},
		{"first", "no silence after “hello”", all(func(t callFigures) bool { return t.FirstMS > 0 && t.FirstMS < maxHello }),
			fmt.Sprintf("first sound after %.0f and %.0f ms", f.Dana.FirstMS, f.Alex.FirstMS)},
		{"opening", "the openings were heard in full", all(func(t callFigures) bool { return t.OpeningProved && t.OpeningHeard > t.Opening-whole }),
			fmt.Sprintf("%.1f and %.1f s, proved by marks", f.Dana.OpeningHeard, f.Alex.OpeningHeard)},
		{"recorded", "and the ledger has them", all(func(t callFigures) bool { return t.OpeningRow > 0 }),
			fmt.Sprintf("opening_played, rows %d and %d", f.Dana.OpeningRow, f.Alex.OpeningRow)},
		{"words", "every word of the callees arrived", all(func(t callFigures) bool { return t.Lines > 0 && t.Received > t.Spoken-whole && t.Read == t.Lines }),
			fmt.Sprintf("%.2f of %.2f s of speech, unbroken", f.Dana.Received+f.Alex.Received, f.Dana.Spoken+f.Alex.Spoken)},
		{"tool", "the tool was called once, answered once", f.ToolCalls == 1 && f.ToolAnswers == 1 && f.ToolMS < maxTool,
			fmt.Sprintf("%d call, %d answer, %.0f ms", f.ToolCalls, f.ToolAnswers, f.ToolMS)},
		{"reminder", "the reminder is done, by one call", f.Reminder == api.ReminderDone && f.Calls == 1 && f.Dana.Outcome == calllog.OutcomeCallerHungUp,
			fmt.Sprintf("%s, %.1f s after the hang-up", f.Reminder, f.Done)},
		{"refused", "Sam was refused, with every reason", f.SamStatus == http.StatusForbidden && len(f.SamReasons) >= fewReasons,
			fmt.Sprintf("%d, %d reasons", f.SamStatus, len(f.SamReasons))},
		{"ledger", "Alex's stop was in the ledger first", f.Stop.Rows == 3 && f.Stop.Goodbye > 0 && f.Stop.LedgerMS < f.Stop.GoodbyeMS,
			fmt.Sprintf("%d rows, %.0f ms before the goodbye", f.Stop.Rows, f.Stop.GoodbyeMS-f.Stop.LedgerMS)},
		{"cleared", "the stop clears the line", f.Stop.Cleared && f.Stop.ClearMS < bearable && f.Stop.StaleMS == 0,
			fmt.Sprintf("after %.1f ms, %.0f ms of stale sound", f.Stop.ClearMS, f.Stop.StaleMS)},
		{"hung up", "goodbye, and hung up within 2 s", f.Stop.HungUpMS > 0 && f.Stop.HungUpMS <= maxStop && f.Stop.Goodbye > f.Stop.GoodbyeAll-whole && f.Alex.Outcome == calllog.OutcomeOptedOut,
			fmt.Sprintf("after %.0f ms, outcome %s", f.Stop.HungUpMS, f.Alex.Outcome)},
		{"again", "Alex was refused from then on", f.AgainStatus == http.StatusForbidden && slices.Contains(f.Again, "revoked"),
			fmt.Sprintf("%d: %s", f.AgainStatus, strings.Join(f.Again, ", "))},
		{"heard", "the log knows what was heard", all(func(t callFigures) bool { return t.HeardFull > 0 && t.Misjudged == 0 }),
			fmt.Sprintf("%d full, %d partly, %d not, %s", f.Dana.HeardFull+f.Alex.HeardFull, f.Dana.HeardPartly+f.Alex.HeardPartly,
				f.Dana.HeardNo+f.Alex.HeardNo, agrees(f.Dana.Misjudged+f.Alex.Misjudged))},
		{"uplink", "little is added, caller to agent", all(func(t callFigures) bool { return t.Uplink.N > 0 && t.Uplink.P50 < aFrame }),
			fmt.Sprintf("p50 %.1f and %.1f ms", f.Dana.Uplink.P50, f.Alex.Uplink.P50)},
		{"downlink", "little is added, agent to telephone", f.Dana.Downlink.N > 0 && f.Dana.Downlink.P50 < aFrame,
			fmt.Sprintf("p50 %.1f ms (%d replies)", f.Dana.Downlink.P50, f.Dana.Downlink.N)},
		{"log", "the call log is complete", all(func(t callFigures) bool { return t.Missing == 0 && t.Entries > 0 }),
			fmt.Sprintf("%d and %d entries", f.Dana.Entries, f.Alex.Entries)},
		{"chain", "the ledger verifies", f.Verified && f.Rows > 0, fmt.Sprintf("%d rows, head %.12s…", f.Rows, f.Head)},
		{"faults", "neither Twilio nor a voice complained", len(f.Warnings) == 0 && len(f.Faults) == 0, complaints(f.Warnings, f.Faults)},
	}
}
