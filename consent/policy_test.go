package consent

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestPolicyIsLaidOver(t *testing.T) {
	t.Parallel()
	p, err := LoadPolicy([]byte(`
name: riverbend
switched_off: [holiday.state.UT, emergency]
allow_states:
  TX: {approved_by: J. Doe, reason: registered, expires: 2027-06-30}
  CA: {approved_by: J. Doe, reason: a person opens, expires: 2027-06-30}
exemptions: {healthcare: {approved_by: J. Doe, reason: a clinic, expires: 2027-06-30}}
caps: {per_day: 2, scrub_days: 31, approved_by: J. Doe, reason: asked for twice, expires: 2027-06-30}
states:
  FL: {weekdays: 10:00-18:00, saturday: none, sunday: none, holidays: none, cap: 1, device: counsel_required, citation: our counsel}
`))
	if err != nil {
		t.Fatal(err)
	}
	b := Builtin()
	fl := p.States["FL"]
	if p.Name != "riverbend" || p.Caps.PerDay != 2 || p.Caps.ScrubDays != 31 || fl.MonFri != "10:00-18:00" ||
		fl.Cap != 1 || fl.Device != "counsel_required" {
		t.Errorf("the file does not count: %+v", p)
	}
	if p.Caps.PerWeek != b.Caps.PerWeek || p.States["TX"].MonFri != b.States["TX"].MonFri || p.Date != b.Date ||
		!p.StrictMobile {
		t.Errorf("what the file doesn't say has changed: %+v", p)
	}
	if fl.Written != "all" || !fl.List || !fl.AllParty || fl.CapHours != 24 {
		t.Errorf("a row that says nothing of consent has taken it away: %+v", fl)
	}
	if !p.Off("emergency.state.NY") || !p.Off("holiday.state.UT") || p.Off("holiday.state.AL") || p.Off("emergencyx") {
		t.Error("what is switched off is not, or more is")
	}
	if got := slices.Sorted(maps.Keys(p.AllowStates)); !slices.Equal(got, []string{"CA", "TX"}) {
		t.Errorf("allow_states %v", p.AllowStates)
	}
	if p.Hash() == b.Hash() || b.States["FL"].MonFri != "08:00-20:00" {
		t.Error("the built-in policy has changed")
	}
}

func TestPolicyHash(t *testing.T) {
	t.Parallel()
	load := func(s string) string {
		p, err := LoadPolicy([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return p.Hash()
	}
	a := load("name: x\ncaps: {per_day: 2, per_week: 4, approved_by: J, reason: R, expires: " +
		"2027-06-30}\nallow_states: {TX: {approved_by: J, reason: R, expires: 2027-06-30}, CA: {approved_by: J, " +
		"reason: R, expires: 2027-06-30}}\nswitched_off: [hours, holiday]\n")
	b := load("switched_off: [holiday, hours, hours]\nallow_states: {CA: {approved_by: J, reason: R, expires: " +
		"2027-06-30}, TX: {expires: 2027-06-30, approved_by: J, reason: R}}\ncaps:\n  per_week: 4\n  reason: R\n  " +
		"approved_by: J\n  expires: 2027-06-30\n  per_day: 2\nname: x # the same\n")
	if a != b || len(a) != len("sha256:")+64 {
		t.Errorf("%s and %s, of one content", a, b)
	}
	if c := load("name: x\ncaps: {per_day: 2, per_week: 5, approved_by: J, reason: R, expires: " +
		"2027-06-30}\nallow_states: {TX: {approved_by: J, reason: R, expires: 2027-06-30}, CA: {approved_by: J, " +
		"reason: R, expires: 2027-06-30}}\nswitched_off: [hours, holiday]\n"); c == a {
		t.Error("another cap has the same hash")
	}
	if load("") != Builtin().Hash() || load("# nothing\n") != load("{}") {
		t.Error("an empty file is a policy of its own")
	}
}

// What is printed is a policy file of the same hash.
func TestPolicyIsPrintedAsItIsRead(t *testing.T) {
	t.Parallel()
	p, err := LoadPolicy([]byte("name: x\nstrict_mobile: false\nswitched_off: [hours]\nstates: {FL: {weekdays: " +
		"10:00-18:00, saturday: none, sunday: none, holidays: ok, cap: 0, device: allow, written: '', list: false, " +
		"citation: 'our: counsel', approved_by: J, reason: R, expires: 2027-06-30}}"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Policy{Builtin(), p} {
		var b bytes.Buffer
		if err := p.Print(&b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), p.Hash()) || !strings.Contains(b.String(), "counsel has to approve it") {
			t.Errorf("the hash is missing:\n%s", b.String()[:200])
		}
		again, err := LoadPolicy(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if again.Hash() != p.Hash() {
			t.Errorf("what was printed is another policy:\n%s", b.String())
		}
	}
}

func TestPolicyWithAHoleInIt(t *testing.T) {
	t.Parallel()
	row := func(with string) string {
		keys := map[string]string{"weekdays": "08:00-20:00", "saturday": "none", "sunday": "none", "holidays": "none",
			"cap": "3", "device": "allow", "citation": "ours"}
		for _, kv := range strings.Split(with, ";") {
			if k, v, ok := strings.Cut(kv, "="); ok {
				keys[k] = v
			} else {
				delete(keys, kv)
			}
		}
		s := "name: x\nstates:\n  FL:\n"
		for _, k := range []string{"weekdays", "saturday", "sunday", "holidays", "cap", "cap_hours", "device", "written",
			"confidence", "extra_holidays", "citation", "hours"} {
			if v, ok := keys[k]; ok {
				s += fmt.Sprintf("    %s: %s\n", k, v)
			}
		}
		return s
	}
	for _, tt := range []struct {
		name, file string
		want       []string // every line of the error has one of these, and each is there
	}{
		{"an unknown key names its line", "name: x\nhours: 1\n", []string{"line 2: unknown key hours"}},
		{"also in a row", row("hours=1"), []string{"unknown key hours"}},
		{"also among the caps", "caps:\n  per_hour: 1\n", []string{"line 2: unknown key per_hour"}},
		{"no YAML", "name: [", []string{"line 1: did not find"}},
		{"a key twice", "name: x\nname: y\n", []string{"already defined"}},
		{"a list for a number", "caps: {per_day: [1]}", []string{"line 1: cannot unmarshal", "caps.per_day: 0"}},
		{"two documents", "name: x\n---\nname: y\n", []string{"more than one document"}},
		{"too large", "#" + strings.Repeat("x", maxPolicy), []string{"bytes: want at most"}},
		{"what never may be switched off", "name: x\nswitched_off: [revoked, dnc.internal, destination, consent, ledger]",
			[]string{
				`line 2: switched_off: "revoked" can't be switched off: revoked always applies`, `"dnc.internal" can't`,
				`"destination" can't`, `"consent" can't`, `"ledger" can't`}},
		{"nor a part of it", "name: x\nswitched_off: [destination.country, consent.missing, ledger.integrity, " +
			"consent.state.FL]", []string{
			`"destination.country" can't`, `"consent.missing" can't`, `"ledger.integrity" can't`, `"consent.state.FL" can't`}},
		{"nor what it is part of", "name: x\nswitched_off: [dnc]",
			[]string{`"dnc" can't be switched off: dnc.internal always applies`}},
		{"a rule that isn't one", "name: x\nswitched_off:\n  - hours\n  - hour\n  - hours.state.ZZ\n  - ''\n", []string{
			`line 4: switched_off: "hour" is not a rule`, `line 5: switched_off: "hours.state.ZZ" is not a rule`, `"" is not a rule`}},
		{"a switch without a name", "switched_off: [hours]", []string{"name: is missing"}},
		{"the name of the built-in one", "name: built-in\nswitched_off: [hours]",
			[]string{"line 1: name: is the name of the built-in policy"}},
		{"a name of two lines", "name: \"a\\nb\"\n", []string{"line 1: name: must be one line"}},
		{"a name that nobody sees", "name: \"\\u200b\"\nswitched_off: [hours]", []string{"line 1: name: is missing"}},
		{"a state twice", "name: x\nstates:\n  FL: {cap: 3}\n  FL: {cap: 0}\n",
			[]string{"line 4: mapping key \"FL\" already defined"}},
		{"a state that isn't one", "name: x\nstates: {ZZ: {weekdays: 08:00-20:00, saturday: none, sunday: none, " +
			"holidays: none, cap: 0, device: allow, citation: x}}", []string{
			`line 2: states.ZZ: "ZZ" is not a state`}},
		{"a state in small letters", "name: x\nallow_states: {fl: {approved_by: J, reason: R, expires: 2027-06-30}}",
			[]string{`line 2: allow_states.fl: "fl" is not a state`}},
		{"an empty row", "name: x\nstates: {FL: }", []string{"FL: weekdays is missing", "FL: saturday is missing",
			"FL: sunday is missing", "FL: holidays is missing", "FL: cap is missing",
			"FL: device is missing", "FL: citation is missing"}},
		{"a row without weekdays", row("weekdays"),
			[]string{"line 3: states.FL: weekdays is missing: a row replaces the whole built-in one"}},
		{"weekdays without hours", row("weekdays=none"), []string{"line 4: states.FL.weekdays: none is not allowed here"}},
		{"weekdays of nothing", row("weekdays=''"), []string{`states.FL.weekdays: "" is not a window`}},
		{"hours that shut before they open", row("weekdays=20:00-08:00"),
			[]string{`line 4: states.FL.weekdays: "20:00-08:00" ends before it starts`}},
		{"hours past midnight", row("saturday=08:00-25:00"),
			[]string{`line 5: states.FL.saturday: "08:00-25:00" is not a window`}},
		{"ok for a Sunday", row("sunday=ok"), []string{`states.FL.sunday: "ok" is not a window`}},
		{"holidays of another word", row("holidays=closed"), []string{`states.FL.holidays: "closed" is not a window`}},
		{"a cap below none", row("cap=-1"), []string{"states.FL.cap: -1 is out of bounds: want 0 to 100"}},
		{"a device mode that isn't one", row("device=deny"),
			[]string{`states.FL.device: "deny" is not one of allow, block, counsel_required`}},
		{"a consent that isn't one", row("written=some"), []string{`states.FL.written: "some" is not one of`}},
		{"a confidence that isn't one", row("confidence=sure"), []string{`states.FL.confidence: "sure" is not one of`}},
		{"a law that isn't named", row("citation=''"), []string{"states.FL.citation: is empty"}},
		{"a holiday with a law and no confidence", row("extra_holidays=['2027-02-09 Mardi Gras | R.S. 1:55']"),
			[]string{`states.FL.extra_holidays: "2027-02-09 Mardi Gras | R.S. 1:55" is not a holiday`}},
		{"a holiday of which nobody is that sure", row("extra_holidays=['2027-02-09 Mardi Gras | R.S. 1:55 | sure']"),
			[]string{"is not a holiday: want a date and a name, and optionally the law and the confidence"}},
		{"a holiday without a date", row("extra_holidays=[Mardi Gras]"),
			[]string{`states.FL.extra_holidays: "Mardi Gras" is not a holiday`}},
		{"an exemption that isn't one",
			"name: x\nexemptions: {friends: {approved_by: J, reason: R, expires: 2027-06-30}}",
			[]string{`line 2: exemptions.friends: "friends" is not an exemption: want one of signed_agreement, emergency,`}},
		{"a list older than the law allows", "name: x\ncaps:\n  scrub_days: 32\n",
			[]string{"line 3: caps.scrub_days: 32 is out of bounds: want 1 to 31, 47 CFR 64.1200(c)(2)(i)(D)"}},
		{"more abandoned calls than it allows", "name: x\ncaps: {abandon_percent: 4}",
			[]string{"caps.abandon_percent: 4 is out of bounds: want 1 to 3"}},
		{"no calls at all", "name: x\ncaps: {per_day: 0, per_week: 0}", []string{"caps.per_day: 0", "caps.per_week: 0"}},
		{"a date that isn't one", "name: x\ndate: yesterday", []string{`line 2: date: "yesterday" is not a date`}},
		{"everything at once", "switched_off: [consent]\ncaps: {scrub_days: 90}\nnmae: x\nallow_states: {XX: " +
			"{approved_by: J, reason: R, expires: 2027-06-30}}\n", []string{
			"unknown key nmae", "name: is missing", `"consent" can't`, `"XX" is not a state`, "caps.scrub_days"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := LoadPolicy([]byte(tt.file))
			if err == nil {
				t.Fatalf("the policy was taken: %+v", p)
			}
			lines := strings.Split(err.Error(), "\n")
			for _, want := range tt.want {
				if !slices.ContainsFunc(lines, func(l string) bool {
					return strings.HasPrefix(l, "policy: ") &&
						strings.Contains(l, want)
				}) {
					t.Errorf("no line says %q:\n%v", want, err)
				}
			}
			if len(lines) != len(tt.want) {
				t.Errorf("%d problems, want %d:\n%v", len(lines), len(tt.want), err)
			}
		})
	}
}
