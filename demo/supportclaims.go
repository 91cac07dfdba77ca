package demo

import (
	"fmt"
	"strings"
)

// supportClaims are what the support call proves, from its figures.
func supportClaims(f figures) []claim {
	script := "the whole conversation"
	if f.Departure != "" {
		script = f.Departure
	}
	how := "given what was said"
	if f.ByWire {
		how = "in its chat group"
	}
	return []claim{
		{"script", "the call went as its script says", f.Departure == "", script},
		{"opening", "the opening came first, in full", f.OpeningProved && f.OpeningHeard > f.Opening-whole && f.PassedOnMS > 0,
			fmt.Sprintf("%.1f s, proved by its mark", f.OpeningHeard)},
		{"kept", "what was said meanwhile was kept", f.Kept > 0 && f.PassedOnMS > 0 && f.PassedOnMS < bearable,
			fmt.Sprintf("%.1f s, passed on %.1f ms after it", f.Kept, f.PassedOnMS)},
		{"words", "every word of the caller arrived", f.Lines > 0 && f.Received > f.Spoken-whole && f.Read == f.Lines,
			fmt.Sprintf("%.2f of %.2f s of speech, unbroken", f.Received, f.Spoken)},
		{"tool", "the tool was called once, answered once", f.ToolCalls == 1 && f.ToolAnswers == 1 && f.ToolMS < maxTool,
			fmt.Sprintf("%d call, %d answer, %.0f ms", f.ToolCalls, f.ToolAnswers, f.ToolMS)},
		{"cleared", "an interruption clears the line", f.Interrupted && f.ClearMS < bearable && f.StaleMS == 0,
			fmt.Sprintf("after %.1f ms, %.0f ms of stale sound", f.ClearMS, f.StaleMS)},
		{"silent", "and the caller's ear is silent", f.Interrupted && f.SilentMS < bearable,
			fmt.Sprintf("after %.0f ms", f.SilentMS)},
		{"resumed", "a lost agent was resumed", f.Resumed, fmt.Sprintf("%s, after %.1f s", how, f.Away)},
		{"replaced", "one that failed was replaced by another", f.Replaced && f.ReplacedAway < maxAway,
			fmt.Sprintf("%s, after %.1f s", strings.Join(f.Voices, " by "), f.ReplacedAway)},
		{"knew", "which knew what had been said", f.Replaced && f.Lines > 0 && f.Knew == f.Lines,
			fmt.Sprintf("%d of the caller's %d lines", f.Knew, f.Lines)},
		{"held", "the caller was not left in silence", f.Held > 0 && f.ReplacedHeld > 0 && f.Away < maxAway,
			fmt.Sprintf("%.1f and %.1f s of a holding line", f.Held, f.ReplacedHeld)},
		{"heard", "the log knows what was heard", f.HeardPartly == 1 && f.HeardFull > 0 && f.HeardNo > 0 && f.Misjudged == 0,
			fmt.Sprintf("%d full, %d partly, %d not, %s", f.HeardFull, f.HeardPartly, f.HeardNo, agrees(f.Misjudged))},
		{"uplink", "little is added, caller to agent", f.Uplink.N > 0 && f.Uplink.P50 < aFrame,
			fmt.Sprintf("p50 %.1f, p99 %.1f ms (%d frames)", f.Uplink.P50, f.Uplink.P99, f.Uplink.N)},
		{"downlink", "little is added, agent to telephone", f.Downlink.N > 0 && f.Downlink.P50 < aFrame,
			fmt.Sprintf("p50 %.1f, p99 %.1f ms (%d replies)", f.Downlink.P50, f.Downlink.P99, f.Downlink.N)},
		{"log", "the call log is complete", f.Outcome == "caller_hung_up" && f.Missing == 0,
			fmt.Sprintf("%d entries, outcome %s", f.Entries, f.Outcome)},
		{"faults", "neither Twilio nor a voice complained", len(f.Warnings) == 0 && len(f.Faults) == 0,
			complaints(f.Warnings, f.Faults)},
	}
}
