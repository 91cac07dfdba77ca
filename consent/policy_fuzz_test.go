package consent

import (
	"bytes"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// Whatever a policy file holds, reading it ends, and what is accepted survives
// being printed and read again, names every state, and can be asked.
func FuzzLoadPolicy(f *testing.F) {
	for _, s := range []string{
		"", "{}", "# nothing", "name: x", "name: x\nswitched_off: [hours, holiday, emergency]",
		"name: x\nallow_states: {TX: {approved_by: J, reason: R, expires: 2027-06-30}}\nexemptions: [healthcare]",
		"name: x\nemergency_templates: {flood: {text: Leave., approved_by: J, reason: R, expires: 2027-06-30}}",
		"caps: {per_day: 2, guard_minutes: 0}", "strict_mobile: false\ndate: '2026-12-01'", "name: x\n---\nname: y",
		"a: &a [*a]", "states: {FL: }", "states: 1", "name: [",
		"states:\n  FL: {weekdays: 00:00-24:00, saturday: none, sunday: 00:00-24:00, holidays: 01:30-02:30, cap: 3, " +
			"device: block, citation: x, extra_holidays: [2027-01-01 X]}",
		"states:\n  NC: {weekdays: 08:00-20:00, saturday: none, sunday: none, holidays: ok, cap: 0, device: allow, " +
			"citation: x, caller_zone: false}",
	} {
		f.Add([]byte(s))
	}
	to, err := phone.Parse("+13055552671")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := LoadPolicy(file)
		if err != nil {
			if p != nil {
				t.Error("an error, and a policy")
			}
			return
		}
		var b bytes.Buffer
		if err := p.Print(&b); err != nil {
			t.Fatal(err)
		}
		again, err := LoadPolicy(b.Bytes())
		if err != nil {
			t.Fatalf("what was printed can't be read: %v\n%s", err, b.Bytes())
		}
		if again.Hash() != p.Hash() {
			t.Errorf("printed and read again it is another policy:\n%s", b.Bytes())
		}
		for _, state := range phone.States() {
			if _, ok := p.state(state); !ok {
				t.Errorf("no row of %s", state)
			}
		}
		for _, name := range []string{"revoked", "dnc.internal", "destination.country", "destination.blocked",
			"consent.missing", "ledger.integrity", "identification",
			"optout.mechanism", "ai.disclosure", "recording.consent.two_party", "caller_id", "reassigned"} {
			if p.Off(name) {
				t.Errorf("%s is switched off", name)
			}
		}
		e := newEvaluation(p, Request{To: to, From: to, Purpose: Informational}, Snapshot{},
			time.Date(2027, 3, 14, 6, 59, 0, 0, time.UTC))
		for _, r := range timeRules {
			for _, result := range e.run(r) {
				if result.Reason == "" || result.Reason == "internal error: the rule could not be evaluated" {
					t.Errorf("%s: %q", result.Rule, result.Reason)
				}
			}
		}
		e.notBefore()
	})
}
