package call

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// dossier is a call as the consent ledger sees it. The zero dossier is that of a call
// of which the ledger hears nothing.
type dossier struct {
	keeper  *keeper
	request consent.Request // To is the person, whoever called whom; From our number
	permit  string          // of a call that we placed
	attests string          // how far the carrier vouches for the number of a call that came in
}

// dossier opens the one of a call.
func (b *Switchboard) dossier(head calllog.Call, p *Profile) dossier {
	if b.keeper.gate == nil || p.Seller.Name == "" {
		return dossier{}
	}
	person, ours := phone.Party(head.From), phone.Party(head.To)
	if head.Direction == calllog.Outbound {
		person, ours = ours, person
	}
	to, err := person.Number()
	if err != nil { // withheld: there is nobody to remember
		return dossier{}
	}
	from, err := ours.Number()
	if err != nil {
		from = phone.Number{}
	}
	d := dossier{keeper: b.keeper, attests: head.Attestation}
	o := head.Order
	if o == nil {
		o = &calllog.Order{}
	}
	d.request, d.permit = b.request(head.ID, to, from, p, o), o.PermitID
	return d
}

// known tells whether the ledger can be told of the person.
func (d dossier) known() bool { return d.keeper != nil }

// endedBy tells whether a fact ends the call. One of which the ledger hears nothing ends by none.
func (d dossier) endedBy(f consent.Fact) bool {
	return d.known() && consent.EndsLive(f, d.request, d.permit == "")
}

// fact is one about the call.
func (d dossier) fact(t consent.Type, now time.Time) consent.Fact {
	r := d.request
	return consent.Fact{Type: t, Number: r.To, Seller: r.Seller.Name, OccurredAt: now, Source: "phone", Actor: "call",
		Via: consent.ViaCall, Attestation: d.attests,
		CallID: r.CallID, Agent: r.Agent, From: r.From.E164(), Purpose: r.Purpose, Marketing: r.Marketing, Subject: r.Subject}
}

// optOut is the facts that a person said stop: no more automated call of any kind
// (47 CFR 64.1200(a)(10)), and onto the seller's list ((b)(3)).
func (d dossier) optOut(trigger, words string, now time.Time) []consent.Fact {
	revoke, add, told := d.fact(consent.Revoke, now), d.fact(consent.DNCAdd, now), d.fact(consent.OptOutInCall, now)
	revoke.Scope = consent.AllAutomated
	told.Trigger, told.Words = trigger, words
	return []consent.Fact{revoke, add, told}
}

// opened is the fact that the opening was heard to its end.
func (d dossier) opened(text string, now time.Time) consent.Fact {
	f := d.fact(consent.OpeningPlayed, now)
	hash := sha256.Sum256([]byte(text))
	f.TextSHA256 = hex.EncodeToString(hash[:])
	return f
}
