package consent

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// noon is when the calls of these tests are asked for: a Wednesday, noon in New
// York, some days after Dana gave her consent.
var (
	noon  = time.Date(2026, 11, 18, 17, 0, 0, 0, time.UTC)
	given = noon.AddDate(0, 0, -10)
)

func number(s string) phone.Number {
	n, err := phone.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

var (
	dana  = number("+12125552671")
	river = Seller{Name: "riverbend", LegalName: "Riverbend Dental LLC", RegisteredName: "Riverbend Dental",
		Callback: number("+14155552000"), TollfreeOptout: number("+18005552000")}
)

// call is the request of these tests: a reminder of an appointment.
func call(with ...func(*Request)) Request {
	r := Request{CallID: "call_1", To: dana, From: number("+14155552001"), Agent: "reminders", Seller: river,
		Purpose: Informational,
		Subject: "appointment", FromSeller: river.Name}
	for _, f := range with {
		f(&r)
	}
	return r
}

func sales(r *Request) { r.Purpose, r.Marketing, r.Subject = Telemarketing, true, "whitening" }

// agreed is the text of a complete written consent.
const agreed = "I agree that Riverbend Dental LLC may call me at +12125552671 with an automatic telephone " +
	"dialing system or an artificial or prerecorded voice, " +
	"with news and offers, too. My agreement is not a condition of any purchase."

func evidence() *Evidence {
	return &Evidence{Method: "web_form", URL: "https://riverbend.example/consent", IP: "203.0.113.7", Text: agreed,
		UserAgent: "Mozilla/5.0",
		Signature: "ticked box, typed name Dana Miller", VerifiedBy: "one-time code by text"}
}

// granted is Dana's consent to reminders.
func granted(with ...func(*Fact)) Fact {
	return fact(Fact{Type: Grant, OccurredAt: given, Source: "web_form", Tier: Express,
		Purposes: []Purpose{Informational}, Channels: []string{VoiceAI}, Evidence: evidence()}, with...)
}

func inWriting(f *Fact) { f.Tier, f.Purposes = Written, []Purpose{Telemarketing} }

func scrubbed(with ...func(*Fact)) Fact {
	return fact(Fact{Type: Scrub, Source: "list_vendor", List: ListNational,
		VersionDate: noon.AddDate(0, 0, -3).Format(time.DateOnly), Result: No}, with...)
}

func lookedUp(with ...func(*Fact)) Fact {
	return fact(Fact{Type: NumberFact, Source: "carrier_lookup", LineType: "wireless", State: "NY",
		Zone: "America/New_York", Reassigned: No,
		DateParam: given.Format(time.DateOnly)}, with...)
}

// fact fills in what most facts of these tests have in common: they are about Dana
// and Riverbend, and an hour old.
func fact(f Fact, with ...func(*Fact)) Fact {
	f.Number, f.Seller = dana, river.Name
	if f.OccurredAt.IsZero() {
		f.OccurredAt = noon.Add(-time.Hour)
	}
	for _, w := range with {
		w(&f)
	}
	return f
}

func at(t time.Time) func(*Fact) { return func(f *Fact) { f.OccurredAt = t } }

func ago(d time.Duration) func(*Fact) { return at(noon.Add(-d)) }

// cleared is all facts that a lawful reminder needs, and no more.
func cleared() []Fact { return []Fact{granted(), scrubbed(), lookedUp()} }

// sellable is all facts that a lawful sales call needs.
func sellable() []Fact { return []Fact{granted(inWriting), scrubbed(), lookedUp()} }

// and is more facts after others.
func and(facts []Fact, more ...Fact) []Fact { return append(slices.Clone(facts), more...) }

// ledgerOf is a snapshot of a sound ledger with facts in it.
func ledgerOf(facts ...Fact) Snapshot {
	facts = slices.Clone(facts)
	for i := range facts {
		facts[i].Seq, facts[i].RecordedAt = int64(i+1), noon
	}
	return Snapshot{AsOf: int64(len(facts)) + 1, Facts: facts, AnchoredAt: noon.Add(-time.Hour)}
}

// strict is a policy with the rows of a few states.
func strict(with ...func(*Policy)) *Policy {
	p := &Policy{Name: "test", hash: "sha256:00", States: map[string]StateRow{
		"NY": {Citation: "GBL §399-z(2)"},
		"FL": {Cap: 3, CapHours: 24, Written: "all", List: true, Register: true, AllParty: true,
			Citation: "Fla. Stat. §501.616(6)"},
		"ME": {Cap: 1, CapHours: 8, Device: deviceCounsel, Citation: "10 M.R.S. §1498(3)"},
		"NJ": {Written: "mobile", Citation: "N.J.S.A. 56:8-128(c)"},
		"WA": {Device: deviceBlock, DeviceCitation: "RCW 80.36.400", AllParty: true, Citation: "RCW 80.36.390(8)"},
	}}
	for _, f := range with {
		f(p)
	}
	return p
}

// in is the places in which the person may be.
func in(states ...string) []Place {
	var list []Place
	for _, s := range states {
		zone, err := time.LoadLocation("America/New_York")
		if err != nil {
			panic(err)
		}
		list = append(list, Place{State: s, Zone: zone, Evidence: "stated"})
	}
	return list
}

// factRules is the rules of this half of the catalogue: all but those about time
// and place.
func factRules() []rule {
	return slices.DeleteFunc(rules(), func(r rule) bool {
		return slices.ContainsFunc(timeRules, func(t rule) bool { return t.id == r.id })
	})
}

// setup is one decision of a test.
type setup struct {
	req    Request
	s      Snapshot
	policy *Policy // strict() if nil
	places []Place // New York if nil
	line   string  // wireless if empty
	now    time.Time
}

// decide evaluates the rules of this half for places that the test gives.
func (x setup) decide() Decision {
	if x.policy == nil {
		x.policy = strict()
	}
	if x.now.IsZero() {
		x.now = noon
	}
	e := newEvaluation(x.policy, x.req, x.s, x.now)
	e.line, e.places = "wireless", in("NY")
	if x.line != "" {
		e.line = x.line
	}
	if x.places != nil {
		e.places = x.places
	}
	d := Decision{Policy: x.policy.Hash(), AsOf: x.s.AsOf, EvaluatedAt: x.now}
	for _, r := range factRules() {
		d.Results = append(d.Results, e.run(r)...)
	}
	for _, r := range d.Results {
		if r.Effect == EffectInCall && r.Status == Pass {
			d.Duties = append(d.Duties, r)
		}
	}
	d.Outcome = combine(d.Results)
	return d
}

// result is how one rule came out.
func result(t *testing.T, d Decision, rule string) Result {
	t.Helper()
	var found []Result
	for _, r := range d.Results {
		if r.Rule == rule {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s has %d results", rule, len(found))
	}
	return found[0]
}

// row is one line of a table about a rule.
type row struct {
	name   string // a sentence
	setup  setup
	status Status
	effect Effect // not looked at if empty
	says   string // a part of the reason
}

// table holds a rule against rows.
func table(t *testing.T, rule string, rows []row) {
	t.Helper()
	statuses := map[Status]bool{}
	for _, x := range rows {
		statuses[x.status] = true
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			d := x.setup.decide()
			r := result(t, d, rule)
			if r.Status != x.status || x.effect != "" && r.Effect != x.effect || !strings.Contains(r.Reason, x.says) {
				t.Errorf("%s: %s, %s: %s; want %s, %s: …%s…", rule, r.Status, r.Effect, r.Reason, x.status, x.effect, x.says)
			}
			hygiene(t, x.setup, d)
		})
	}
	if !statuses[Pass] || !statuses[Fail] && !statuses[Unknown] {
		t.Errorf("the table of %s has no row that passes, or none that doesn't", rule)
	}
}

// hygiene holds what is true of every decision: each rule reports, with a reason
// that a person can read, without the number, and relies on facts there are.
func hygiene(t *testing.T, x setup, d Decision) {
	t.Helper()
	for _, r := range factRules() {
		if !slices.ContainsFunc(d.Results, func(got Result) bool { return under(got.Rule, r.id) }) {
			t.Errorf("%s does not report", r.id)
		}
	}
	for _, r := range d.Results {
		if r.Reason == "" || strings.Contains(r.Reason, "internal error") {
			t.Errorf("%s: reason %q", r.Rule, r.Reason)
		}
		for _, n := range []phone.Number{x.req.To, x.req.From} {
			if !n.IsZero() && strings.Contains(r.Reason, n.E164()[2:]) {
				t.Errorf("%s shows the number: %s", r.Rule, r.Reason)
			}
		}
		for _, f := range r.Facts {
			if !slices.ContainsFunc(x.s.Facts, func(got Fact) bool { return got.Seq == f }) {
				t.Errorf("%s relies on row %d, which is not there", r.Rule, f)
			}
		}
		if r.Effect == EffectDefer && r.Status == Fail && r.RetryAt == nil {
			t.Errorf("%s defers until nobody knows when", r.Rule)
		}
	}
}
