package server_test

import (
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/hostile"
)

// fieldsOf is a document with one field that is filled, for each route that takes one.
var fieldsOf = map[string][]string{
	"/v1/calls": {
		`{"to":"` + callee + `","agent":"reminders","purpose":"informational","variables":{"name":%}}`,
		`{"to":"` + callee + `","agent":"reminders","purpose":"informational","variables":{%:"Dana"}}`,
		`{"to":"` + callee + `","agent":"reminders","purpose":"informational","subject":%}`,
		`{"to":%}`, `{"agent":%}`, `{"from":%}`, `{"purpose":%}`, `{"location":{"state":%}}`, `{"location":{"zone":%}}`, `{%:1}`, `%`,
	},
	"/v1/consent/check":     {`{"to":"` + callee + `","agent":"reminders","variables":{"name":%}}`, `{"intents":[{"to":%}]}`, `{"intents":[{%:1}]}`, `{"at":%}`},
	"/v1/consent/events":    {`{"type":%}`, `[{"type":"revoke","number":%}]`, `{"type":"revoke","number":"` + callee + `","seller":"riverbend","source":"phone","note":%}`, `{"type":"grant","evidence":{"text":%}}`, `{"words":%}`},
	"/v1/calls/x/say":       {`{"text":%}`, `{%:"x"}`},
	"/v1/calls/x/transfer":  {`{"to":%}`, `{"to":"x","summary":%}`},
	"/v1/campaigns/release": {`{"seller":%}`, `{"seller":"riverbend","agent":"reminders","purpose":"informational","by":%,"reason":"x"}`},
}

const callee = caller

// Whatever a field holds is refused or taken, and never an error of the bridge's: a text that
// the database can't hold is no reason to ask again for ever.
func TestHostileFields(t *testing.T) {
	t.Parallel()
	s := open(t)
	for path, documents := range fieldsOf {
		for _, document := range documents {
			for _, in := range hostile.Texts() {
				got := s.order("POST", path, hostile.Fill(document, in.Text))
				if got.status >= 500 || got.status == 202 && strings.ContainsAny(in.Text, "\x00\x1b") {
					t.Errorf("%s %s: %s: %d %s", path, document, in.Name, got.status, got.body)
				}
				plain(t, path+": "+in.Name, got)
			}
		}
	}
	for _, in := range hostile.Texts() {
		q := url.QueryEscape(in.Text)
		for _, path := range []string{"/v1/calls?text=" + q, "/v1/calls?number=" + q, "/v1/calls?agent=" + q, "/v1/calls?cursor=" + q, "/v1/calls?since=" + q, "/v1/calls?outcome=" + q,
			"/v1/calls/" + url.PathEscape(in.Text), "/v1/consent/" + url.PathEscape(in.Text), "/v1/consent/unclear?kind=" + q, "/v1/consent/export?since=" + q, "/optin/" + url.PathEscape(in.Text)} {
			got := s.order("GET", path, "")
			if got.status >= 500 {
				t.Errorf("GET %s: %s: %d %s", path, in.Name, got.status, got.body)
			}
			plain(t, path, got)
		}
	}
}

// plain looks for bytes in an answer that would act on a terminal.
func plain(t *testing.T, what string, got answer) {
	t.Helper()
	if strings.ContainsAny(got.body, "\x00\x1b\x07\x7f\u009b\u202e\u2066\u2028") {
		t.Errorf("%s: the answer holds a control character: %q", what, got.body)
	}
}

// Whatever a document is as a whole, it is refused within milliseconds and little memory. The
// figure before, for 300,000 unknown fields: 17.7 s and 1 GB.
func TestHostileDocuments(t *testing.T) {
	s := open(t)
	many := hostile.JSON()
	var unknown strings.Builder
	for i := range 300_000 {
		fmt.Fprintf(&unknown, `,"f%d":1`, i)
	}
	many = append(many, hostile.Input{Name: "300,000 unknown fields", Text: "{" + unknown.String()[1:] + "}"},
		hostile.Input{Name: "1,000 events of 100 unknown fields", Text: "[" + strings.TrimSuffix(strings.Repeat("{"+unknown.String()[1:1000]+":1},", 1000), ",") + "]"})
	for _, in := range many {
		for _, path := range []string{"/v1/calls", "/v1/consent/check", "/v1/consent/events", "/v1/permits", "/v1/reminders", "/v1/campaigns/release", "/v1/calls/x/say", "/v1/calls/x/transfer", "/v1/consent/links"} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			begun := time.Now()
			got := s.order("POST", path, in.Text)
			took := time.Since(begun)
			runtime.ReadMemStats(&after)
			if got.status < 400 || got.status >= 500 {
				t.Errorf("%s: %s: %d %.200s", path, in.Name, got.status, got.body)
			}
			if len(got.body) > 100<<10 {
				t.Errorf("%s: %s: an answer of %d bytes", path, in.Name, len(got.body))
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 || took > 2*time.Second {
				t.Errorf("%s: %s: %v and %d MiB", path, in.Name, took, used>>20)
			}
		}
	}
}

// Nobody signs what is hostile: it is 403, with nothing in it. What Twilio signs may hold anything
// that a person can send.
func TestHostileWebhooks(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, in := range append(hostile.Texts(), hostile.Large()...) {
		r := s.request("POST", "/twilio/voice", in.Text)
		r.Header.Set("X-Twilio-Signature", "AAAA")
		if got := s.do(r); got.status != 403 || got.body != "" {
			t.Errorf("unsigned, %s: %d %q", in.Name, got.status, got.body)
		}
		r = s.request("POST", "/hume/webhook", in.Text)
		if got := s.do(r); got.status != 401 && got.status != 413 {
			t.Errorf("Hume, %s: %d", in.Name, got.status)
		}
	}
	for i, in := range hostile.Texts() {
		sid := fmt.Sprintf("CA%032d", 100+i)
		for _, path := range []string{"/twilio/voice", "/twilio/answer?call=x", "/twilio/next", "/twilio/whisper?call=x&try=y", "/twilio/status?call=x", "/twilio/stream", "/twilio/amd?call=x", "/twilio/recording"} {
			for _, field := range []string{"From", "CallStatus", "StirVerstat", "Digits", "StreamError", "AnsweredBy", "DialCallStatus", "CallSid", "CallDuration"} {
				got := s.hook(path, incoming("CallSid", sid, "StreamEvent", "stream-error", field, in.Text))
				if got.status != 200 && got.status != 204 && got.status != 400 && !strings.HasPrefix(path, "/twilio/answer") {
					t.Errorf("%s, %s: %s: %d %s", path, field, in.Name, got.status, got.body)
				}
				plain(t, path, got)
			}
		}
		for _, field := range []string{"Body", "From", "To", "MessageSid", "OptOutType"} {
			got := s.hook("/twilio/sms", url.Values{"From": {caller}, "To": {number}, "MessageSid": {fmt.Sprintf("SM%032d", i)}, "Body": {"STOP " + in.Text}, field: {in.Text}})
			if got.status != 200 {
				t.Errorf("SMS, %s: %s: %d %s", field, in.Name, got.status, got.body)
			}
		}
	}
	if err := s.config.Flush(s.ctx); err != nil {
		t.Errorf("the call log can't hold what Twilio said: %v", err)
	}
}
