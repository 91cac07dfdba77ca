package server

import (
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/optout"
	"github.com/patchcord/patchcord/phone"
)

// TextedStop is what a text that was found in a log of messages says against calls, as
// facts: a refusal, or one that somebody has to look at, also where a text that comes in would be
// answered with a question. There are none if it says nothing.
func (d Directory) TextedStop(to, from phone.Number, body string, at time.Time) []consent.Fact {
	m := optout.Text(body)
	switch m.Kind {
	case optout.None, optout.StopRecording, optout.Preference:
		return nil
	}
	sellers := d.sellersAt(to)
	if len(sellers) == 0 {
		sellers = d.allSellers()
	}
	var facts []consent.Fact
	for _, s := range sellers {
		f := consent.Fact{Type: consent.OptOutUnclear, Number: from, Seller: s.Name, OccurredAt: at, Source: "sms", Actor: "recover", Via: consent.ViaSMS, Words: text{body: body}.words()}
		if m.Kind == optout.Refusal {
			f.Type, f.Scope, f.Words = consent.Revoke, consent.AllAutomated, ""
			facts = append(facts, f)
			f.Type, f.Scope = consent.DNCAdd, ""
		}
		facts = append(facts, f)
	}
	return facts
}
