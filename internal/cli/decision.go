package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
)

// verdicts is how each outcome is told to a person.
var verdicts = map[consent.Outcome]struct{ word, colour, means string }{
	consent.Allow: {"ALLOWED", green, "this call may be placed"},
	consent.Defer: {"NOT NOW", yellow, "this call may be placed later"},
	consent.Hold:  {"HELD", yellow, "a required fact is missing or out of date"},
	consent.Deny:  {"DENIED", red, "this call must not be placed"},
}

// printDecision shows a decision to a person: the verdict first, then everything
// that stands in the way, with what would mend it, then what the call has to do.
func printDecision(w io.Writer, d consent.Decision) {
	v := verdicts[d.Outcome]
	plain.Fprintf(w, "%s  %s\n", paint(v.colour+";"+bold, v.word), v.means)
	if d.NotBefore != nil {
		plain.Fprintf(w, "         from %s on (in %s)\n", d.NotBefore.Local().Format("Mon 2 Jan 15:04 MST"), config.InWords(d.NotBefore.Sub(d.EvaluatedAt)))
	}
	failing := d.Failing()
	for _, r := range failing {
		mark := paint(red, "✗")
		if r.Status == consent.Unknown {
			mark = paint(yellow, "?")
		}
		plain.Fprintf(w, "\n  %s %s\n", mark, paint(bold, r.Rule))
		indent(w, "      ", r.Reason)
		if r.RetryAt != nil {
			plain.Fprintf(w, "      from   %s\n", r.RetryAt.Local().Format("Mon 2 Jan 15:04 MST"))
		}
		if r.Citation != "" {
			plain.Fprintf(w, "      law    %s\n", paint(dim, r.Citation))
		}
		if m := remedyFor(r); m != "" {
			indent(w, "      fix    ", m)
		}
	}
	for _, r := range d.Results {
		if r.Effect == consent.EffectWarn && (r.Status == consent.Fail || r.Status == consent.Unknown) {
			plain.Fprintf(w, "\n  %s %s\n", paint(yellow, "!"), paint(bold, r.Rule))
			indent(w, "      ", r.Reason)
		}
	}
	if d.Outcome == consent.Allow && len(d.Duties) > 0 {
		plain.Fprintf(w, "\nthe call must\n")
		for _, r := range d.Duties {
			indent(w, "  · ", r.Reason)
		}
	}
	n := map[consent.Status]int{}
	for _, r := range d.Results {
		n[r.Status]++
	}
	row := ""
	if d.Seq > 0 {
		row = fmt.Sprintf("row %d of the ledger, ", d.Seq)
	}
	plain.Fprintf(w, "\n%s\n", paint(dim, fmt.Sprintf("%d rules: %d passed, %d failed, %d unknown, %d did not apply. %sas of row %d, policy %s",
		len(d.Results), n[consent.Pass], n[consent.Fail], n[consent.Unknown], n[consent.NotApplicable], row, d.AsOf, shortHash(d.Policy))))
}

// shortHash is enough of a hash to compare by eye.
func shortHash(h string) string {
	if scheme, hex, ok := strings.Cut(h, ":"); ok && len(hex) > 12 {
		return scheme + ":" + hex[:12] + "…"
	}
	return h
}

// lineWidth is where lines are folded, in characters.
const lineWidth = 100

// indent writes a text, folded, after a first indent and below it.
func indent(w io.Writer, first, text string) {
	line := first
	rest := strings.Repeat(" ", len([]rune(first)))
	empty := true
	for word := range strings.FieldsSeq(text) {
		if !empty && len([]rune(line))+1+len([]rune(word)) > lineWidth {
			plain.Fprintln(w, line)
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	plain.Fprintln(w, line)
}
