package consent

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// approved is things that somebody has approved until long after these tests.
func approved(names ...string) map[string]Approval {
	m := map[string]Approval{}
	for _, name := range names {
		m[name] = Approval{"J. Doe", "asked for", "2027-06-30"}
	}
	return m
}

// emergencies lets a policy have emergency calls, with a text for the calls of these tests.
func emergencies(p *Policy) {
	p.Exemptions = approved("emergency")
	p.Templates = map[string]Template{"appointment": {"Leave the house.", Approval{"J. Doe", "asked for", "2027-06-30"}}}
}

const approval = "approved_by: J. Doe, reason: asked for, expires: 2027-06-30"

// Whatever allows more than the built-in policy, field by field, needs somebody's name,
// a reason and an end; what allows less doesn't.
func TestMoreNeedsAnApproval(t *testing.T) {
	t.Parallel()
	row := func(state, change string) string {
		r := Builtin().States[state]
		keys := map[string]string{"weekdays": r.MonFri, "saturday": r.Saturday, "sunday": r.Sunday,
			"holidays": r.Holidays, "cap": fmt.Sprint(r.Cap),
			"cap_hours": fmt.Sprint(r.CapHours), "device": r.Device, "citation": "ours"}
		key, value, _ := strings.Cut(change, "=")
		keys[key] = value
		var list []string
		for k, v := range keys {
			list = append(list, k+": "+v)
		}
		return "states: {" + state + ": {" + strings.Join(list, ", ") + "}}"
	}
	all := func(state string) string {
		return `"` + strings.Join(Builtin().States[state].ExtraHolidays, `", "`) + `"`
	}
	for _, tt := range []struct {
		name, file, more string // more is empty of a file that allows no more
	}{
		{"the built-in row", row("FL", "cap=3"), ""},
		{"an earlier beginning", row("FL", "weekdays=07:00-20:00"), "weekdays 08:00-20:00 → 07:00-20:00"},
		{"a later end", row("FL", "weekdays=09:00-20:30"), "weekdays 08:00-20:00 → 09:00-20:30"},
		{"shorter days", row("FL", "weekdays=09:00-19:00"), ""},
		{"Saturdays that were closed", row("ME", "saturday=09:00-12:00"), "saturday none → 09:00-12:00"},
		{"Sundays that were closed", row("PA", "sunday=12:00-13:00"), "sunday none → 12:00-13:00"},
		{"Sundays that are closed", row("FL", "sunday=none"), ""},
		{"holidays that were closed", row("PA", "holidays=ok"), "holidays none → ok"},
		{"holidays with hours", row("PA", "holidays=10:00-11:00"), "holidays none → 10:00-11:00"},
		{"holidays that were half closed", row("NE", "holidays=ok"), "holidays 13:00-21:00 → ok"},
		{"holidays that are closed", row("NE", "holidays=none"), ""},
		{"no cap", row("FL", "cap=0"), "cap 3 → 0"},
		{"a higher cap", row("FL", "cap=4"), "cap 3 → 4"},
		{"a lower cap", row("FL", "cap=1"), ""},
		{"a cap where there was none", row("NY", "cap=5"), ""},
		{"a cap in fewer hours", row("FL", "cap_hours=12"), "cap_hours 24 → 12"},
		{"a cap in more hours", row("FL", "cap_hours=48"), ""},
		{"a device that was banned", row("WA", "device=counsel_required"), "device block → counsel_required"},
		{"a device without counsel", row("TX", "device=allow"), "device counsel_required → allow"},
		{"a device that is banned", row("TX", "device=block"), ""},
		{"no consent in writing", row("FL", "written=''"), "written all → none"},
		{"consent in writing to mobiles alone", row("FL", "written=mobile"), "written all → mobile"},
		{"consent in writing of all", row("NJ", "written=all"), ""},
		{"no list", row("FL", "list=false"), "list true → false"},
		{"a list", row("NY", "list=true"), ""},
		{"no registration", row("FL", "registration=false"), "registration true → false"},
		{"one party's consent to recording", row("FL", "all_party=false"), "all_party true → false"},
		{"no emergencies", row("NY", "emergency_ban=false"), "emergency_ban true → false"},
		{"no zone of the caller's", row("NC", "caller_zone=false"), "caller_zone true → false"},
		{"a holiday less", row("RI", "extra_holidays=['2026-08-10 Victory Day']"),
			"extra_holidays without 2026-05-04 Rhode Island Independence Day"},
		{"holidays of years that nobody knows", row("PA", "extra_holidays=["+all("PA")+", '2079-01-02 A day']"),
			"extra_holidays until 2030 → 2079"},
		{"more calls a day", "caps: {per_day: 2}", "per_day 1 → 2"},
		{"more calls a week and after more that nobody took", "caps: {per_week: 5, unanswered: 4}",
			"per_week 3 → 5; unanswered 3 → 4"},
		{"fewer calls", "caps: {per_week: 2, unanswered: 1}", ""},
		{"an older list", "caps: {scrub_days: 31}", "scrub_days 30 → 31"},
		{"an older consent", "caps: {consent_months: 19}", "consent_months 18 → 19"},
		{"a rarer anchor", "caps: {anchor_hours: 25}", "anchor_hours 24 → 25"},
		{"less of a guard", "caps: {guard_minutes: 4}", "guard_minutes 5 → 4"},
		{"more of a guard", "caps: {guard_minutes: 6}", ""},
		{"fewer abandoned calls", "caps: {abandon_percent: 2, abandon_floor: 20}", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := LoadPolicy([]byte("name: x\n" + tt.file + "\n"))
			if tt.more == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), "line 2: ") || !strings.Contains(err.Error(), tt.more) ||
				!strings.Contains(err.Error(), "requires approved_by, reason and expires: approved_by, reason, expires missing") {
				t.Fatalf("without an approval: %v", err)
			}
			with := strings.Replace(tt.file, "}", ", "+approval+"}", 1)
			p, err := LoadPolicy([]byte("name: x\n" + with + "\n"))
			if err != nil {
				t.Fatalf("with an approval: %v", err)
			}
			if w := p.Widened(); len(w) == 0 || w[0].ApprovedBy != "J. Doe" || !strings.Contains(tt.more, w[0].What) &&
				!strings.Contains(w[0].What, tt.more) {
				t.Errorf("widened: %+v", w)
			}
			ended := p.at(time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC))
			for state, r := range ended.States {
				if more := r.widerThan(Builtin().States[state]); more != nil {
					t.Errorf("after its end: %s: %+v", state, more)
				}
			}
			if _, err := LoadPolicy([]byte("name: ' '\n" + with)); err == nil ||
				!strings.Contains(err.Error(), "name: is missing") {
				t.Errorf("with a blank name: %v", err)
			}
			if _, err := LoadPolicy([]byte(with)); err == nil || !strings.Contains(err.Error(), "name: is missing") {
				t.Errorf("without a name: %v", err)
			}
		})
	}
}

// What is wrong with an approval names the line and the key.
func TestApprovalsWithHoles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, file, want string }{
		{"states as a list", "allow_states: [NY, TX]", "line 2: must now be a map with the approval of each: " +
			"{NY: {approved_by: NAME, reason: WHY, expires: 2027-06-30}}"},
		{"exemptions as a list", "exemptions: [healthcare]", "line 2: must now be a map"},
		{"a state of which nobody says anything", "allow_states: {NY: }",
			"line 2: allow_states.NY: this allows sales calls"},
		{"without a reason", "allow_states: {NY: {approved_by: J, expires: 2027-06-30}}", "reason missing"},
		{"without an end", "exemptions: {healthcare: {approved_by: J, reason: R}}", "line 2: exemptions.healthcare: " +
			"the built-in policy allows no exemptions, which requires approved_by, reason and expires: expires missing"},
		{"by nobody whom one can read",
			"caps: {per_day: 2, approved_by: \"\\u200b\", reason: \"-\", expires: 2027-06-30}", "approved_by, reason missing"},
		{"an end that is no date", "exemptions: {healthcare: {approved_by: J, reason: R, expires: soon}}",
			`line 2: exemptions.healthcare.expires: "soon" is not a date: want one such as 2027-06-30`},
		{"a key that nobody knows", "allow_states: {NY: {approved: J}}", "line 2: unknown key approved"},
		{"a state twice", "allow_states: {NY: {" + approval + "}, NY: {" + approval + "}}", `duplicate key "NY"`},
		{"a word for a map", "allow_states: NY", "line 2: want a map"},
		{"a template without a text", "emergency_templates: {flood: {" + approval + "}}",
			"line 2: emergency_templates.flood.text: has 0 bytes: want 1 to 500"},
		{"a template that nobody approved", "emergency_templates: {flood: {text: Leave.}}",
			"it is spoken in emergency calls, which requires"},
		{"an end in a row that is no date", "states: {NY: {weekdays: 07:00-21:00, saturday: none, sunday: none, " +
			"holidays: ok, cap: 0, device: allow, citation: x, approved_by: J, reason: R, expires: 2027}}",
			`line 2: states.NY.expires: "2027" is not a date`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := LoadPolicy([]byte("name: x\n" + tt.file + "\n")); err == nil ||
				!strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v\nwant %s", err, tt.want)
			}
		})
	}
	if _, err := LoadPolicy([]byte("name: x\nallow_states: []\nexemptions: []\n")); err != nil {
		t.Errorf("empty lists: %v", err)
	}
}

// After its last day what was allowed is allowed no more, whatever else the row says; each
// decision says what it rests on.
func TestApprovalsEnd(t *testing.T) {
	t.Parallel()
	p, err := LoadPolicy([]byte(`
name: riverbend
allow_states: {TX: {approved_by: A, reason: R, expires: 2027-01-10}}
exemptions: {commercial: {approved_by: B, reason: R, expires: 2027-01-20}}
emergency_templates: {flood: {text: Leave., approved_by: B, reason: R, expires: 2027-01-20}}
caps: {per_week: 5, unanswered: 1, approved_by: C, reason: R, expires: 2027-01-20}
states:
  PA: {weekdays: 10:00-18:00, saturday: none, sunday: 10:00-17:00, holidays: ok, cap: 0, device: allow, citation: x, approved_by: D, reason: R, expires: 2027-01-31}
`))
	if err != nil {
		t.Fatal(err)
	}
	b := Builtin()
	for _, tt := range []struct {
		at                        string
		tx, exempt, flood, sunday bool
		perWeek, phases           int
	}{
		{"2026-12-01T00:00:00Z", true, true, true, true, 5, 4},
		{"2027-01-10T23:59:59Z", true, true, true, true, 5, 4},
		{"2027-01-11T00:00:00Z", false, true, true, true, 5, 4},
		{"2027-01-21T00:00:00Z", false, false, false, true, 3, 4},
		{"2027-02-01T00:00:00Z", false, false, false, false, 3, 4},
	} {
		now, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		q := p.at(now)
		_, tx := q.AllowStates["TX"]
		_, exempt := q.Exemptions["commercial"]
		_, flood := q.Templates["flood"]
		pa, _ := q.state("PA")
		if tx != tt.tx || exempt != tt.exempt || flood != tt.flood || (pa.row.Sunday != "none") != tt.sunday ||
			q.Caps.PerWeek != tt.perWeek {
			t.Errorf("%s: %v %v %v %v %d", tt.at, tx, exempt, flood, pa.row.Sunday, q.Caps.PerWeek)
		}
		if pa.row.MonFri != "10:00-18:00" || q.Caps.Unanswered != 1 || q.Hash() != p.Hash() || q.whole() != p {
			t.Errorf("%s: what allows less is gone: %+v", tt.at, pa.row)
		}
		if !tt.sunday && (pa.row.Holidays != "none" || !slices.Equal(pa.row.ExtraHolidays, b.States["PA"].ExtraHolidays)) {
			t.Errorf("%s: the holidays are %q", tt.at, pa.row.Holidays)
		}
	}

	req := call(func(r *Request) {
		r.To, r.Location = number("+12155552671"), Location{State: "PA", Zone: "America/New_York"}
	})
	req.Seller = river
	sunday := time.Date(2026, 12, 6, 17, 0, 0, 0, time.UTC)
	d := p.Decide(req, Snapshot{}, sunday)
	r := result(t, d, "holiday.state.PA")
	if want := "; widened by policy riverbend (sunday none → 10:00-17:00), approved by D, until 2027-01-31"; r.Status != Pass || !strings.Contains(r.Reason, want) {
		t.Errorf("a Sunday: %s: %s", r.Status, r.Reason)
	}
	if r := result(t, d, "frequency.policy"); !strings.Contains(r.Reason,
		"widened by policy riverbend (per_week 3 → 5), approved by C, until 2027-01-20") {
		t.Errorf("the caps: %s", r.Reason)
	}
	d = p.Decide(req, Snapshot{}, sunday.AddDate(0, 0, 70))
	if r := result(t, d, "holiday.state.PA"); r.Status != Fail || strings.Contains(r.Reason, "widened") {
		t.Errorf("a Sunday after its end: %s: %s", r.Status, r.Reason)
	}
	var out bytes.Buffer
	if err := p.Print(&out); err != nil {
		t.Fatal(err)
	}
	again, err := LoadPolicy(out.Bytes())
	if err != nil || again.Hash() != p.Hash() || len(again.Widened()) != len(p.Widened()) {
		t.Errorf("printed and read again: %v\n%s", err, out.String())
	}
}

// No policy lets a caller hide: who calls, how to stop it, that it is an AI, that it is
// recorded, from which number, and to whom that number belongs now.
func TestWhatIsNeverSwitchedOff(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"identification", "identification.callback", "optout", "optout.mechanism",
		"optout.voicemail", "ai", "ai.disclosure", "recording",
		"recording.consent", "recording.consent.two_party", "caller_id", "caller_id.attestation", "reassigned",
		"reassigned.stale"} {
		if _, err := LoadPolicy([]byte("name: x\nswitched_off: [" + name + "]\n")); err == nil ||
			!strings.Contains(err.Error(), "can't be switched off") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"hours", "holiday", "emergency", "risk.litigator", "frequency"} {
		if _, err := LoadPolicy([]byte("name: x\nswitched_off: [" + name + "]\n")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
