package consent_test

import (
	"fmt"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// A decision names every rule that fails, so that nobody mends them one at a time.
func ExamplePolicy_Decide_refused() {
	to, err := phone.Parse("+12125552671")
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, 11, 18, 17, 0, 0, 0, time.UTC) // noon in New York
	request := consent.Request{To: to, From: to, FromSeller: "riverbend", Purpose: consent.Informational,
		Location: consent.Location{State: "NY", Zone: "America/New_York"},
		Seller:   consent.Seller{Name: "riverbend", RegisteredName: "Riverbend Dental", Callback: to}}
	facts := []consent.Fact{
		{Seq: 1, Type: consent.Revoke, Number: to, Seller: "riverbend", OccurredAt: now.Add(-time.Hour), Source: "sms",
			Scope: consent.AllAutomated},
		{Seq: 2, Type: consent.DNCAdd, Number: to, Seller: "riverbend", OccurredAt: now.Add(-time.Hour), Source: "sms"},
	}
	d := consent.Builtin().Decide(request, consent.Snapshot{AsOf: 2, Facts: facts, AnchoredAt: now}, now)
	fmt.Println(d.Outcome)
	for _, r := range d.Failing() {
		fmt.Printf("%s: %s\n", r.Rule, r.Reason)
	}
	// Output:
	// deny
	// consent.missing: no live consent covers +1212…2671 for riverbend, informational, AI voice
	// revoked: the person opted out on 2026-11-18 (all automated, row 1); only a renewed consent that names it lifts this
	// dnc.internal: on the seller's do-not-call list since 2026-11-18, row 2
	// reassigned: the Reassigned Numbers Database is queried for the date of a consent, and there is no consent
}

func ExampleFact_Validate() {
	to, err := phone.Parse("+12125552671")
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, 11, 18, 17, 0, 0, 0, time.UTC)
	f := consent.Fact{Type: consent.Scrub, Number: to, Seller: "riverbend", Source: "list_vendor",
		List: consent.ListNational, Result: "perhaps"}
	fmt.Println(f.WithDefaults(now).Validate(now))
	// Output:
	// occurred_at: is required; result: must be one of yes, no; version_date: is required, such as 2006-01-02
}
