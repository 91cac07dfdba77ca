package consent

import "slices"

// Duty names what a call has to do, for the program that carries it: it obeys the
// name, never the words of a reason.
type Duty string

// The duties of a call.
const (
	DutyIdentify  Duty = "identify"   // say first who is calling: 47 CFR 64.1200(b)(1)
	DutyCallback  Duty = "callback"   // give the seller's telephone number: (b)(2)
	DutySalesCall Duty = "sales_call" // say that it is one: 16 CFR 310.4(d)
	DutyOptOut    Duty = "optout"     // say how to stop the calls, and take it at any time: (b)(3)
	// a message on a machine is allowed, and gives the toll-free number: (b)(3)
	DutyVoicemailOptOut Duty = "voicemail_optout"
	DutyNoVoicemail     Duty = "no_voicemail"     // leave no message on a machine
	DutyAI              Duty = "ai"               // say that an AI is speaking
	DutyEmergencyText   Duty = "emergency_text"   // say the approved text, Result.Say
	DutyRecordingNotice Duty = "recording_notice" // say that the call is recorded, before it is
)

// Owes tells whether a duty comes with the decision.
func (d Decision) Owes(duty Duty) bool {
	return slices.ContainsFunc(d.Duties, func(r Result) bool { return r.Duty == duty })
}

// Owed is the names of all duties that come with the decision, in their order.
func (d Decision) Owed() []Duty {
	var list []Duty
	for _, r := range d.Duties {
		if r.Duty != "" {
			list = append(list, r.Duty)
		}
	}
	return list
}
