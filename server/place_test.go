package server_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

const whole = `{"to":"` + caller + `","from":"` + number + `","agent":"support","purpose":"informational","contains_marketing":false,
	"subject":"appointment","variables":{"name":"Dana","visits":2,"new":true},"location":{"state":"CA","zone":"America/Los_Angeles"}}`

func TestPlaceACall(t *testing.T) {
	t.Parallel()
	s := open(t)
	got := s.order("POST", "/v1/calls", whole)
	if got.status != 202 || got.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	placed := decode[api.Placed](t, got)
	if placed.Call.ID == "" || placed.Call.Status != "queued" || placed.Call.To != caller || placed.Decision.Outcome != consent.Allow || placed.Decision.AsOf < 0 || placed.Decision.Policy == "" {
		t.Errorf("got %s", got.body)
	}
	orders := s.desk.placed()
	want := call.Order{To: mustNumber(caller), From: mustNumber(number), Agent: "support", Purpose: consent.Informational, Subject: "appointment",
		Variables: map[string]string{"name": "Dana", "visits": "2", "new": "true"}, Location: consent.Location{State: "CA", Zone: "America/Los_Angeles"}}
	if len(orders) != 1 || fmt.Sprintf("%+v", orders[0]) != fmt.Sprintf("%+v", want) || orders[0].To != want.To || orders[0].From != want.From {
		t.Errorf("placed %+v, want %+v", orders, want)
	}
}

// What is not said is filled in as strictly as it can be.
func TestPlaceWithTheLeast(t *testing.T) {
	t.Parallel()
	s := open(t)
	for body, want := range map[string]struct {
		from      string
		purpose   consent.Purpose
		marketing bool
	}{
		`{"to":"` + caller + `","agent":"support","purpose":"informational"}`:                                              {number, consent.Informational, true},
		`{"to":"` + caller + `","agent":"reminders","from":"+14155550102"}`:                                                {"+14155550102", consent.Informational, true},
		`{"to":"` + caller + `","agent":"reminders","from":"+14155550102","purpose":"telemarketing"}`:                      {"+14155550102", consent.Telemarketing, true},
		`{"to":"` + caller + `","agent":"mute","from":"+14155550199","purpose":"research","subject":null}`:                 {"+14155550199", consent.Research, true},
		`{"to":"` + caller + `","agent":"harbor","purpose":"financial_alert","contains_marketing":false}`:                  {"+14155550109", consent.FinancialAlert, false},
		`{"to":"` + caller + `","agent":"quiet","from":"+14155550199"}`:                                                    {"+14155550199", consent.Informational, false},
		`{"to":"` + caller + `","agent":"quiet","from":"+14155550199","contains_marketing":true}`:                          {"+14155550199", consent.Informational, true},
		"\n {\"to\":\"" + caller + `","agent":"harbor","purpose":"financial_alert","location":{"zone":"America/Denver"}} `: {"+14155550109", consent.FinancialAlert, true},
	} {
		if got := s.order("POST", "/v1/calls", body); got.status != 202 {
			t.Errorf("%s: %d %s", body, got.status, got.body)
			continue
		}
		all := s.desk.placed()
		if o := all[len(all)-1]; o.From.E164() != want.from || o.Purpose != want.purpose || o.Marketing != want.marketing {
			t.Errorf("%s: placed from %s, %s, %t; want %+v", body, o.From.E164(), o.Purpose, o.Marketing, want)
		}
	}
}

// Every field that is wrong is named at once, and nothing is placed.
func TestPlaceNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	s := open(t)
	long := strings.Repeat("x", 201)
	base := `"agent":"support","purpose":"informational"`
	for body, fields := range map[string]string{
		``: "body", `{"to":`: "body", `[]`: "body", `null`: "body", `"to"`: "body", `{}{}`: "body", `{} x`: "body", `{"to":"` + caller + `",}`: "body",
		`{}`: "to agent purpose",
		`{"to":"12","from":"nobody","agent":"no_such_agent","purpose":"fun"}`:                                                    "to agent purpose from",
		`{"to":12,"from":{},"agent":[],"purpose":7,"contains_marketing":"no","subject":1,"variables":"x","location":7,"more":1}`: "more to agent subject variables location purpose contains_marketing from",
		`{"to":"` + caller + `","agent":"reminders"}`:                                                                            "from",
		`{"to":"` + caller + `","agent":"mute","purpose":"research"}`:                                                            "from",
		`{"to":"` + caller + `","to":"` + caller + `",` + base + `}`:                                                             "to",
		`{"TO":"` + caller + `",` + base + `}`:                                                                                   "TO to",
		`{"to":null,` + base + `}`:                                                                                               "to",
		`{"to":"` + caller + `",` + base + `,"subject":"` + long + `"}`:                                                          "subject",
		`{"to":"` + caller + `",` + base + `,"subject":"a\u0000b"}`:                                                              "subject",
		`{"to":"` + caller + `",` + base + `,"location":{"state":"ca","zone":"Mars/Base"}}`:                                      "location.state location.zone",
		`{"to":"` + caller + `",` + base + `,"location":{"state":"CAL","zone":"Local"}}`:                                         "location.state location.zone",
		`{"to":"` + caller + `",` + base + `,"location":{"zone":"../../etc/passwd"}}`:                                            "location.zone",
		`{"to":"` + caller + `",` + base + `,"location":{"city":"Fresno"}}`:                                                      "location.city",
		`{"to":"` + caller + `",` + base + `,"variables":{"a":{},"b":[1],"":"x","c":null}}`:                                      "variables. variables.a variables.b variables.c",
	} {
		got := s.order("POST", "/v1/calls", body)
		wrongs(t, got, strings.Fields(fields)...)
		if strings.Contains(got.body, caller) {
			t.Errorf("%s: the answer repeats a number", body)
		}
	}
	for _, n := range []string{"", " ", "4155550142", "14155550142", "(415) 555-0142", "+1 415 555 0142", "+1-415-555-0142", "tel:+14155550142", "+14155550142;ext=1", "+١٤١٥", "anonymous", "+" + strings.Repeat("1", 16), "00" + caller[1:]} {
		b, _ := json.Marshal(n)
		wrongs(t, s.order("POST", "/v1/calls", `{"to":`+string(b)+`,`+base+`}`), "to")
	}
	isProblem(t, s.order("POST", "/v1/calls", `{"subject":"`+strings.Repeat("x", 70<<10)+`"}`), 413, "larger")
	isProblem(t, s.order("POST", "/v1/calls", strings.Repeat("x", 1<<20)), 413, "larger")
	wrongs(t, s.order("POST", "/v1/calls", strings.Repeat("[", 60<<10)), "body")
	if n := len(s.desk.placed()); n > 0 {
		t.Errorf("%d calls were placed", n)
	}
}

// A refusal has the decision in it, whole.
func TestPlaceRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	for outcome, want := range map[consent.Outcome]struct {
		status int
		rule   string
	}{consent.Deny: {403, "consent.missing"}, consent.Hold: {409, "reassigned"}, consent.Defer: {409, "hours.federal"}} {
		s.law.say(outcome)
		got := s.order("POST", "/v1/calls", whole)
		isProblem(t, got, want.status, want.rule)
		d := decode[document](t, got).Decision
		if d == nil || d.Outcome != outcome || len(d.Results) != 2 || d.Seq == 0 || d.Failing()[0].Rule != want.rule {
			t.Fatalf("%s: got %s", outcome, got.body)
		}
		if retry := got.header.Get("Retry-After"); (retry != "") != (outcome == consent.Defer) || retry != "" && (len(retry) != 4 || retry[:2] != "54" && retry[:2] != "53") {
			t.Errorf("%s: Retry-After is %q", outcome, retry)
		}
		if strings.Contains(got.body, caller) {
			t.Errorf("%s: the refusal repeats the number: %s", outcome, got.body)
		}
	}
}

// No ledger, no call; and what else keeps a call from being placed.
func TestPlaceUnavailable(t *testing.T) {
	t.Parallel()
	s := open(t)
	for want, err := range map[string]error{"ledger": &consent.LedgerError{Err: errors.New("gone")}, "shutting down": call.ErrDraining, "at capacity": call.ErrFull,
		"no consent gate": call.ErrNoGate, "no telephone rang": errors.New("who knows")} {
		s.desk.fails = err
		isProblem(t, s.order("POST", "/v1/calls", whole), 503, want)
	}
	s.desk.fails = &call.OrderError{Fields: []call.FieldError{{Field: "agent", Problem: "calls nobody"}}}
	wrongs(t, s.order("POST", "/v1/calls", whole), "agent")
	s.desk.fails = nil
	s.book.gone.Store(true)
	isProblem(t, s.order("POST", "/v1/calls", whole), 503, "ledger")
	isProblem(t, s.order("POST", "/v1/consent/check", whole), 503, "ledger")
	isProblem(t, s.order("POST", "/v1/consent/events", stop("revoke")), 503, "ledger")
}

// keyed is an order with an Idempotency-Key, at one of several instances.
func (s *site) keyed(base, key, body string) answer {
	s.Helper()
	r := s.request("POST", "/v1/calls", body)
	r.URL.Host = strings.TrimPrefix(base, "http://")
	r.Header.Set("Authorization", "Bearer "+apiToken)
	r.Header.Set("Idempotency-Key", key)
	return s.do(r)
}

// The same key answers the same call, on every instance, also when the requests
// come at once.
func TestSameKeySameCall(t *testing.T) {
	t.Parallel()
	s := open(t)
	other := s.make()
	s.desk.slow = 300 * time.Millisecond
	bodies := make([]string, 12)
	var wg sync.WaitGroup
	for i := range bodies {
		base := []string{s.web.URL, other.URL}[i%2]
		wg.Go(func() {
			got := s.keyed(base, "key "+caller, whole)
			if got.status != 202 {
				t.Errorf("%d %s", got.status, got.body)
			}
			bodies[i] = got.body
		})
	}
	wg.Wait()
	for _, b := range bodies {
		if b != bodies[0] {
			t.Fatalf("got\n%s and\n%s", b, bodies[0])
		}
	}
	if n := len(s.desk.placed()); n != 1 {
		t.Errorf("%d calls were placed", n)
	}
	spaced := strings.ReplaceAll(whole, ":", " : ") // the same request in other bytes
	spaced = strings.Replace(spaced, `"agent" : "support",`, "", 1)
	spaced = strings.Replace(spaced, "{", `{"agent":"support",`, 1)
	if got := s.keyed(other.URL, "key "+caller, spaced); got.body != bodies[0] || got.status != 202 {
		t.Errorf("in other bytes: %d %s", got.status, got.body)
	}
	isProblem(t, s.keyed(other.URL, "key "+caller, strings.Replace(whole, "Dana", "Dora", 1)), 409, "another call")
	if got := s.keyed(s.web.URL, "another key", whole); got.status != 202 || got.body == bodies[0] {
		t.Errorf("another key: %d %s", got.status, got.body)
	}
}

// A denial is kept under its key like a call; what was not decided is not.
func TestWhatIsKeptUnderAKey(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.law.say(consent.Deny)
	first := s.keyed(s.web.URL, "one", whole)
	s.law.say(consent.Allow)
	if again := s.keyed(s.web.URL, "one", whole); again.status != 403 || again.body != first.body || again.header.Get("Content-Type") != first.header.Get("Content-Type") {
		t.Errorf("again: %d %s", again.status, again.body)
	}
	s.desk.fails = call.ErrDraining
	isProblem(t, s.keyed(s.web.URL, "two", whole), 503, "")
	s.desk.fails = nil
	if got := s.keyed(s.web.URL, "two", whole); got.status != 202 {
		t.Errorf("after a 503: %d %s", got.status, got.body)
	}
	wrongs(t, s.keyed(s.web.URL, "three", `{}`), "to", "agent", "purpose")
	if got := s.keyed(s.web.URL, "three", whole); got.status != 202 {
		t.Errorf("after a 400: %d %s", got.status, got.body)
	}
	var rows, clear int
	sql := s.db.SQL()
	defer sql.Close()
	if err := sql.QueryRowContext(s.ctx, `select count(*), count(*) filter (where position('Dana'::bytea in answer) > 0 or position($1::text::bytea in answer) > 0) from idempotency_keys`, caller).Scan(&rows, &clear); err != nil || rows != 3 || clear != 0 {
		t.Errorf("%d rows, %d of them in clear: %v", rows, clear, err)
	}
}

func TestBadKeys(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, key := range []string{"", strings.Repeat("x", 256), "kéy"} {
		wrongs(t, s.keyed(s.web.URL, key, whole), "Idempotency-Key")
	}
	r := s.request("POST", "/v1/calls", whole)
	r.Header.Set("Authorization", "Bearer "+apiToken)
	r.Header["Idempotency-Key"] = []string{"one", "two"}
	wrongs(t, s.do(r), "Idempotency-Key")
	wrongs(t, s.keyed(s.web.URL, "", `{}`), "Idempotency-Key", "to", "agent", "purpose")
	if got := s.keyed(s.web.URL, strings.Repeat("x", 255), whole); got.status != 202 {
		t.Errorf("the longest key: %d %s", got.status, got.body)
	}
}

// Whoever dies over a request leaves its key behind. The ledger tells what became of
// it: a call that was allowed is not placed again, one that was never decided is.
func TestKeyOfTheDead(t *testing.T) {
	t.Parallel()
	s := open(t)
	age := func() {
		s.Helper()
		s.exec(`update idempotency_keys set answer = null, created_at = now() - interval '2 minutes'`)
	}
	first := decode[api.Placed](t, s.keyed(s.web.URL, "key", whole))
	age()
	got := s.keyed(s.web.URL, "key", whole)
	again := decode[api.Placed](t, got)
	if got.status != 202 || again.Call.ID != first.Call.ID || again.Decision.Seq != first.Decision.Seq || again.Decision.Outcome != consent.Allow || len(s.desk.placed()) != 1 {
		t.Errorf("allowed: %d %s", got.status, got.body)
	}
	if kept := s.keyed(s.web.URL, "key", whole); kept.body != got.body {
		t.Errorf("and then %s", kept.body)
	}

	s.exec(`delete from calls`) // the call's head never reached the log
	age()
	again = decode[api.Placed](t, s.keyed(s.web.URL, "key", whole))
	if again.Call.ID != first.Call.ID || again.Call.Outcome != calllog.OutcomeFailed || len(s.desk.placed()) != 1 {
		t.Errorf("without a head: %+v", again)
	}

	s.law.say(consent.Deny)
	s.keyed(s.web.URL, "denied", whole)
	age()
	isProblem(t, s.keyed(s.web.URL, "denied", whole), 403, "consent.missing")
	if n := len(s.desk.placed()); n != 2 {
		t.Errorf("denied: asked %d times, want 2", n)
	}

	s.law.say(consent.Allow)
	s.desk.fails = &call.OrderError{Fields: []call.FieldError{{Field: "agent", Problem: "dies before it is decided"}}}
	s.keyed(s.web.URL, "never", whole)
	s.desk.fails = nil
	age()
	got = s.keyed(s.web.URL, "never", whole)
	orders := s.desk.placed()
	if got.status != 202 || len(orders) != 4 || orders[3].ID != orders[2].ID {
		t.Errorf("never decided: %d %s", got.status, got.body)
	}
}

// A request under way with the same key is waited for, not for ever.
func TestKeyUnderWay(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := decode[api.Placed](t, s.keyed(s.web.URL, "key", whole))
	s.exec(`update idempotency_keys set answer = null`)
	got := s.keyed(s.web.URL, "key", whole)
	isProblem(t, got, 409, "in progress")
	if got.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if n := len(s.desk.placed()); n != 1 || first.Call.ID == "" {
		t.Errorf("%d calls were placed", n)
	}
}
