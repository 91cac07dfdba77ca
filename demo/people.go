package demo

import (
	"time"

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

// event is one of POST /v1/consent/events.
type event map[string]any

// about begins an event of a number of days ago.
func (p person) about(kind consent.Type, source string, daysAgo int) event {
	return event{"type": kind, "number": p.number, "seller": seller, "source": source, "occurred_at": time.Now().AddDate(0, 0, -daysAgo).UTC().Format(time.RFC3339)}
}

func (e event) with(fields event) event {
	for k, v := range fields {
		e[k] = v
	}
	return e
}

func daysAgo(n int) string { return time.Now().AddDate(0, 0, -n).UTC().Format(time.DateOnly) }

// agreed is how they agreed to be reminded by an AI voice, so many days ago.
func (p person) agreed(days int) event {
	return p.about(consent.Grant, "web_form", days).with(event{"tier": consent.Express, "purposes": []consent.Purpose{consent.Informational},
		"channels": []string{consent.VoiceAI}, "evidence": consent.Evidence{Method: "web_form", URL: "https://riverbend.example/reminders", IP: "203.0.113.7",
			Text:      "Riverbend Dental LLC may call me at the number above with an artificial voice to remind me of my appointments.",
			UserAgent: "Mozilla/5.0", Signature: "ticked box", VerifiedBy: "one-time code by text"}})
}

// looked is what a carrier and the reassigned-numbers database say of the number: that it
// has had the same holder since so many days ago, or not.
func (p person) looked(reassigned string, since int) event {
	return p.about(consent.NumberFact, "carrier_lookup", 0).with(event{"line_type": "wireless", "state": p.state, "zone": p.zone, "reassigned": reassigned, "date_param": daysAgo(since)})
}

// scrubbed is what the national do-not-call registry says of the number.
func (p person) scrubbed(result string) event {
	return p.about(consent.Scrub, "list_vendor", 0).with(event{"list": consent.ListNational, "version_date": daysAgo(3), "result": result})
}

// order is a call to them, as POST /v1/calls and POST /v1/reminders want it.
func (p person) order(purpose consent.Purpose, subject string) event {
	return event{"to": p.number, "from": remindersNumber, "agent": "reminders", "purpose": purpose, "contains_marketing": purpose == consent.Telemarketing,
		"subject": subject, "variables": map[string]string{"name": p.name}, "location": consent.Location{State: p.state, Zone: p.zone}}
}
