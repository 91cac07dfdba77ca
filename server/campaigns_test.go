package server_test

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// A second abandoned call holds its campaign and no other, until somebody releases it,
// with a name and a reason that the row keeps.
func TestACampaignIsHeldAndReleased(t *testing.T) {
	t.Parallel()
	s := open(t)
	of := consent.Campaign{Seller: "riverbend", Agent: "reminders", Purpose: consent.Informational}
	abandoned := func() consent.Fact {
		return consent.Fact{Type: consent.Permitted, Number: mustNumber(caller), Seller: of.Seller, Agent: of.Agent, Purpose: of.Purpose,
			PermitStatus: consent.PermitEnded, Outcome: "caller_hung_up", Abandoned: true}
	}
	if _, err := s.gate.Record(s.ctx, abandoned(), abandoned()); err != nil {
		t.Fatal(err)
	}
	list := func() []api.Campaign {
		t.Helper()
		var body struct {
			Campaigns []api.Campaign `json:"campaigns"`
		}
		got := s.order("GET", "/v1/campaigns", "")
		if err := json.Unmarshal([]byte(got.body), &body); err != nil || got.status != 200 {
			t.Fatalf("%d %s: %v", got.status, got.body, err)
		}
		return body.Campaigns
	}
	if got := list(); len(got) != 1 || got[0] != (api.Campaign{Campaign: of, Calls: consent.Calls{Answered: 2, Abandoned: 2, Unreleased: 2}}) {
		t.Errorf("the campaigns are %+v", got)
	}
	release := func(body string) answer { return s.order("POST", "/v1/campaigns/release", body) }
	wrongs(t, release(`{"seller":"riverbend","agent":"nobody","purpose":"fun"}`), "agent", "purpose", "by", "reason")
	wrongs(t, release(`{"seller":"harbor","agent":"reminders","purpose":"informational","by":"Ana","reason":" "}`), "seller", "reason")
	wrongs(t, release(`{"campaign":"x"}`), "campaign")
	if got := release(`{"seller":"riverbend","agent":"reminders","purpose":"informational","by":"Ana","reason":"the agent's address was wrong"}`); got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := list(); len(got) != 1 || got[0].Unreleased != 0 || got[0].Abandoned != 2 {
		t.Errorf("after the release the campaigns are %+v", got)
	}
	// Under another key of one legal person a campaign is the same, and so is its release.
	was := abandoned()
	was.Seller = "riverbend-old"
	if _, err := s.gate.Record(s.ctx, was, was); err != nil {
		t.Fatal(err)
	}
	d := s.config.Directory
	d.Sellers = maps.Clone(d.Sellers)
	consent.Relate(d.Sellers, map[string][]string{"riverbend": {"riverbend-old"}})
	s.config.Directory = d
	s.web = s.make()
	if got := list(); len(got) != 1 || got[0].Abandoned != 4 || got[0].Unreleased != 2 || got[0].Seller != "riverbend" {
		t.Errorf("with its earlier key the campaigns are %+v", got)
	}
	if got := release(`{"seller":"riverbend","agent":"reminders","purpose":"informational","by":"Ana","reason":"again"}`); got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := list(); len(got) != 1 || got[0].Unreleased != 0 {
		t.Errorf("after its release the campaigns are %+v", got)
	}
	facts, err := s.book.Own(s.ctx, consent.Released)
	if err != nil || len(facts) != 3 || facts[0].By != "Ana" || facts[0].Reason != "the agent's address was wrong" || facts[0].Via != consent.ViaAPI {
		t.Errorf("the row is %+v, %v", facts, err)
	}
}
