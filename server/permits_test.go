package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/permits"
)

// openPermits is a site that issues permits.
func openPermits(t *testing.T) *site {
	t.Helper()
	s := open(t)
	service, err := permits.New(permits.Config{Gate: s.gate, Store: s.db.Permits(), Sellers: sellers, Key: make([]byte, 32), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	s.config.Permits = service
	s.web = s.make()
	return s
}

const permitBody = `{"to":"` + caller + `","from":"` + number + `","agent":"support","purpose":"informational","contains_marketing":false`

func TestIssueAPermit(t *testing.T) {
	t.Parallel()
	s := openPermits(t)
	got := s.order("POST", "/v1/permits", permitBody+`,"callback_url":"https://dialer.example/revoked"}`)
	if got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	issued := decode[api.PermitIssued](t, got)
	p := issued.Permit
	if !strings.HasPrefix(p.ID, "permit_") || !strings.HasPrefix(p.Secret, "whsec_") || time.Until(p.ExpiresAt) > time.Minute {
		t.Errorf("the permit: %+v", p)
	}
	if issued.Decision.Outcome != consent.Allow || issued.Decision.Seq == 0 {
		t.Errorf("the decision: %+v", issued.Decision)
	}
	if d := issued.Duties; len(d) < 3 || !strings.Contains(d[0].Say, "This is Riverbend Dental") && !strings.Contains(d[0].Say, "this is Riverbend Dental") ||
		!strings.Contains(d[2].Do, "leave no voicemail message: hang up") {
		t.Errorf("the duties: %+v", issued.Duties)
	}
	if n := len(s.desk.placed()); n > 0 {
		t.Errorf("%d calls were placed", n)
	}
	plain := s.order("POST", "/v1/permits", permitBody+`}`)
	if plain.status != 201 || decode[api.PermitIssued](t, plain).Permit.Secret != "" {
		t.Errorf("without a callback: %d %s", plain.status, plain.body)
	}
}

func TestPermitsAreRefusedAsCallsAre(t *testing.T) {
	t.Parallel()
	s := openPermits(t)
	for outcome, status := range map[consent.Outcome]int{consent.Deny: 403, consent.Hold: 409, consent.Defer: 409} {
		s.law.say(outcome)
		got := s.order("POST", "/v1/permits", permitBody+`}`)
		isProblem(t, got, status, "")
		if d := decode[document](t, got).Decision; d == nil || d.Outcome != outcome {
			t.Errorf("%s: %s", outcome, got.body)
		}
	}
	for body, fields := range map[string]string{
		`{}`:                      "to agent purpose",
		permitBody + `,"more":1}`: "more",
		permitBody + `,"callback_url":"http://dialer.example/"}`: "callback_url",
		permitBody + `,"callback_url":7}`:                        "callback_url",
	} {
		wrongs(t, s.order("POST", "/v1/permits", body), strings.Fields(fields)...)
	}
	s.book.gone.Store(true)
	isProblem(t, s.order("POST", "/v1/permits", permitBody+`}`), 503, "ledger")
}

func TestReportOnAPermit(t *testing.T) {
	t.Parallel()
	s := openPermits(t)
	id := decode[api.PermitIssued](t, s.order("POST", "/v1/permits", permitBody+`}`)).Permit.ID
	path := "/v1/permits/" + id + "/events"
	now := time.Now().UTC().Format(time.RFC3339)
	created := `{"id":"1","type":"created","at":"` + now + `","call_ref":"sip-1"}`
	for _, test := range []struct {
		path, body string
		want       int
	}{
		{path, created, 201}, {path, created, 201},
		{path, `{"id":"2","type":"created","at":"` + now + `","call_ref":"sip-2"}`, 409},
		{path, `{"id":"3","type":"opted_out","at":"` + now + `","call_ref":"sip-1","words":"stop calling"}`, 201},
		{path, `{"id":"4","type":"ended","at":"` + now + `","call_ref":"sip-1","outcome":"opted_out"}`, 201},
		{"/v1/permits/permit_x/events", created, 404},
	} {
		if got := s.order("POST", test.path, test.body); got.status != test.want {
			t.Errorf("%s: %d %s, want %d", test.body, got.status, got.body, test.want)
		}
	}
	for body, fields := range map[string]string{
		`{}`: "id call_ref type at",
		`{"id":"5","type":"sold","at":"` + now + `","call_ref":"sip-1"}`:                               "type",
		`{"id":"5","type":"created","at":"2030-01-01T00:00:00Z","call_ref":"sip-1"}`:                   "at",
		`{"id":"5","type":"created","at":"2020-01-01T00:00:00Z","call_ref":"sip-1"}`:                   "at",
		`{"id":"5","type":"created","at":"` + now + `","call_ref":"sip-1","words":"x"}`:                "words",
		`{"id":"5","type":"created","at":"` + now + `","call_ref":"sip-1","outcome":"busy"}`:           "outcome",
		`{"id":"5","type":"ended","at":"` + now + `","call_ref":"sip-1","outcome":"sold"}`:             "outcome",
		`{"id":"5","type":"created","at":"` + now + `","call_ref":"` + strings.Repeat("x", 256) + `"}`: "call_ref",
		`{"id":"5","type":"created","at":"` + now + `","call_ref":"sip-1","to":"12"}`:                  "to",
	} {
		wrongs(t, s.order("POST", path, body), strings.Fields(fields)...)
	}
	history := s.order("GET", "/v1/consent/"+caller, "")
	for _, want := range []string{`"type":"claimed"`, `"type":"revoke"`, `"permit_status":"ended"`} {
		if !strings.Contains(history.body, want) {
			t.Errorf("the history lacks %s: %s", want, history.body)
		}
	}
}
