package twiliocarrier

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twilio"
)

const public = "https://voice.example.test"

func number(t testing.TB, s string) phone.Number {
	t.Helper()
	n, err := phone.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDocuments(t *testing.T) {
	transfer := carrier.Transfer{To: number(t, "+14155550199"), Ring: 25 * time.Second, Call: "call_1", Try: 2}
	screened := transfer
	screened.CallerID, screened.Screened = "+14155550100", true
	for _, tt := range []struct {
		step carrier.Step
		want []string // in this order
	}{
		{carrier.Connect{Token: "secret"}, []string{`<Response><Connect action="` + public + `/twilio/next">`, `<Stream`,
			`url="wss://voice.example.test/twilio/media"`,
			`<Parameter`, `value="secret"`, `<Hangup/></Response>`}},
		{carrier.Connect{Token: "secret", Digits: "1w2#"}, []string{`<Play digits="1w2#"/><Connect`}},
		{carrier.Reject{}, []string{`<Response><Reject reason="rejected"/></Response>`}},
		{carrier.Reject{Busy: true}, []string{`<Response><Reject reason="busy"/></Response>`}},
		{carrier.HangUp{}, []string{`<Response><Hangup/></Response>`}},
		{carrier.Say{Text: "Sorry & goodbye.", Then: "+14155550199"},
			[]string{`<Say>Sorry &amp; goodbye.</Say><Dial>+14155550199</Dial><Hangup/>`}},
		{transfer, []string{`<Dial`, `/twilio/whisper?call=call_1&amp;try=2&amp;answered=1`, `+14155550199</Number>`}},
		{screened, []string{`callerId="+14155550100"`, `url="` + public + `/twilio/whisper?call=call_1&amp;try=2"`}},
		{carrier.Screen{Text: "A call for you.", Call: "call_1", Try: 2, Patience: 5 * time.Second},
			[]string{`action="` + public + `/twilio/whisper?call=call_1&amp;try=2&amp;accepted=1"`,
				`<Say>A call for you.</Say></Gather><Hangup/>`}},
		{carrier.Join{}, []string{`<Response/>`}},
		{carrier.Document{Text: "<Response><Pause/></Response>"}, []string{"<Response><Pause/></Response>"}},
	} {
		doc, err := Documents{public}.Write(tt.step)
		if err != nil {
			t.Errorf("%#v: %v", tt.step, err)
		}
		rest := doc
		for _, want := range tt.want {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Errorf("%#v is %s, without %s", tt.step, doc, want)
				break
			}
			rest = after
		}
	}
	for _, bad := range []carrier.Step{nil, carrier.Connect{Token: strings.Repeat("x", 500)},
		carrier.Connect{Digits: "12a"}} {
		if doc, err := (Documents{public}).Write(bad); err == nil {
			t.Errorf("%#v is %s", bad, doc)
		}
	}
}

func TestIncoming(t *testing.T) {
	got := Incoming(twilio.Voice{CallSID: "CA1", From: "+14155550142", To: "+14155550100", Direction: "inbound",
		Status: twilio.Ringing, StirVerstat: carrier.PassedA})
	want := carrier.Incoming{Call: "CA1", From: "+14155550142", To: "+14155550100", Inbound: true,
		State: carrier.Ringing, Attestation: carrier.PassedA}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, tt := range []struct {
		status  twilio.CallStatus
		bridged string
		want    carrier.TransferResult
	}{
		{"", "", ""}, {twilio.Completed, "true", carrier.TransferTaken}, {twilio.Answered, "", carrier.TransferTaken},
		{twilio.Completed, "false", carrier.TransferNotAccepted}, {twilio.Busy, "", carrier.TransferBusy},
		{twilio.NoAnswer, "", carrier.TransferNoAnswer},
		{twilio.Canceled, "", carrier.TransferCanceled}, {twilio.Failed, "", carrier.TransferFailed},
		{"new", "", carrier.TransferFailed},
	} {
		if got := Incoming(twilio.Voice{DialStatus: tt.status, DialBridged: tt.bridged}).Transfer; got != tt.want {
			t.Errorf("%s, bridged %q, is %q, want %q", tt.status, tt.bridged, got, tt.want)
		}
	}
}

func TestStatus(t *testing.T) {
	for _, tt := range []struct {
		status    twilio.CallStatus
		code, sip int
		want      carrier.Status
	}{
		{twilio.InProgress, 0, 0, carrier.Status{State: carrier.InProgress}},
		{twilio.Failed, 0, 503, carrier.Status{State: carrier.Failed, SIP: 503}},
		{twilio.Failed, 0, 404, carrier.Status{State: carrier.Failed, SIP: 404, Fault: carrier.FaultNumber}},
		{twilio.Failed, 13224, 503, carrier.Status{State: carrier.Failed, SIP: 503, Code: 13224, Fault: carrier.FaultNumber}},
	} {
		if got := Status(twilio.Status{Status: tt.status, ErrorCode: tt.code, SIPResponseCode: tt.sip}); got != tt.want {
			t.Errorf("%+v, want %+v", got, tt.want)
		}
	}
}
