package call

import (
	"fmt"
	"strings"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Greeting is the opening of an outbound call, in the order of the law: who calls
// (47 CFR 64.1200(b)(1)), within two seconds how to make it stop ((b)(3)), that it is an
// AI, that it records, what for, and how to reach the seller ((b)(2)). What the call is
// about is said in general words: whoever answers hears it.
func Greeting(s consent.Seller, p consent.Purpose, marketing bool) string {
	text := fmt.Sprintf("%s %s %s", whoAndHow(s), sayBoth, reason(p, marketing))
	if !s.Callback.IsZero() {
		text += fmt.Sprintf(" You can also reach us at %s.", spoken(s.Callback))
	}
	return text
}

// MachineMessage is what is left on an answering machine: no word about the person, and
// the toll-free number that leads to the automated opt-out (47 CFR 64.1200(b)(3)).
func MachineMessage(s consent.Seller, p consent.Purpose, marketing bool) string {
	text := fmt.Sprintf("Hello, this is %s, with an automated message in an artificial voice. To stop these calls, call %s, toll-free, at any time. %s",
		s.RegisteredName, spoken(s.TollfreeOptout), reason(p, marketing))
	if !s.Callback.IsZero() {
		text += fmt.Sprintf(" You can reach us at %s.", spoken(s.Callback))
	}
	return text + " Goodbye."
}

// reasons are the purposes as they are said. Debt collection must not be named to whoever
// happens to answer: 15 USC 1692c(b).
var reasons = map[consent.Purpose]string{
	consent.Telemarketing:   "This is a sales call.",
	consent.Informational:   "I'm calling with information for you.",
	consent.Emergency:       "I'm calling about an emergency.",
	consent.Healthcare:      "I'm calling with a health care message.",
	consent.PackageDelivery: "I'm calling about a delivery.",
	consent.FinancialAlert:  "I'm calling with an alert about an account.",
	consent.Nonprofit:       "I'm calling for a nonprofit organization.",
	consent.DebtCollection:  "I'm calling about a personal business matter.",
	consent.Research:        "I'm calling for a survey.",
	consent.Political:       "This is a political call.",
}

func reason(p consent.Purpose, marketing bool) string {
	if marketing {
		p = consent.Telemarketing
	}
	return reasons[p]
}

// spoken is a number for a voice to read: its digits one by one, in groups if it is
// North American.
func spoken(n phone.Number) string {
	digits := strings.TrimPrefix(n.E164(), "+")
	groups := []string{digits}
	if len(digits) == 11 && digits[0] == '1' {
		groups = []string{digits[1:4], digits[4:7], digits[7:]}
	}
	for i, g := range groups {
		groups[i] = strings.Join(strings.Split(g, ""), " ")
	}
	return strings.Join(groups, ", ")
}

// outbound tells whether we placed the call.
func (c *Call) outbound() bool { return c.journal.outbound() }

func (j *journal) outbound() bool { return j.head.Direction == calllog.Outbound }

// firstWords is what is spoken first in a call, nil for nothing. An outbound call always has an
// opening that says all that it has to.
func (p *Profile) firstWords(head *calllog.Call) *Opening {
	o := head.Order
	if head.Direction != calllog.Outbound || o == nil {
		return p.Opening
	}
	s, purpose := p.Seller, consent.Purpose(o.Purpose)
	if p.Opening == nil || o.Say != "" { // an emergency has its own words
		return &Opening{Text: strings.TrimSpace(Greeting(s, purpose, o.Marketing) + " " + o.Say)}
	}
	return completed(*p.Opening, s, o.Marketing || purpose == consent.Telemarketing)
}

// completed is an opening with what it leaves out of what the law wants said spoken before
// it. Whatever that is, who calls and how to stop the calls come first.
func completed(own Opening, s consent.Seller, sale bool) *Opening {
	l := lacks(own.Text, s, sale)
	if l == (lacking{}) {
		return &own
	}
	own.before = whoAndHow(s)
	switch {
	case l.ai && l.recorded:
		own.before += " " + sayBoth
	case l.ai:
		own.before += " I'm an AI assistant."
	case l.recorded:
		own.before += " This call is recorded."
	}
	if l.sale {
		own.before += " " + reasons[consent.Telemarketing]
	}
	return &own
}

// whoAndHow is who calls, and how to make it stop.
func whoAndHow(s consent.Seller) string {
	return fmt.Sprintf("Hello, this is %s. To stop these calls, press 9 or say stop, at any time.", s.RegisteredName)
}

// sayBoth is that an AI speaks, and that the call is recorded.
const sayBoth = "I'm an AI assistant, and this call is recorded."
