package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
)

// Whatever stands in the way, a person is told what would mend it.
func TestEveryRuleCanBeMended(t *testing.T) {
	policy, err := consent.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	req := consent.Request{To: mustParse(t, person), From: mustParse(t, ours), Purpose: consent.Telemarketing, Marketing: true, Location: consent.Location{State: "NY", Zone: "America/New_York"}}
	rules := map[string]bool{}
	for _, r := range policy.Decide(req, consent.Snapshot{}, time.Now()).Results {
		rules[r.Rule] = true
	}
	if len(rules) < 40 {
		t.Fatalf("only %d rules", len(rules))
	}
	for rule := range rules {
		for _, s := range []consent.Status{consent.Fail, consent.Unknown} {
			if remedyFor(consent.Result{Rule: rule, Status: s}) == "" {
				t.Errorf("%s (%s): nobody knows what would mend it", rule, s)
			}
		}
	}
	if got := remedyFor(consent.Result{Rule: "dnc.national.stale"}); !strings.Contains(got, "again") {
		t.Errorf("the longest beginning does not count: %s", got)
	}
	if a, b := remedyFor(consent.Result{Rule: "hours.state.NY", Status: consent.Fail}), remedyFor(consent.Result{Rule: "hours.state", Status: consent.Unknown}); a == b || !strings.Contains(b, "--state") {
		t.Errorf("a rule that lacks a fact is mended by %q", b)
	}
}

func TestPrintDecision(t *testing.T) {
	at := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	from := at.Add(14*time.Hour + 5*time.Minute)
	d := consent.Decision{Outcome: consent.Defer, NotBefore: &from, EvaluatedAt: at, Policy: "sha256:0123456789abcdef0123", AsOf: 7, Seq: 8, Results: []consent.Result{
		{Rule: "invalid_number", Status: consent.Pass, Effect: consent.EffectBlock},
		{Rule: "hours.state.FL", Status: consent.Fail, Effect: consent.EffectDefer, Reason: "it is " + strings.Repeat("very ", 30) + "late", Citation: "Fla. Stat. 501.616(6)", RetryAt: &from},
		{Rule: "line.unknown", Status: consent.Unknown, Effect: consent.EffectWarn, Reason: "treated as wireless"},
		{Rule: "dnc.state.FL", Status: consent.NotApplicable, Effect: consent.EffectBlock},
	}}
	var b strings.Builder
	printDecision(&b, d)
	for _, want := range []string{"NOT NOW  this call may be placed later\n", "(in 14 h 5 min)", "\n  ✗ hours.state.FL\n", "law    Fla. Stat. 501.616(6)", "fix    call again at the time shown", "\n  ! line.unknown\n",
		"4 rules: 1 passed, 1 failed, 1 unknown, 1 did not apply. row 8 of the ledger, as of row 7, policy sha256:0123456789ab…"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("nothing of %q in\n%s", want, b.String())
		}
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(line)); n > 140 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
	b.Reset()
	printDecision(&b, consent.Decision{Outcome: consent.Allow, Duties: []consent.Result{{Rule: "ai.disclosure", Reason: "say that an AI speaks"}}})
	if got := b.String(); !strings.HasPrefix(got, "ALLOWED  ") || !strings.Contains(got, "the call must\n  · say that an AI speaks\n") {
		t.Errorf("got\n%s", got)
	}
}

// An agent that answers and has no purpose of its own is not held to what an
// outbound call has to say.
func TestWhoseOpeningsAreLookedAt(t *testing.T) {
	c := &config.Config{File: &config.File{Sellers: map[string]config.Seller{"s": {LegalName: "S LLC"}}, Numbers: map[string]config.NumberBlock{ours: {Agent: "answers"}, "+16282350101": {Agent: "both"}}, Agents: map[string]config.AgentBlock{
		"answers": {Seller: "s", Opening: &config.OpeningBlock{Text: "Hi."}},
		"both":    {Seller: "s", Opening: &config.OpeningBlock{Text: "Hi."}, Purpose: "informational"},
		"calls":   {Seller: "s", Opening: &config.OpeningBlock{Text: "Hi."}},
		"silent":  {Seller: "s"},
	}}}
	bad := c.BadOpenings()
	if len(bad) != 2 || bad["both"] == "" || !strings.Contains(bad["calls"], "S LLC") {
		t.Errorf("got %v", bad)
	}
}
