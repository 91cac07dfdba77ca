package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/consent"
)

// The gate says which refusal stands and prints the command that lifts it; the command
// does, with new evidence, and nothing less.
func TestRenewalByCommand(t *testing.T) {
	b := serving(t)
	b.cleared()
	exits(t, exitDone, []string{"consent", "revoke", person, "--seller", "riverbend"}, "revoke recorded")
	facts := b.history(person)
	revoked := facts[len(facts)-2]
	if revoked.Type != consent.Revoke || revoked.Via != consent.ViaCLI || facts[len(facts)-1].Type != consent.DNCAdd {
		t.Fatalf("the last rows are %+v", facts[len(facts)-2:])
	}
	check := []string{"consent", "check", person, "--agent", "reminders", "--state", "NY", "--zone", "America/New_York", "--no-marketing"}
	row := fmt.Sprint(revoked.Seq)
	exits(t, exitRefused, check, "revoked", "row "+row, "--renews "+row)
	grant := func(more ...string) []string {
		return append([]string{"consent", "grant", person, "--seller", "riverbend", "--purpose", "informational", "--source", "phone", "--verified-by", "rang us from it"}, more...)
	}
	exits(t, exitDone, grant("--text", "Please remind me again."), "grant recorded")
	exits(t, exitRefused, check, "row "+row)
	exits(t, exitUsage, grant("--text", "Do remind me.", "--renews", row), "by: is required", "reason: is required")
	exits(t, exitUsage, grant("--text", "Please remind me, again!", "--renews", row, "--by", "Ana", "--reason", "rang the desk"), "evidence.text: was already recorded")
	exits(t, exitDone, grant("--text", "I want the reminders back.", "--renews", row, "--by", "Ana", "--reason", "rang the desk"), "grant recorded")
	facts = b.history(person)
	if f := facts[len(facts)-1]; f.By != "Ana" || f.Renews != revoked.Seq || f.Reason != "rang the desk" || f.Via != consent.ViaCLI {
		t.Errorf("the row says %+v", f)
	}
	if r := bridge(t, check...); strings.Contains(r.out, "revoked") || strings.Contains(r.out, "dnc.internal") {
		t.Errorf("after it: %s", r.out)
	}
}

func TestUnclearByCommand(t *testing.T) {
	b := serving(t)
	b.cleared()
	exits(t, exitDone, []string{"consent", "unclear"}, "nothing to decide")
	b.imports(exitDone, "type,number,seller,occurred_at,source\noptout_unclear,"+person+",riverbend,2026-01-02T15:04:05Z,letter\n", nil, "1 lines recorded")
	facts := b.history(person)
	row := fmt.Sprint(facts[len(facts)-1].Seq)
	exits(t, exitDone, []string{"consent", "unclear"}, row, person, "riverbend", "unclear", "letter")
	exits(t, exitDone, []string{"consent", "unclear", "list", "--json"}, `"seq":`+row)
	check := []string{"consent", "check", person, "--agent", "reminders", "--state", "NY", "--zone", "America/New_York", "--no-marketing"}
	exits(t, exitRefused, check, "optout.unclear", "HELD", "--row "+row)
	resolve := func(as string) []string {
		return []string{"consent", "unclear", "resolve", person, "--seller", "riverbend", "--row", row, "--as", as, "--by", "Ana", "--reason", "asked by letter"}
	}
	exits(t, exitUsage, resolve("perhaps"), "--as")
	exits(t, exitDone, resolve("no_refusal"), "resolve recorded")
	exits(t, exitDone, []string{"consent", "unclear"}, "nothing to decide")
	if r := bridge(t, check...); strings.Contains(r.out, "optout.unclear") {
		t.Errorf("after it: %s", r.out)
	}
	exits(t, exitDone, resolve("refusal"), "resolve recorded")
	exits(t, exitRefused, check, "revoked", "dnc.internal")
}
