package server_test

import (
	"strings"
	"testing"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres"
)

// What is whispered of a call comes from what the instances share. Who is rung on behalf
// of a call that nobody knows is hung up.
func TestWhisper(t *testing.T) {
	t.Parallel()
	s := open(t)
	if err := s.db.SetNext(s.ctx, "whisper/call_1/1", postgres.Next{Document: "<Response><Say>Dana.</Say></Response>"}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // Twilio may ask again
		if all := verbs(t, s.hook("/twilio/whisper?call=call_1&try=1", incoming())); len(all) != 1 || all[0].Text != "Dana." {
			t.Errorf("got %+v", all)
		}
	}
	if all := verbs(t, s.hook("/twilio/whisper?call=call_1&try=1&accepted=1", incoming("Digits", "5"))); len(all) != 0 {
		t.Errorf("whoever takes it follows %+v, want nothing", all)
	}
	for _, path := range []string{"/twilio/whisper", "/twilio/whisper?call=", "/twilio/whisper?call=call_2", "/twilio/whisper?call=call_1&try=2", "/twilio/whisper?call=call_2&accepted=1"} {
		if all := verbs(t, s.hook(path, incoming())); len(all) != 1 || all[0].Name != "Hangup" {
			t.Errorf("%s: got %+v, want to hang up", path, all)
		}
	}
	if got := s.hook("/twilio/whisper?call=call_1&answered=1", incoming("CallStatus", "in-progress")); got.status != 204 {
		t.Errorf("the callback is answered %d", got.status)
	}
	isProblem(t, s.hook("/twilio/whisper?call=call_1", incoming("CallSid", "x")), 400, "CallSid")
}

// An operator names somebody on the list of the call's agent, who is live.
func TestTransferOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.write("lives", 1, func(c *calllog.Call) { c.Instance = "there" })
	s.write("over", 1, func(c *calllog.Call) { c.Outcome = calllog.OutcomeAgentEnded })
	for _, tt := range []struct {
		path, body string
		status     int
		detail     string
	}{
		{"lives", `{"to":"+14155550188"}`, 400, "want sales, support"},
		{"lives", `{"to":"boss"}`, 400, "want sales, support"},
		{"lives", `{}`, 400, "want sales, support"},
		{"lives", `{"to":"sales","why":"x"}`, 400, "the body must be"},
		{"lives", `"sales"`, 400, "the body must be"},
		{"lives", `{"to":"sales","summary":"` + strings.Repeat("x", 601) + `"}`, 400, "summary is 601 bytes"},
		{"over", `{"to":"sales"}`, 409, "not live"},
		{"nobody", `{"to":"sales"}`, 404, "unknown call"},
	} {
		a := s.order("POST", "/v1/calls/"+tt.path+"/transfer", tt.body)
		isProblem(t, a, tt.status, tt.detail)
		if strings.Contains(a.body, "0188") {
			t.Errorf("the answer has the number in it: %s", a.body)
		}
	}
	if a := s.order("POST", "/v1/calls/lives/transfer", `{"to":"sales","summary":"Dana"}`); a.status != 202 { // told to whoever holds it
		t.Errorf("%d %s", a.status, a.body)
	}
}
