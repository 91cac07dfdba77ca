package consent_test

import (
	"fmt"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

func ExampleLoadPolicy() {
	_, err := consent.LoadPolicy([]byte(`
switched_off: [consent]
caps: {scrub_days: 90}
`))
	fmt.Println(err)
	// Output:
	// policy: name: is missing: decisions name the policy that switches off a rule or allows more
	// policy: line 2: switched_off: "consent" can't be switched off: consent always applies
	// policy: line 3: caps.scrub_days: 90 is out of bounds: want 1 to 31, 47 CFR 64.1200(c)(2)(i)(D)
}

// A person of Florida is called at ten in the evening.
func ExamplePolicy_Decide() {
	to, err := phone.Parse("+13055552671")
	if err != nil {
		fmt.Println(err)
		return
	}
	req := consent.Request{To: to, Purpose: consent.Informational, Location: consent.Location{State: "FL",
		Zone: "America/New_York"}}
	d := consent.Builtin().Decide(req, consent.Snapshot{}, time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC))
	for _, r := range d.Failing() {
		if r.Rule == "hours.state.FL" {
			fmt.Println(r.Reason)
			fmt.Println(r.Citation)
			fmt.Println(r.RetryAt)
		}
	}
	// Output:
	// it is 22:00 in New York (Florida); calls are allowed 08:00–20:00
	// Fla. Stat. 501.616(6)
	// 2026-11-25 13:00:00 +0000 UTC
}
