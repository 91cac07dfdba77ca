package postgres_test

import (
	"maps"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// overCall is the fact that a call of a campaign is over.
func overCall(of consent.Campaign, outcome string, abandoned bool) consent.Fact {
	return consent.Fact{Type: consent.Permitted, Number: person(1), Seller: of.Seller, Agent: of.Agent, Purpose: of.Purpose,
		PermitStatus: consent.PermitEnded, Outcome: outcome, Abandoned: abandoned}
}

// Calls are counted by campaign: what one agent abandons does not stop another. What this
// instance writes counts at once, and so does a release.
func TestCallsAreCountedByCampaign(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	reminders := consent.Campaign{Seller: "a", Agent: "reminders", Purpose: consent.Informational}
	sales := consent.Campaign{Seller: "a", Agent: "reminders", Purpose: consent.Telemarketing}
	other := consent.Campaign{Seller: "b", Agent: "reminders", Purpose: consent.Informational}
	record(t, openLedger(t, postgrestest.Open(t, url)), overCall(reminders, "caller_hung_up", false), overCall(reminders, "caller_hung_up", true),
		overCall(reminders, "no_answer", false), overCall(other, "agent_ended", false), overCall(other, "voicemail", false))

	l := openLedger(t, postgrestest.Open(t, url))
	counts := func(want map[consent.Campaign]consent.Calls) {
		t.Helper()
		if s := look(t, l, person(2)); !maps.Equal(s.Calls, want) {
			t.Errorf("the counts are %+v, want %+v", s.Calls, want)
		}
	}
	counts(map[consent.Campaign]consent.Calls{reminders: {Answered: 2, Abandoned: 1, Unreleased: 1}, other: {Answered: 1}})
	record(t, l, overCall(reminders, "failed", true), overCall(sales, "caller_hung_up", false))
	counts(map[consent.Campaign]consent.Calls{reminders: {Answered: 3, Abandoned: 2, Unreleased: 2}, sales: {Answered: 1}, other: {Answered: 1}})
	seenBy(t, l, reminders, consent.Calls{Answered: 3, Abandoned: 2, Unreleased: 2})
	seenBy(t, l, consent.Campaign{Seller: "a", Agent: "reminders", Purpose: consent.Research}, consent.Calls{})

	record(t, l, consent.Releases(reminders, "Ana", "the agent's address was wrong"))
	counts(map[consent.Campaign]consent.Calls{reminders: {Answered: 3, Abandoned: 2}, sales: {Answered: 1}, other: {Answered: 1}})
	record(t, l, overCall(reminders, "caller_hung_up", true))
	counts(map[consent.Campaign]consent.Calls{reminders: {Answered: 4, Abandoned: 3, Unreleased: 1}, sales: {Answered: 1}, other: {Answered: 1}})
	again := openLedger(t, postgrestest.Open(t, url)) // another instance reads it all
	if s := look(t, again, person(2)); s.Calls[reminders] != (consent.Calls{Answered: 4, Abandoned: 3, Unreleased: 1}) {
		t.Errorf("another instance counts %+v", s.Calls[reminders])
	}
	facts, err := l.Own(t.Context(), consent.Released)
	if err != nil || len(facts) != 1 || facts[0].By != "Ana" || facts[0].Reason != "the agent's address was wrong" || facts[0].Campaign() != reminders {
		t.Errorf("the release is kept as %+v, %v", facts, err)
	}
}

// seenBy holds what a policy sees of a campaign, asked and decided.
func seenBy(t *testing.T, l *postgres.Ledger, of consent.Campaign, want consent.Calls) {
	t.Helper()
	g := consent.Gate{Ledger: l, Policy: deciderFunc(func(_ consent.Request, s consent.Snapshot, _ time.Time) consent.Decision {
		if s.Campaign != want {
			t.Errorf("the policy sees %+v of %s, want %+v", s.Campaign, of, want)
		}
		return consent.Decision{Outcome: consent.Deny}
	})}
	req := consent.Request{To: person(2), Seller: consent.Seller{Name: of.Seller}, Agent: of.Agent, Purpose: of.Purpose}
	if _, err := g.Check(t.Context(), req); err != nil {
		t.Error(err)
	}
	if _, d, err := g.Clear(t.Context(), req); err == nil || d.Seq == 0 {
		t.Errorf("%+v, %v", d, err)
	}
}
