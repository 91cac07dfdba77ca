package call_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// attestations is what Twilio says of a caller's number (StirVerstat), and whether the number
// is the caller's by it.
var attestations = []struct {
	stir  string
	holds bool
}{
	{"TN-Validation-Passed-A", true},
	{"TN-Validation-Passed-A-Diverted", false}, // of whoever forwarded the call
	{"TN-Validation-Passed-A-Passthrough", false},
	{"TN-Validation-Passed-B", false},
	{"TN-Validation-Passed-C", false},
	{"TN-Validation-Failed-A", false},
	{"TN-Validation-Failed-B", false},
	{"TN-Validation-Failed-C", false},
	{"TN-Validation-Failed", false},
	{"No-TN-Validation", false},
	{"tn-validation-passed-a", false}, // no word of Twilio's
	{"", false},
}

// What the carrier says of a caller's number is in the log, and in every fact of the call.
func TestAttestationIsWrittenDown(t *testing.T) {
	for _, a := range attestations {
		t.Run(a.stir, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				d.phone.Attestation = a.stir
				c, p := d.connected()
				d.pass(1200 * time.Millisecond)
				says(d, c, p)
				<-c.Done()
				if got := d.record(c).Attestation; got != a.stir {
					d.Errorf("the log has %q", got)
				}
				facts := d.ledger.Facts()
				if len(facts) == 0 {
					d.Error("the ledger has nothing")
				}
				for _, f := range facts {
					if f.Attestation != a.stir || f.Via != consent.ViaCall {
						d.Errorf("%s has the attestation %q, via %q", f.Type, f.Attestation, f.Via)
					}
				}
			})
		})
	}
}
