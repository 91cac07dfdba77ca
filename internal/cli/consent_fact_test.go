package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// A consent and what was looked up about the number, by two commands, are enough for a
// call that sells nothing.
func TestFactMakesACallPossible(t *testing.T) {
	serving(t)
	today := time.Now().UTC().Format(time.DateOnly)
	exits(t, exitDone, []string{"consent", "grant", person, "--seller", "riverbend", "--purpose", "informational", "--source", "phone", "--text", "Yes, call me.", "--verified-by", "call-in"})
	exits(t, exitRefused, append([]string{"consent", "check"}, ask(person)...), "reassigned", "line.unknown")
	exits(t, exitDone, []string{"consent", "fact", "(212) 235-2671", "--line", "wireless", "--reassigned", "no", "--as-of", today}, "number_fact recorded as row ")
	exits(t, exitDone, append([]string{"consent", "check"}, ask(person)...), "ALLOWED")
	exits(t, exitDone, []string{"consent", "fact", person, "--reassigned", "yes", "--as-of", today, "--source", "rnd"}, "recorded as row ")
	exits(t, exitRefused, append([]string{"consent", "check"}, ask(person)...), "reassigned", "DENIED")
}

// Each flag is the field of the event that it stands for.
func TestFactFlags(t *testing.T) {
	b := serving(t)
	for _, flags := range [][]string{
		{"--line", "landline"}, {"--line", "business_landline"}, {"--line", "voip"}, {"--state", "ny", "--zone", "America/New_York"}, {"--litigator", "--seller", "riverbend", "--at", "2026-11-02", "--note", "said so"},
		{"--reassigned", "no_data", "--as-of", "2026-11-01"},
	} {
		exits(t, exitDone, append([]string{"consent", "fact", person}, flags...))
	}
	var got []string
	for _, f := range b.history(person) {
		if f.Type == consent.NumberFact {
			got = append(got, strings.Join(strings.Fields(strings.Join([]string{f.LineType, f.State, f.Zone, f.Reassigned, f.DateParam, f.Seller, f.Source, map[bool]string{true: "litigator"}[f.Litigator]}, " ")), " "))
		}
	}
	want := []string{"residential_landline lookup", "business_landline lookup", "voip lookup", "NY America/New_York lookup", "riverbend lookup litigator", "no_data 2026-11-01 lookup"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the ledger has %q", got)
	}
	for _, c := range []struct {
		flags []string
		says  string
	}{
		{nil, "line_type"},
		{[]string{"--line", "mobile"}, "--line"},
		{[]string{"--reassigned", "no"}, "--as-of"},
		{[]string{"--as-of", "2026-11-01"}, "--reassigned"},
		{[]string{"--reassigned", "no", "--as-of", "1/11/2026"}, "--as-of: want a date"},
		{[]string{"--reassigned", "no", "--as-of", "2126-11-01"}, "date_param"},
		{[]string{"--zone", "EST"}, "America/New_York"},
		{[]string{"--line", "voip", "--seller", "nobody"}, "seller"},
	} {
		if r := bridge(t, append([]string{"consent", "fact", person}, c.flags...)...); r.code == exitDone || !strings.Contains(r.err, c.says) {
			t.Errorf("%v: exit %d, %s", c.flags, r.code, r.err)
		}
	}
	exits(t, exitUsage, []string{"consent", "fact", "+1212", "--line", "voip"}, "NUMBER")
}

// Answers of the lists, for many numbers at once: all or none.
func TestScrub(t *testing.T) {
	b := serving(t)
	today := time.Now().UTC().Format(time.DateOnly)
	sells := []string{"consent", "check", person, "--agent", "reminders", "--purpose", "telemarketing", "--state", "FL", "--zone", "America/New_York"}
	exits(t, exitRefused, sells, "dnc.national", "dnc.state")
	scrub := func(more ...string) []string {
		return append([]string{"consent", "scrub", person, "(212) 235-2672", "--seller", "riverbend", "--version-date", today}, more...)
	}
	exits(t, exitDone, scrub("--list", "national", "--result", "no"), "scrub recorded as row ")
	exits(t, exitDone, scrub("--list", "state", "--state", "fl", "--result", "no"), "scrub recorded as row ")
	exits(t, exitDone, scrub("--list", "dnc_state", "--state", "NY", "--result", "no", "--json"), `"seq":`)
	if out := exits(t, exitRefused, sells).out; strings.Contains(out, "dnc.") || !strings.Contains(out, "consent") {
		t.Errorf("after the lists: %s", out)
	}
	exits(t, exitDone, scrub("--list", "national", "--result", "yes", "--source", "registry"))
	exits(t, exitRefused, sells, "dnc.national")
	before := len(b.history(person))
	for _, c := range []struct {
		more []string
		says string
	}{
		{[]string{"--list", "national"}, "--result"},
		{[]string{"--list", "ours", "--result", "no"}, "--list"},
		{[]string{"--list", "state", "--result", "no"}, "--state"},
		{[]string{"--list", "national", "--state", "FL", "--result", "no"}, "--state"},
		{[]string{"--list", "state", "--state", "ZZ", "--result", "no"}, "state"},
		{[]string{"--list", "national", "--result", "no", "--version-date", "today"}, "--version-date"},
		{[]string{"--list", "national", "--result", "no", "--version-date", "2126-01-01"}, "version_date"},
	} {
		if r := bridge(t, scrub(c.more...)...); r.code == exitDone || !strings.Contains(r.err, c.says) {
			t.Errorf("%v: exit %d, %s", c.more, r.code, r.err)
		}
	}
	exits(t, exitUsage, []string{"consent", "scrub", person, "911", "--seller", "riverbend", "--version-date", today, "--list", "national", "--result", "no"}, "NUMBER")
	if after := len(b.history(person)); after != before {
		t.Errorf("%d rows more", after-before)
	}
}
