package demo

import (
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// person is somebody who may be called.
type person struct {
	name   string
	number string // E.164
	state  string
	zone   string
}

// The people of the reminder script.
var (
	dana = person{"Dana", "+14155552671", "CA", "America/Los_Angeles"}
	sam  = person{"Sam", "+13055552672", "FL", "America/New_York"}
	alex = person{"Alex", "+12065552673", "WA", "America/Los_Angeles"}
)

var people = []person{dana, sam, alex}

// seller is on whose behalf they are called.
const seller = "riverbend"

// about begins an event of a number of days ago.
func (p person) about(kind consent.Type, source string, daysAgo int) api.Event {
	at := time.Now().AddDate(0, 0, -daysAgo).UTC().Format(time.RFC3339)
	return api.Event{Type: kind, Number: p.number, Seller: seller, Source: source, OccurredAt: at}
}

func daysAgo(n int) string { return time.Now().AddDate(0, 0, -n).UTC().Format(time.DateOnly) }

// agreed is how they agreed to be reminded by an AI voice, so many days ago.
func (p person) agreed(days int) api.Event {
	e := p.about(consent.Grant, "web_form", days)
	e.Tier, e.Purposes = consent.Express, []consent.Purpose{consent.Informational}
	e.Channels = []string{consent.VoiceAI}
	e.Evidence = &consent.Evidence{Method: "web_form", URL: "https://riverbend.example/reminders", IP: "203.0.113.7",
		Text: "Riverbend Dental LLC may call me at the number above with an artificial voice " +
			"to remind me of my appointments.",
		UserAgent: "Mozilla/5.0", Signature: "ticked box", VerifiedBy: "one-time code by text"}
	return e
}

// looked is what a carrier and the reassigned-numbers database say of the number: that it
// has had the same holder since so many days ago, or not.
func (p person) looked(reassigned string, since int) api.Event {
	e := p.about(consent.NumberFact, "carrier_lookup", 0)
	e.LineType, e.State, e.Zone, e.Reassigned, e.DateParam = "wireless", p.state, p.zone, reassigned, daysAgo(since)
	return e
}

// scrubbed is what the national do-not-call registry says of the number.
func (p person) scrubbed(result string) api.Event {
	e := p.about(consent.Scrub, "list_vendor", 0)
	e.List, e.VersionDate, e.Result = consent.ListNational, daysAgo(3), result
	return e
}

// order is a call to them.
func (p person) order(purpose consent.Purpose, subject string) api.CallRequest {
	return api.CallRequest{To: p.number, From: remindersNumber, Agent: "reminders", Purpose: purpose,
		Marketing: new(purpose == consent.Telemarketing), Subject: subject,
		Variables: map[string]string{"name": p.name}, Location: consent.Location{State: p.state, Zone: p.zone}}
}
