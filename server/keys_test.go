package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// createKey has the bootstrap key make another, and returns how to ask with it.
func (s *site) createKey(name, body string) func(method, path, body string) answer {
	s.Helper()
	got := s.order("POST", "/v1/keys", `{"name":"`+name+`",`+body+`}`)
	made := decode[api.KeyCreated](s, got)
	if got.status != 201 || len(made.Secret) < 60 || made.Key.Name != name || made.Key.By != "bootstrap" || made.Key.State != "live" {
		s.Fatalf("%d %s", got.status, got.body)
	}
	return func(method, path, body string) answer {
		s.Helper()
		r := s.request(method, path, body)
		r.Header.Set("Authorization", "Bearer "+made.Secret)
		return s.do(r)
	}
}

// accesses is who did what, the oldest first, as "key right outcome".
func (s *site) accesses() (list []string) {
	s.Helper()
	facts, _, err := s.book.Ledger.Accesses(s.ctx, consent.AccessFilter{})
	if err != nil {
		s.Fatal(err)
	}
	for _, f := range facts {
		list = append([]string{f.Key + " " + f.Right + " " + f.Outcome}, list...)
	}
	return list
}

// A key opens what it may until it is revoked; two at once let one take the other's place.
func TestKeys(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.createKey("crm-1", `"may":["read","stop"],"for":"30d"`)
	second := s.createKey("crm-2", `"may":["read","stop"]`)
	for _, ask := range []func(string, string, string) answer{first, second} {
		if got := ask("GET", "/v1/calls", ""); got.status != 200 {
			t.Errorf("a list: %d %s", got.status, got.body)
		}
		isProblem(t, ask("POST", "/v1/calls", whole), 403, "lacks the right place")
		isProblem(t, ask("GET", "/v1/keys", ""), 403, "lacks the right admin")
	}
	list := decode[api.KeyList](t, s.order("GET", "/v1/keys", ""))
	if len(list.Keys) != 2 || list.Keys[0].Name != "crm-1" || list.Keys[0].Used == nil || time.Until(list.Keys[0].Expires) < 29*24*time.Hour ||
		time.Until(list.Keys[1].Expires) < 89*24*time.Hour {
		t.Errorf("listed %+v", list)
	}
	isProblem(t, s.order("POST", "/v1/keys", `{"name":"crm-1","may":["read"]}`), 409, "name")
	if got := decode[api.Key](t, s.order("DELETE", "/v1/keys/crm-1", "")); got.State != "revoked" {
		t.Errorf("revoked: %+v", got)
	}
	isProblem(t, first("GET", "/v1/calls", ""), 401, "revoked")
	if got := second("GET", "/v1/calls", ""); got.status != 200 {
		t.Errorf("the other: %d", got.status)
	}
	isProblem(t, s.order("DELETE", "/v1/keys/nobody", ""), 404, "key")
	isProblem(t, s.order("DELETE", "/v1/keys/bootstrap", ""), 409, "BRIDGE_API_TOKEN")
	s.exec(`update api_keys set expires_at = now() - interval '1 second' where name = 'crm-2'`)
	isProblem(t, second("GET", "/v1/calls", ""), 401, "expired")
}

// Every wrong field of a key is named, and no key makes one that may do more.
func TestKeysThatAreNotMade(t *testing.T) {
	t.Parallel()
	s := open(t)
	wrongs(t, s.order("POST", "/v1/keys", `{"name":"Crm 1","may":["read","fly"],"seller":["nobody"],"for":"1s","colour":"red"}`),
		"colour", "name", "may", "seller", "for")
	for body, field := range map[string]string{
		`{"name":"bootstrap","may":["read"]}`:                   "name",
		`{"name":"x"}`:                                          "may",
		`{"name":"x","may":[]}`:                                 "may",
		`{"name":"x","may":"read"}`:                             "may",
		`{"name":"x","may":["erase"],"seller":["riverbend"]}`:   "may",
		`{"name":"x","may":["metrics"],"seller":["riverbend"]}`: "may",
		`{"name":"x","may":["read"],"for":"99999d"}`:            "for",
		`{"name":"x","may":["read"],"for":"9999999999999999d"}`: "for",
		`{"name":"x","may":["read"],"seller":["riverbend",""]}`: "seller",
		`{"name":"x\u0000","may":["read"]}`:                     "name",
	} {
		wrongs(t, s.order("POST", "/v1/keys", body), field)
	}
	admin := s.createKey("admin", `"may":["admin","read"]`)
	wrongs(t, admin("POST", "/v1/keys", `{"name":"x","may":["read","erase"]}`), "may")
	if got := admin("POST", "/v1/keys", `{"name":"x","may":["read"]}`); got.status != 201 {
		t.Errorf("what it may: %d %s", got.status, got.body)
	}
	if got := s.accesses(); fmt.Sprint(got) != "[bootstrap admin granted admin admin granted]" {
		t.Errorf("recorded: %v", got)
	}
}

// With stop a key records refusals and nothing else; consent includes it.
func TestStopIsNotConsent(t *testing.T) {
	t.Parallel()
	s := open(t)
	stops, agrees := s.createKey("stops", `"may":["stop"]`), s.createKey("agrees", `"may":["consent"]`)
	for _, kind := range []string{"revoke", "dnc_add"} {
		for who, ask := range map[string]func(string, string, string) answer{"stops": stops, "agrees": agrees} {
			if got := ask("POST", "/v1/consent/events", stop(kind)); got.status != 201 {
				t.Errorf("%s: %s: %d %s", who, kind, got.status, got.body)
			}
		}
	}
	for _, body := range []string{agreed, "[" + stop("revoke") + "," + agreed + "]"} {
		isProblem(t, stops("POST", "/v1/consent/events", body), 403, "lacks the right consent")
	}
	if got := agrees("POST", "/v1/consent/events", agreed); got.status != 201 {
		t.Errorf("a grant with consent: %d %s", got.status, got.body)
	}
}

// call writes a call into the log.
func (s *site) call(id, agent, from, text string) {
	s.Helper()
	c := calllog.Call{ID: id, Version: 1, Direction: calllog.Inbound, From: from, To: number, Agent: agent, Voice: "evi", Status: "completed",
		Outcome: calllog.OutcomeCallerHungUp, StartedAt: time.Now(), TwilioCallSID: "CA" + id}
	said := calllog.Entry{Seq: 1, Kind: calllog.KindCaller, Text: text}
	if err := s.db.Calls().Apply(s.ctx, []calllog.Change{{CallID: id, Call: &c}, {CallID: id, Entry: &said}}); err != nil {
		s.Fatal(err)
	}
}

// Without numbers none is shown in full, wherever an answer has one.
func TestNumbersAreMasked(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.call("call_1", "support", caller, "ring me at "+caller)
	if got := s.order("POST", "/v1/consent/events", "["+agreed+","+stop("revoke")+"]"); got.status != 201 {
		t.Fatal(got.body)
	}
	masks := s.createKey("masked", `"may":["read","export","place","recordings","consent"]`)
	shows := s.createKey("shown", `"may":["read","export","numbers"]`)
	for _, path := range []string{"/v1/calls", "/v1/calls/call_1", "/v1/calls/call_1/events", "/v1/consent/" + caller, "/v1/consent/export"} {
		got := masks("GET", path, "")
		if got.status != 200 || strings.Contains(got.body, caller) || path != "/v1/consent/export" && !strings.Contains(got.body, "+1415…0142") {
			t.Errorf("%s without numbers: %d %s", path, got.status, got.body)
		}
		if got := shows("GET", path, ""); got.status != 200 || !strings.Contains(got.body, caller) {
			t.Errorf("%s with numbers: %d %s", path, got.status, got.body)
		}
	}
	got := masks("GET", "/v1/consent/export", "")
	if r, err := proof.VerifyExport(strings.NewReader(got.body)); err != nil || !r.OK {
		t.Errorf("the masked export does not verify: %+v, %v", r, err)
	}
	if got := masks("POST", "/v1/calls", whole); got.status != 403 || strings.Contains(got.body, caller) {
		t.Errorf("a call that is refused: %d %s", got.status, got.body)
	}
}

// What is recorded is recorded before it is done: without the ledger nothing is.
func TestWhoDidWhat(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.call("call_1", "support", caller, "hello")
	desk := s.createKey("desk", `"may":["read","speak","export","erase","consent","recordings"]`)
	lacks := s.createKey("lacks", `"may":["read"]`)
	erase := "/v1/consent/" + caller + "?why=asked"
	for range 3 {
		isProblem(t, lacks("DELETE", erase, ""), 403, "erase")
	}
	desk("GET", "/v1/consent/export?number=%2B14152350142", "")
	desk("POST", "/v1/calls/call_1/say", `{"text":"hello"}`)
	desk("POST", "/v1/calls/call_1/hangup", "")
	desk("POST", "/v1/calls/nobody/hangup", "")
	desk("DELETE", erase, "")
	want := []string{"bootstrap admin granted", "bootstrap admin granted", "lacks erase refused", "desk export granted", "desk speak granted",
		"desk speak granted", "desk erase granted"}
	if got := s.accesses(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("recorded:\n%q, want\n%q", got, want)
	}
	list := decode[api.AccessList](t, s.order("GET", "/v1/audit?number=%2B14152350142", ""))
	if len(list.Accesses) != 4 || list.Accesses[1].CallID != "call_1" || list.Accesses[1].Route != "POST /v1/calls/{id}/hangup" ||
		len(list.Accesses[0].Person) != 64 || list.Accesses[0].Right != "erase" {
		t.Errorf("about the number: %+v", list)
	}
	list = decode[api.AccessList](t, s.order("GET", "/v1/audit?key=desk&right=speak&call=call_1&limit=1&since=2026-01-01", ""))
	if len(list.Accesses) != 1 || list.Next == "" {
		t.Errorf("a page: %+v", list)
	}
	list = decode[api.AccessList](t, s.order("GET", "/v1/audit?key=desk&right=speak&limit=1&cursor="+list.Next, ""))
	if len(list.Accesses) != 1 || list.Accesses[0].Route != "POST /v1/calls/{id}/say" {
		t.Errorf("the next page: %+v", list)
	}
	wrongs(t, s.order("GET", "/v1/audit?since=x&number=1&limit=0&cursor=x&colour=red", ""), "colour", "cursor", "limit", "number", "since")

	s.book.gone.Store(true)
	for _, ask := range []struct{ method, path, body string }{{"GET", "/v1/consent/export", ""}, {"DELETE", erase, ""},
		{"POST", "/v1/calls/call_1/say", `{"text":"hello"}`}, {"POST", "/v1/calls/call_1/hangup", ""}} {
		isProblem(t, desk(ask.method, ask.path, ask.body), 503, "the consent ledger can't record this access at the moment: nothing was done")
	}
	isProblem(t, lacks("DELETE", erase, ""), 403, "erase")
}

// To lift a refusal is an override, and recorded.
func TestOverridesAreRecorded(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.order("POST", "/v1/consent/events", stop("revoke"))
	lift := `{"type":"dnc_remove","number":"` + caller + `","seller":"riverbend","occurred_at":"2026-11-20T10:00:00Z","source":"phone","renews":1,"by":"Ana",
		"reason":"rang and asked","evidence":{"method":"phone","text":"Please call me again."}}`
	if got := s.order("POST", "/v1/consent/events?dry_run=true", lift); got.status != 200 || len(s.accesses()) != 0 {
		t.Errorf("a dry run: %d %s, recorded %v", got.status, got.body, s.accesses())
	}
	if got := s.order("POST", "/v1/consent/events", lift); got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := s.accesses(); fmt.Sprint(got) != "[bootstrap override granted]" {
		t.Errorf("recorded: %v", got)
	}
}

// A request with a right that has gone is a request without it: a database that is away
// lets in who was let in before, and nobody else.
func TestKeysWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	s := open(t)
	watch := s.createKey("watch", `"may":["metrics"]`)
	other := s.createKey("other", `"may":["metrics"]`)
	if got := watch("GET", "/metrics", ""); got.status != http.StatusOK {
		t.Fatal(got.body)
	}
	s.db.Close()
	if got := watch("GET", "/metrics", ""); got.status != http.StatusOK {
		t.Errorf("a key that was used before: %d %s", got.status, got.body)
	}
	isProblem(t, other("GET", "/metrics", ""), 503, "verified at the moment")
	if got := s.order("GET", "/metrics", ""); got.status != http.StatusOK {
		t.Errorf("the bootstrap key: %d", got.status)
	}
}
