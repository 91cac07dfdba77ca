package server

import (
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// TextedStop is what a text that was found in a log of messages says: the refusals
// that it would have been recorded as when it came. There are none if it is no
// opt-out.
func (d Directory) TextedStop(to, from phone.Number, body string, at time.Time) []consent.Fact {
	if !consent.TextOptOut(body) {
		return nil
	}
	sellers := d.sellersAt(to)
	if len(sellers) == 0 {
		sellers = d.allSellers()
	}
	var facts []consent.Fact
	for _, s := range sellers {
		f := consent.Fact{Type: consent.Revoke, Number: from, Seller: s.Name, OccurredAt: at, Source: "sms", Actor: "recover", Via: consent.ViaSMS, Scope: consent.AllAutomated}
		facts = append(facts, f)
		f.Type, f.Scope = consent.DNCAdd, ""
		facts = append(facts, f)
	}
	return facts
}
