package demo

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// describe makes a row of what the service wrote down; nil if there is nothing to see.
// The person has a name if it was the bridge that called.
func describe(e calllog.Entry, person string) *row {
	r := &row{seq: e.Seq, at: time.Duration(e.AtMS) * time.Millisecond, who: "bridge", text: e.Text}
	person = cmp.Or(person, "caller")
	switch e.Kind {
	case calllog.KindCaller:
		r.who, r.tint = person, "caller"
	case calllog.KindAgent:
		if e.Text == "" {
			return nil // its words will follow
		}
		r.who = "agent"
		r.badge = map[calllog.Heard]string{calllog.HeardFull: "heard in full", calllog.HeardPartly: "heard partly"}[e.Heard]
		r.open = r.badge == ""
	case calllog.KindTool:
		if e.Result == "" && e.Error == "" {
			return nil // its answer will follow
		}
		r.who, r.text = "tool", fmt.Sprintf("%s %s → %s", e.Name, e.Arguments, e.Result+e.Error)
		r.badge = fmt.Sprintf("%d ms", e.MS)
	case calllog.KindInterruption:
		r.text = "interrupted by the caller; the line is cleared"
	case calllog.KindReconnect:
		r.text = "the call goes on with " + e.Voice
	case calllog.KindDTMF:
		r.who, r.tint, r.text = person, "caller", "presses "+e.Digit
	case calllog.KindMark:
		return nil
	}
	return r
}

// describeFact makes rows of what the ledger has of a person: one, and of a decision that
// refuses one more for each reason.
func describeFact(at time.Duration, person string, f consent.Fact) []*row {
	if f.Type == consent.Decided && f.Decision != nil {
		return describeDecision(at, person, f)
	}
	text := strings.ReplaceAll(string(f.Type), "_", " ")
	switch f.Type {
	case consent.Grant:
		text = fmt.Sprintf("%s: %s agreed to %s calls by AI voice", source(f), person, listed(f.Purposes))
	case consent.Scrub:
		text = fmt.Sprintf("%s the national do-not-call list of %s", is[f.Result], f.VersionDate)
	case consent.NumberFact:
		text = fmt.Sprintf("a %s number in %s, with %s holder since %s", f.LineType, f.State, holder[f.Reassigned], f.DateParam)
	case consent.Revoke:
		text = fmt.Sprintf("%s: %s opted out of automated calls", source(f), person)
	case consent.DNCAdd:
		text = fmt.Sprintf("%s: added to the clinic's own do-not-call list", source(f))
	case consent.Permitted:
		text = "a permit for this one call, valid for 60 s"
		if f.PermitStatus != consent.PermitMinted {
			text = fmt.Sprintf("the permit was used: %s", strings.ReplaceAll(f.Outcome, "_", " "))
		}
	case consent.OpeningPlayed:
		text = "the opening was played to its end"
	case consent.OptOutInCall:
		text = fmt.Sprintf("said stop, by %s: “%s”", f.Trigger, f.Words)
	}
	return []*row{{at: at, who: "ledger", tint: "gate", wide: true, text: fmt.Sprintf("row %d: %s", f.Seq, text)}}
}

// The wire's answers, in words.
var (
	is     = map[string]string{consent.Yes: "on", consent.No: "not on"}
	holder = map[string]string{consent.Yes: "another", consent.No: "the same", consent.NoData: "an unknown"}
)

func source(f consent.Fact) string { return strings.ReplaceAll(f.Source, "_", " ") }

func listed[T ~string](words []T) string {
	var all []string
	for _, w := range words {
		all = append(all, string(w))
	}
	return strings.Join(all, ", ")
}

// verdicts is how an outcome is told.
var verdicts = map[consent.Outcome]string{consent.Allow: "allowed", consent.Defer: "put off", consent.Hold: "held", consent.Deny: "denied"}

// describeDecision says what the gate decided, and all that stands in the way.
func describeDecision(at time.Duration, person string, f consent.Fact) []*row {
	text := verdicts[f.Decision.Outcome]
	if f.Stage == consent.StageAnswer {
		text = fmt.Sprintf("as %s answers: %s", person, text)
	}
	failing := f.Decision.Failing()
	against := "none"
	if len(failing) > 0 {
		against = strconv.Itoa(len(failing))
	}
	rows := []*row{{at: at, who: "gate", wide: true, text: fmt.Sprintf("%s, %s of %d rules against it (row %d)", text, against, len(f.Decision.Results), f.Seq)}}
	for _, r := range failing {
		rows = append(rows, &row{at: at, who: "  ✗", tint: "✗", under: true, wide: true, text: r.Rule + ": " + r.Reason})
	}
	return rows
}
