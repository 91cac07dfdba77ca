package consent

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// clockCase is one line of a table about a rule of time or place. Its name is a
// sentence that a lawyer could read.
type clockCase struct {
	name   string
	to     string // an area code; 212 if empty
	from   string // likewise; 415 if empty
	at     string // local: 2026-11-24 21:40 America/New_York
	loc    Location
	facts  []Fact
	with   func(*Request)
	policy string // laid over the built-in one

	rule   string
	status Status
	says   string // a part of the reason
	retry  string // local, as at; not looked at if empty
}

func localInstant(t testing.TB, s string) time.Time {
	t.Helper()
	f := strings.Fields(s)
	zone, err := time.LoadLocation(f[len(f)-1])
	if err != nil {
		t.Fatal(err)
	}
	layout := "2006-01-02 15:04"
	if strings.Count(f[1], ":") == 2 {
		layout += ":05"
	}
	at, err := time.ParseInLocation(layout, f[0]+" "+f[1], zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func inArea(t testing.TB, code string) phone.Number {
	t.Helper()
	n, err := phone.Parse("+1" + code + "5552671")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (c clockCase) evaluation(t testing.TB) *evaluation {
	t.Helper()
	p := Builtin()
	if c.policy != "" {
		var err error
		if p, err = LoadPolicy([]byte(c.policy)); err != nil {
			t.Fatal(err)
		}
	}
	or := func(s, other string) string {
		if s == "" {
			return other
		}
		return s
	}
	req := Request{CallID: "call_1", To: inArea(t, or(c.to, "212")), From: inArea(t, or(c.from, "415")),
		Purpose: Informational,
		Seller:  Seller{Name: "riverbend"}, Location: c.loc}
	if c.with != nil {
		c.with(&req)
	}
	now := localInstant(t, or(c.at, "2026-11-24 12:00 America/New_York"))
	facts := make([]Fact, len(c.facts))
	for i, f := range c.facts {
		f.Seq = int64(i + 1)
		f.Number = req.To
		if f.OccurredAt.IsZero() {
			f.OccurredAt = now.Add(-time.Hour)
		}
		facts[i] = f
	}
	return newEvaluation(p, req, Snapshot{Facts: facts}, now)
}

func (e *evaluation) timeResults() map[string]Result {
	results := map[string]Result{}
	for _, r := range timeRules {
		for _, result := range e.run(r) {
			results[result.Rule] = result
		}
	}
	return results
}

func (c clockCase) run(t *testing.T) {
	t.Parallel()
	results := c.evaluation(t).timeResults()
	r, ok := results[c.rule]
	if !ok {
		t.Fatalf("%s has no result: %v", c.rule, results)
	}
	if r.Status != c.status || !strings.Contains(r.Reason, c.says) {
		t.Errorf("%s: %s: %s\nwant %s: …%s…", c.rule, r.Status, r.Reason, c.status, c.says)
	}
	if c.retry != "" {
		if want := localInstant(t, c.retry); r.RetryAt == nil || !r.RetryAt.Equal(want) {
			t.Errorf("RetryAt = %v, want %v", r.RetryAt, want)
		}
	}
	for _, r := range results {
		if r.Reason == "" || strings.Contains(r.Reason, "internal error") {
			t.Errorf("%s: reason %q", r.Rule, r.Reason)
		}
		if r.Citation == "" && strings.Count(r.Rule, ".") == 2 {
			t.Errorf("%s has no citation", r.Rule)
		}
		if (r.Effect == EffectDefer) && r.Status == Fail && r.RetryAt == nil && c.retry != "" {
			t.Errorf("%s defers until nobody knows when", r.Rule)
		}
	}
}

func runClockCases(t *testing.T, cases []clockCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, c.run)
	}
}
