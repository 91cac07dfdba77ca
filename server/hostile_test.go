package server_test

import (
	"fmt"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/hostile"
	"github.com/patchcord/patchcord/permits"
	"github.com/patchcord/patchcord/server"
)

// fieldsOf is, for each route that takes a body, documents with one field that is filled.
var fieldsOf = map[string][]string{
	"POST /v1/calls": {
		`{"to":"` + callee + `","agent":"reminders","purpose":"informational","variables":{"name":%}}`,
		`{"to":"` + callee + `","agent":"reminders","purpose":"informational","variables":{%:"Dana"}}`,
		`{"to":"` + callee + `","agent":"reminders","purpose":"informational","subject":%}`,
		`{"to":%}`, `{"agent":%}`, `{"from":%}`, `{"purpose":%}`, `{"location":{"state":%}}`, `{"location":{"zone":%}}`, `{%:1}`, `%`,
	},
	"POST /v1/consent/check":       {`{"to":"` + callee + `","agent":"reminders","variables":{"name":%}}`, `{"intents":[{"to":%}]}`, `{"intents":[{%:1}]}`, `{"at":%}`},
	"POST /v1/consent/events":      {`{"type":%}`, `[{"type":"revoke","number":%}]`, `{"type":"revoke","number":"` + callee + `","seller":"riverbend","source":"phone","note":%}`, `{"type":"grant","evidence":{"text":%}}`, `{"words":%}`},
	"POST /v1/calls/{id}/say":      {`{"text":%}`, `{%:"x"}`},
	"POST /v1/calls/{id}/hangup":   {`%`},
	"POST /v1/calls/{id}/transfer": {`{"to":%}`, `{"to":"x","summary":%}`},
	"POST /v1/campaigns/release":   {`{"seller":%}`, `{"seller":"riverbend","agent":"reminders","purpose":"informational","by":%,"reason":"x"}`},
	"POST /v1/consent/links":       {`{"number":%}`, `{"number":"` + callee + `","seller":"riverbend","purposes":[%],"renews":1}`, `{"seller":%}`},
	"POST /v1/consent/holds": {`{"number":%}`, `{"call":%,"name":"n","reason":"r"}`, `{"number":"` + callee + `","name":%,"reason":"r"}`,
		`{"number":"` + callee + `","name":"n","reason":%}`, `{"number":"` + callee + `","name":"n","reason":"r","by":%}`},
	"POST /v1/consent/holds/{seq}/release": {`{"reason":%}`, `{"reason":"r","by":%}`},
	"POST /v1/reminders": {reminderOf(`"key":%`), reminderOf(`"subject":%`), reminderOf(`"variables":{"a":%}`), reminderOf(`"variables":{%:"a"}`), reminderOf(`"location":{"state":%}`),
		reminderOf(`"location":{"zone":%}`), `{"due_at":%}`, `[{%:1}]`},
	"POST /v1/permits":             {permitBody + `,"subject":%}`, permitBody + `,"variables":{"a":%}}`, permitBody + `,"callback_url":%}`, `{%:1}`},
	"POST /v1/permits/{id}/events": {`{"id":%,"type":"created","at":"2026-12-01T00:00:00Z"}`, `{"id":"a","type":%}`, `{"id":"a","type":"created","call_ref":%}`, `{"words":%}`},
	"POST /v1/keys":                {`{"name":%,"may":["read"]}`, `{"name":"a","may":[%]}`, `{"name":"a","may":["read"],"seller":[%]}`, `{"name":"a","may":["read"],"for":%}`},
}

// reminderOf is a reminder with a field more.
func reminderOf(field string) string {
	return `{"to":"` + callee + `","agent":"support","purpose":"informational","contains_marketing":false,"due_at":"2099-01-01T12:00:00Z",` + field + `}`
}

const callee = caller

// openAll is a site that has every route.
func openAll(t *testing.T) (s *site, operators, webhooks []string) {
	t.Helper()
	s = withReminders(t, false)
	service, err := permits.New(permits.Config{Gate: s.gate, Store: s.db.Permits(), Sellers: sellers, Key: make([]byte, 32), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	s.config.Permits = service
	operators, webhooks, _ = server.Patterns(*s.config)
	s.config.Registry = prometheus.NewRegistry()
	s.web = s.make()
	return s, operators, webhooks
}

// path is one that a route takes.
func path(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	return method, strings.NewReplacer("{id}", "x", "{seq}", "1", "{number}", callee, "{name}", "x", "{token}", "x").Replace(path)
}

// Whatever a field holds is refused or taken, and never an error of the bridge's: a text that
// the database can't hold is no reason to ask again for ever. A route without documents fails.
func TestHostileFields(t *testing.T) {
	t.Parallel()
	s, operators, _ := openAll(t)
	for _, pattern := range operators {
		method, path := path(pattern)
		if len(fieldsOf[pattern]) == 0 && method == "POST" {
			t.Errorf("%s: no hostile field is sent to it", pattern)
		}
		for _, document := range fieldsOf[pattern] {
			for _, in := range hostile.Texts() {
				got := s.order(method, path, hostile.Fill(document, in.Text))
				if got.status >= 500 && got.status != 501 || got.status == 202 && strings.ContainsAny(in.Text, "\x00\x1b") {
					t.Errorf("%s %s: %s: %d %s", path, document, in.Name, got.status, got.body)
				}
				plain(t, path+": "+in.Name, got)
			}
		}
	}
}

// parameters are all that an operator's route may have, where it refuses others.
var parameters = []string{"limit", "cursor", "id", "agent", "outcome", "direction", "live", "twilio_call_sid", "status", "to", "key", "right", "call", "number", "since", "until",
	"seller", "type", "sealed", "dry_run", "via"}

// Whatever stands in an address is refused or not found: in its path and in every parameter that
// a route knows.
func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	s, operators, _ := openAll(t)
	segment := regexp.MustCompile(`\{\w+\}`)
	looks := map[string][]string{"DELETE /v1/consent/{number}": {"why", "without"}, "GET /v1/calls/{id}/recording": {"message"}, "GET /v1/consent/holds": {"cursor"}, "GET /optin/{token}": {"lang"}}
	for _, pattern := range append(operators, "GET /optin/{token}", "POST /optin/{token}") {
		method, route, _ := strings.Cut(pattern, " ")
		_, known := path(pattern)
		addresses := []string{}
		for _, name := range looks[pattern] {
			addresses = append(addresses, known+"?why=asked&"+name+"=%")
		}
		if route != known {
			addresses = append(addresses, segment.ReplaceAllLiteralString(route, "%"))
		}
		unknown := func(name string) bool {
			return strings.Contains(s.order(method, known+"?"+name+"=x", "").body, "unknown parameter")
		}
		if method != "POST" && unknown("nothing") { // else it looks at none, or at those that it names
			for _, name := range parameters {
				if !unknown(name) {
					addresses = append(addresses, known+"?"+name+"=%")
				}
			}
		}
		for _, address := range addresses {
			for _, in := range hostile.Texts() {
				got := s.order(method, strings.ReplaceAll(address, "%", url.PathEscape(in.Text)), "")
				if got.status >= 500 {
					t.Errorf("%s %s: %s: %d %s", method, address, in.Name, got.status, got.body)
				}
				plain(t, pattern+": "+in.Name, got)
			}
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
	s, operators, _ := openAll(t)
	many := hostile.JSON()
	var unknown strings.Builder
	for i := range 300_000 {
		fmt.Fprintf(&unknown, `,"f%d":1`, i)
	}
	many = append(many, hostile.Input{Name: "300,000 unknown fields", Text: "{" + unknown.String()[1:] + "}"},
		hostile.Input{Name: "1,000 events of 100 unknown fields", Text: "[" + strings.TrimSuffix(strings.Repeat("{"+unknown.String()[1:1000]+":1},", 1000), ",") + "]"})
	for _, in := range many {
		for _, pattern := range operators {
			method, path := path(pattern)
			if method != "POST" {
				continue
			}
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
	s, _, webhooks := openAll(t)
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
		for _, pattern := range webhooks {
			_, path := path(pattern)
			if path == "/twilio/sms" {
				continue // below
			}
			path += "?call=x&try=y"
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
