package server_test

import (
	"fmt"
	"testing"

	"github.com/patchcord/patchcord/carrier"
)

// What Twilio says of a call that we placed reaches the call by our own id.
func TestOutboundHooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.desk.answers = carrier.HangUp{}
	if all := verbs(t, s.hook("/twilio/answer?call=call_1", incoming("Direction", "outbound-api"))); len(all) != 1 || all[0].Name != "Hangup" {
		t.Errorf("answered: %+v", all)
	}
	for _, by := range []string{"human", "machine_start", ""} {
		if got := s.hook("/twilio/amd?call=call_1", incoming("AnsweredBy", by)); got.status != 204 || got.body != "" {
			t.Errorf("%s: %d %s", by, got.status, got.body)
		}
	}
	want := "[answer call_1 " + someSID + " machine call_1 human machine call_1 machine_start machine call_1 ]"
	if got := fmt.Sprint(s.desk.heard); got != want {
		t.Errorf("heard %s, want %s", got, want)
	}
	isProblem(t, s.hook("/twilio/answer?call=call_1", incoming("CallSid", "nonsense")), 400, "CallSid")
	if got := s.hook("/twilio/amd?call=call_1", incoming("CallSid", "nonsense")); got.status != 204 {
		t.Errorf("of no call: %d", got.status)
	}
	s.desk.answers = nil
	isProblem(t, s.hook("/twilio/answer?call=call_1", incoming("CallSid", "CA00000000000000000000000000000002")), 500, "")
	if got := s.do(s.request("POST", "/twilio/answer?call=call_1", "CallSid="+someSID)); got.status != 403 || got.body != "" {
		t.Errorf("unsigned: %d %q", got.status, got.body)
	}
}
