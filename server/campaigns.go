package server

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// listCampaigns tells the calls of every campaign in the last 30 days.
func (s *Server) listCampaigns(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), ledgerWait)
	defer cancel()
	counts, err := s.cfg.Ledger.Campaigns(ctx)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	now := map[consent.Campaign]consent.Calls{}
	for of, n := range counts {
		if seller, known := s.cfg.Directory.seller(of.Seller); known {
			of.Seller = seller.Name
		}
		now[of] = now[of].Plus(n)
	}
	list := []api.Campaign{}
	for of, n := range now {
		list = append(list, api.Campaign{Campaign: of, Calls: n})
	}
	slices.SortFunc(list, func(a, b api.Campaign) int { return strings.Compare(a.String(), b.String()) })
	reply(w, http.StatusOK, api.CampaignList{Campaigns: list})
}

// maxReleaseLength bounds the body of a release, in bytes.
const maxReleaseLength = 16 << 10

// releaseCampaign lets a campaign call again that a second abandoned call holds. The row
// says who did so, and why.
func (s *Server) releaseCampaign(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, maxReleaseLength)
	if !ok {
		return
	}
	var wrong []api.FieldError
	o := readObject(raw, "", &wrong, fieldsOf[api.CampaignRelease]()...)
	of := consent.Campaign{Seller: o.text("seller", maxWordLength), Agent: o.text("agent", maxWordLength), Purpose: consent.Purpose(o.text("purpose", maxWordLength))}
	by, reason := o.text("by", maxWordLength), o.text("reason", maxNoteLength)
	if len(wrong) == 0 {
		agent, known := s.cfg.Directory.Agents[of.Agent]
		switch {
		case !known:
			o.complain("agent", "unknown agent")
		case agent.Seller != of.Seller:
			o.complain("seller", "the agent does not call for this seller")
		}
		if !slices.Contains(consent.Purposes, of.Purpose) {
			o.complain("purpose", "want one of %v", consent.Purposes)
		}
		required := func(name, value string) {
			if strings.TrimSpace(value) == "" {
				o.complain(name, "is required: the row records who released the campaign, and why")
			}
		}
		required("by", by)
		required("reason", reason)
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	if !s.record(w, r, "", phone.Number{}) {
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	var facts []consent.Fact
	for _, key := range s.cfg.Directory.keysOf(of.Seller) { // its calls count under all of them
		of.Seller = key
		fact := consent.Releases(of, by, reason)
		fact.OccurredAt = s.cfg.now()
		facts = append(facts, fact)
	}
	receipts, err := s.cfg.Gate.Record(ctx, facts...)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	reply(w, http.StatusCreated, receipts[0])
}
