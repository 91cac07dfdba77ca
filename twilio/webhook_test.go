package twilio

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseVoice(t *testing.T) {
	got, err := ParseVoice(url.Values{
		"CallSid": {callSID}, "AccountSid": {account}, "From": {"+14155550142"}, "To": {"+14155550100"},
		"Direction": {"inbound"}, "CallStatus": {"ringing"}, "ForwardedFrom": {"+14155550143"}, "ParentCallSid": {"CA9"},
		"StirVerstat": {"TN-Validation-Passed-A"}, "AnsweredBy": {"human"}, "ErrorCode": {"11200"},
		"DialCallStatus": {"no-answer"}, "DialBridged": {"false"}, "Digits": {"5#"}, "SomethingNew": {"x"},
	})
	want := Voice{
		CallSID: callSID, AccountSID: account, From: "+14155550142", To: "+14155550100", Direction: "inbound", Status: Ringing,
		ForwardedFrom: "+14155550143", ParentCallSID: "CA9", StirVerstat: "TN-Validation-Passed-A", AnsweredBy: "human",
		ErrorCode: 11200, DialStatus: NoAnswer, DialBridged: "false", Digits: "5#",
	}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestParseStatus(t *testing.T) {
	got, err := ParseStatus(url.Values{
		"CallSid": {strings.ToUpper(callSID)}, "AccountSid": {account}, "CallStatus": {"busy"}, "SequenceNumber": {"3"},
		"CallDuration": {"61"}, "SipResponseCode": {"486"}, "ErrorCode": {""}, "AnsweredBy": {"machine_start"},
	})
	want := Status{
		CallSID: CallSID(strings.ToUpper(callSID)), AccountSID: account, Status: Busy, SequenceNumber: 3,
		CallDuration: 61 * time.Second, SIPResponseCode: 486, AnsweredBy: "machine_start",
	}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = ParseStatus(url.Values{"CallSid": {callSID}, "CallStatus": {"queued"}})
	if want := (Status{CallSID: callSID, Status: Queued, SequenceNumber: -1}); err != nil || got != want {
		t.Errorf("the least: %+v, %v", got, err)
	}
}

func TestParseStreamEvent(t *testing.T) {
	got, err := ParseStreamEvent(url.Values{
		"CallSid": {callSID}, "StreamSid": {streamSID}, "StreamName": {"x"}, "StreamEvent": {"stream-error"}, "StreamError": {"31920"},
	})
	want := StreamStatus{CallSID: callSID, StreamSID: streamSID, Name: "x", Event: "stream-error", Error: "31920"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Every wrong field is named, with what it should be and without what it is.
func TestWrongFields(t *testing.T) {
	form := url.Values{
		"CallSid": {"CA+14155550142"}, "SequenceNumber": {"+14155550142"}, "CallDuration": {"-1"}, "SipResponseCode": {"many"}, "ErrorCode": {"99999999999"},
	}
	_, err := ParseStatus(form)
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{`CallSid: want "CA" and 32 hex digits`, "CallStatus is missing", "SequenceNumber: want", "CallDuration: want", "SipResponseCode: want", "ErrorCode: want"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "4155550142") {
		t.Errorf("a value is in %v", err)
	}
	if _, err := ParseVoice(form); err == nil || strings.Count(err.Error(), "want") != 2 {
		t.Errorf("voice: %v", err)
	}
	if _, err := ParseStreamEvent(url.Values{"CallSid": {callSID}}); err == nil || !strings.Contains(err.Error(), "StreamEvent is missing") {
		t.Errorf("stream event: %v", err)
	}
}

func TestParseCallSID(t *testing.T) {
	for _, good := range []string{callSID, "CA" + strings.Repeat("aF09", 8)} {
		if got, err := ParseCallSID(good); err != nil || string(got) != good {
			t.Errorf("%s: %s, %v", good, got, err)
		}
	}
	for _, bad := range []string{"", "CA", callSID[:33], callSID + "0", "ca" + callSID[2:], "MZ" + callSID[2:], "CA" + strings.Repeat("g", 32), "CA../../../../../../../../../../../"} {
		if got, err := ParseCallSID(bad); err == nil {
			t.Errorf("%q is taken as %s", bad, got)
		}
	}
}

func TestTerminal(t *testing.T) {
	for status, want := range map[CallStatus]bool{
		Queued: false, Initiated: false, Ringing: false, InProgress: false,
		Completed: true, Busy: true, NoAnswer: true, Canceled: true, Failed: true, "new": false,
	} {
		if status.Terminal() != want {
			t.Errorf("%s: %v", status, !want)
		}
	}
}

func FuzzParseWebhooks(f *testing.F) {
	f.Add("CallSid=" + callSID + "&CallStatus=busy&SequenceNumber=1&CallDuration=3&StreamEvent=stream-started")
	f.Add("CallSid=CA&SequenceNumber=-1&ErrorCode=1e9")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		_, sidErr := ParseCallSID(form.Get("CallSid"))
		v, err := ParseVoice(form)
		if err == nil && (sidErr != nil || string(v.CallSID) != form.Get("CallSid")) {
			t.Errorf("%q: voice %+v", body, v)
		}
		s, err := ParseStatus(form)
		if err == nil && (sidErr != nil || s.Status == "" || s.CallDuration < 0 || s.SequenceNumber < -1) {
			t.Errorf("%q: status %+v", body, s)
		}
		e, err := ParseStreamEvent(form)
		if diff := cmp.Diff(form.Get("StreamEvent"), e.Event); err == nil && diff != "" {
			t.Error(diff)
		}
	})
}
