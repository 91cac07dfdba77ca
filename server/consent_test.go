package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/server"
)

// stop is an event of a type that needs little.
func stop(kind string) string {
	return `{"type":"` + kind + `","number":"` + caller + `","seller":"riverbend","occurred_at":"2026-01-02T15:04:05Z","source":"phone"}`
}

// agreed is a grant with all that one may have.
const agreed = `{"type":"grant","number":"` + caller + `","seller":"riverbend","occurred_at":"2026-01-02T15:04:05Z","source":"web_form","tier":"written","purposes":["informational"],
	"channels":["voice_ai"],"note":"by the front desk","evidence":{"method":"web_form","text":"I agree that Riverbend Dental LLC may call me.","url":"https://riverbend.example","ip":"203.0.113.7",
	"user_agent":"Mozilla/5.0","signature":"ticked box","verified_by":"one-time code"}}`

// rows counts the ledger's rows about the caller.
func (s *site) rows() int {
	s.Helper()
	facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
	if err != nil {
		s.Fatal(err)
	}
	return len(facts)
}

func TestRecordEvents(t *testing.T) {
	t.Parallel()
	s := open(t)
	one := s.order("POST", "/v1/consent/events", agreed)
	r := decode[consent.Receipt](t, one)
	if one.status != 201 || r.Seq != 1 || len(r.Hash) != 64 {
		t.Fatalf("one: %d %s", one.status, one.body)
	}
	many := s.order("POST", "/v1/consent/events", " \n["+stop("revoke")+","+stop("dnc_add")+"]")
	if list := decode[[]consent.Receipt](t, many); many.status != 201 || len(list) != 2 || list[0].Seq != 2 || list[1].Seq != 3 || list[0].Hash == list[1].Hash {
		t.Fatalf("two: %d %s", many.status, many.body)
	}
	facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
	if err != nil || len(facts) != 3 {
		t.Fatalf("%d facts, %v", len(facts), err)
	}
	f := facts[0]
	if f.Type != consent.Grant || f.Tier != consent.Written || f.Actor != "api" || f.Evidence == nil || f.Evidence.IP != "203.0.113.7" || f.Note != "by the front desk" || len(f.Channels) != 1 {
		t.Errorf("got %+v", f)
	}
	if facts[1].Scope != consent.AllAutomated {
		t.Errorf("a revocation that says no scope has %q", facts[1].Scope)
	}
	if got := s.order("POST", "/v1/calls", whole); got.status != 403 {
		t.Errorf("a call after the revocation: %d", got.status)
	}
}

// Nothing is written unless all is valid, and each wrong field is named by its place.
func TestEventsAreAllOrNone(t *testing.T) {
	t.Parallel()
	s := open(t)
	change := func(old, now string) string { return strings.Replace(agreed, old, now, 1) }
	for body, fields := range map[string]string{
		``: "body", `7`: "body", `{`: "body", `[`: "body", `[{]`: "body", `[]`: "body", `{} {}`: "body", `[]x`: "body", `null`: "body",
		`[7]`:                                  "[0]",
		`[` + agreed + `,null]`:                "[1]",
		`[` + agreed + `,{"type":"nonsense"}]`: "[1].type",
		`[` + stop("dnc_add") + `,` + stop("nonsense") + `]`: "[1].type",
		stop("decision"): "type", stop("permit"): "type", stop("opening_played"): "type", stop("optout_in_call"): "type", stop("erasure"): "type",
		change(`"web_form"`, `7`):                                                    "source",
		change(caller, "(415) 555-0142"):                                             "number",
		change("2026-01-02T15:04:05Z", "yesterday"):                                  "occurred_at",
		change("2026-01-02T15:04:05Z", "2026-1-2"):                                   "occurred_at",
		change(`["voice_ai"]`, `"voice_ai"`):                                         "channels",
		change(`["informational"]`, `[1]`):                                           "purposes",
		change(`"riverbend"`, `"nobody"`):                                            "seller",
		change(`"note"`, `"seq":9,"hash":"x","decision":{},"note"`):                  "seq hash decision",
		change(`"note"`, `"actor":"gate","note"`):                                    "actor",
		change(`"method"`, `"colour":1,"method"`):                                    "evidence.colour",
		change(`"203.0.113.7"`, `7`):                                                 "evidence.ip",
		change(`"by the front desk"`, `"`+strings.Repeat("x", 4001)+`"`):             "note",
		`[` + change(`"tier"`, `"teir"`) + `,` + change(`"seller"`, `"seler"`) + `]`: "[0].teir [0].tier [1].seler [1].seller",
	} {
		wrongs(t, s.order("POST", "/v1/consent/events", body), strings.Fields(fields)...)
	}
	thousand := strings.Repeat(stop("revoke")+",", 1000)
	wrongs(t, s.order("POST", "/v1/consent/events", "["+thousand+stop("revoke")+"]"), "body")
	isProblem(t, s.order("POST", "/v1/consent/events", `[`+strings.Repeat(" ", 4<<20)+`]`), 413, "larger")
	wrongs(t, s.order("POST", "/v1/consent/events?dry_run=maybe&x=1", stop("revoke")), "dry_run", "x")
	if n := s.rows(); n != 0 {
		t.Errorf("%d rows were written", n)
	}
	if got := s.order("POST", "/v1/consent/events?dry_run=true", "["+stop("revoke")+"]"); got.status != 200 || s.rows() != 0 {
		t.Errorf("a dry run: %d %s, %d rows", got.status, got.body, s.rows())
	}
	if got := s.order("POST", "/v1/consent/events", "["+strings.TrimSuffix(thousand, ",")+"]"); got.status != 201 || s.rows() != 2000 { // each with its entry on the list
		t.Errorf("a thousand: %d, %d rows", got.status, s.rows())
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, o := range []consent.Outcome{consent.Allow, consent.Deny, consent.Hold, consent.Defer} {
		s.law.say(o)
		got := s.order("POST", "/v1/consent/check", whole)
		if d := decode[consent.Decision](t, got); got.status != 200 || d.Outcome != o || d.Seq != 0 || d.Policy == "" {
			t.Errorf("%s: %d %s", o, got.status, got.body)
		}
	}
	s.order("POST", "/v1/consent/events", strings.Replace(stop("revoke"), "riverbend", "harbor", 1))
	s.law.say("")
	harbor := `{"to":"` + caller + `","agent":"harbor","purpose":"financial_alert"}`
	got := s.order("POST", "/v1/consent/check", `{"intents":[`+whole+`,`+harbor+`]}`)
	list := decode[struct{ Decisions []consent.Decision }](t, got).Decisions
	if got.status != 200 || len(list) != 2 || list[0].Outcome != consent.Allow || list[1].Outcome != consent.Deny {
		t.Errorf("two: %d %s", got.status, got.body)
	}
	if s.rows() != 2 || len(s.desk.placed()) != 0 {
		t.Errorf("a check wrote %d rows and placed %d calls", s.rows()-2, len(s.desk.placed()))
	}
}

func TestBadChecks(t *testing.T) {
	t.Parallel()
	s := open(t)
	for body, fields := range map[string]string{
		``: "body", `[]`: "body", `{`: "body", `{}`: "to agent purpose", `{"intents":[]}`: "intents", `{"intents":7}`: "intents", `{"intents":[7]}`: "intents[0]",
		`{"intents":[` + whole + `],"to":"` + caller + `"}`:   "to",
		`{"intents":[` + whole + `,{"to":"12","agent":"x"}]}`: "intents[1].to intents[1].agent intents[1].purpose",
		`{"intents":null}`: "intents to agent purpose",
		`{"intent":[]}`:    "intent to agent purpose",
	} {
		wrongs(t, s.order("POST", "/v1/consent/check", body), strings.Fields(fields)...)
	}
	wrongs(t, s.order("POST", "/v1/consent/check", `{"intents":[`+strings.Repeat(whole+",", 1000)+whole+`]}`), "intents")
	isProblem(t, s.order("POST", "/v1/consent/check", strings.Repeat(" ", 4<<20+1)), 413, "larger")
}

func TestShowConsent(t *testing.T) {
	t.Parallel()
	s := open(t)
	type history struct {
		Number string
		State  json.RawMessage
		Events []map[string]any
	}
	path := "/v1/consent/" + caller
	got := s.order("GET", path, "")
	if h := decode[history](t, got); got.status != 200 || h.Number != caller || len(h.State) == 0 || h.Events == nil || len(h.Events) != 0 {
		t.Errorf("of nobody: %d %s", got.status, got.body)
	}
	s.order("POST", "/v1/consent/events", agreed)
	s.order("POST", "/v1/calls", whole)
	for _, path := range []string{path, "/v1/consent/" + url.QueryEscape(caller)} {
		got = s.order("GET", path, "")
		h := decode[history](t, got)
		var types []string
		for _, e := range h.Events {
			types = append(types, fmt.Sprint(e["type"]))
			if e["seq"] == nil || e["hash"] == nil || e["number"] != caller {
				t.Errorf("%s: an event is %v", path, e)
			}
		}
		if got.status != 200 || strings.Join(types, " ") != "grant decision permit" {
			t.Errorf("%s: %d %q %s", path, got.status, types, h.State)
		}
	}
	for _, n := range []string{"x", "14155550142", "%2B1415", "+1415555014212345", "+1%20415"} {
		wrongs(t, s.order("GET", "/v1/consent/"+n, ""), "number")
		wrongs(t, s.order("DELETE", "/v1/consent/"+n+"?why=asked", ""), "number")
	}
	s.book.gone.Store(true)
	isProblem(t, s.order("GET", path, ""), 503, "ledger")
}

func TestEraseConsent(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.order("POST", "/v1/consent/events", "["+agreed+","+stop("revoke")+"]")
	path := "/v1/consent/" + caller
	for _, why := range []string{"", "?why=", "?why=" + strings.Repeat("x", 201), "?why=number+4152350142"} {
		wrongs(t, s.order("DELETE", path+why, ""), "why")
	}
	got := s.order("DELETE", path+"?why=the+person+asked", "")
	if e := decode[api.Erasure](t, got); got.status != 200 || e.Seq != 5 || e.Status != api.ErasureDone || len(e.Hash) != 64 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	got = s.order("GET", path, "")
	if strings.Contains(got.body, "203.0.113.7") || strings.Contains(got.body, "front desk") || !strings.Contains(got.body, `"type":"revoke"`) {
		t.Errorf("after it: %s", got.body)
	}
	if got := s.order("POST", "/v1/calls", whole); got.status != 403 {
		t.Errorf("a call after it: %d", got.status)
	}
	if v := decode[proof.VerifyResult](t, s.order("GET", "/v1/consent/verify", "")); !v.OK {
		t.Errorf("after it the chain is %+v", v)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := decode[proof.VerifyResult](t, s.order("GET", "/v1/consent/verify", ""))
	if !v.OK || v.Rows != 0 {
		t.Errorf("of nothing: %+v", v)
	}
	r := decode[consent.Receipt](t, s.order("POST", "/v1/consent/events", agreed))
	got := s.order("GET", "/v1/consent/verify", "")
	if v = decode[proof.VerifyResult](t, got); !v.OK || v.Rows != 1 || v.Head != r.Hash {
		t.Errorf("of one row: %s", got.body)
	}
	s.exec(`do $$ begin set session_replication_role = replica; update consent_ledger set seller = 'harbor'; end $$`)
	got = s.order("GET", "/v1/consent/verify", "")
	if v = decode[proof.VerifyResult](t, got); got.status != 200 || v.OK || v.FirstBad != 1 || v.Problem == "" {
		t.Errorf("of a changed row: %d %s", got.status, got.body)
	}
	s.book.gone.Store(true)
	isProblem(t, s.order("GET", "/v1/consent/verify", ""), 503, "ledger")
}

func TestExport(t *testing.T) {
	t.Parallel()
	s := open(t)
	if got := s.order("GET", "/v1/consent/export?seller=harbor", ""); got.status != 200 || got.body != "" || got.header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("of nothing: %d %q %s", got.status, got.body, got.header.Get("Content-Type"))
	}
	other := strings.Replace(strings.Replace(agreed, "riverbend", "harbor", 1), caller, "+14152350143", 1)
	s.order("POST", "/v1/consent/events", "["+agreed+","+other+","+stop("revoke")+"]")
	for query, want := range map[string]int{"?from=2&until=5": 4, "?number=" + url.QueryEscape(caller): 3, "?seller=harbor": 1, "?from=3&until=5": 3, "?until=1": 1, "?linked=true&seller=harbor&until=5": 5} {
		got := s.order("GET", "/v1/consent/export"+query, "")
		lines := 0
		for sc := bufio.NewScanner(strings.NewReader(got.body)); sc.Scan(); lines++ {
			if !json.Valid(sc.Bytes()) {
				t.Errorf("%s: a line is %q", query, sc.Text())
			}
		}
		if got.status != 200 || lines != want {
			t.Errorf("%s: %d, %d lines, want %d", query, got.status, lines, want)
		}
		if r, err := proof.VerifyExport(strings.NewReader(got.body)); err != nil || !r.OK {
			t.Errorf("%s: it does not verify: %+v, %v", query, r, err)
		}
	}
	if got := s.order("GET", "/v1/consent/export?sealed=true", ""); strings.Contains(got.body, "203.0.113.7") || strings.Contains(got.body, caller) {
		t.Error("a sealed export holds what is personal")
	}
	for _, query := range []string{"seller=nobody", "seller=nobody&linked=true"} {
		wrongs(t, s.order("GET", "/v1/consent/export?"+query, ""), "seller")
	}
	wrongs(t, s.order("GET", "/v1/consent/export?number=12&seller=&from=0&until=x&linked=2&sealed=&colour=red", ""), "colour", "from", "linked", "number", "sealed", "seller", "until")
	s.book.gone.Store(true)
	isProblem(t, s.order("GET", "/v1/consent/export", ""), 503, "ledger")
}

// A ledger that hangs is given up in time.
func TestLedgerThatHangs(t *testing.T) {
	t.Parallel()
	s := open(t)
	locker := postgrestest.Open(t, postgrestest.SuperuserURL(t, s.url))
	held := make(chan struct{})
	defer close(held)
	go func() {
		sql := locker.SQL()
		defer sql.Close()
		tx, err := sql.Begin()
		if err == nil {
			defer tx.Rollback()
			_, err = tx.Exec(`lock table consent_ledger, ledger_head in access exclusive mode`)
		}
		if err != nil {
			t.Error(err)
		}
		held <- struct{}{}
		<-held
	}()
	<-held
	for path, body := range map[string]string{"/v1/calls": whole, "/v1/consent/check": whole, "/v1/consent/events": stop("revoke")} {
		began := time.Now()
		isProblem(t, s.order("POST", path, body), 503, "ledger")
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: it took %s", path, took)
		}
	}
}

// An erasure reaches what was said in calls with the number, also what is yet to be written.
// While the call log is away nothing is erased.
func TestEraseReachesTheCallLog(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	away.Store(true)
	now := time.Now()
	head := calllog.Call{ID: "call_1", Version: 1, Direction: calllog.Inbound, From: caller, To: number, Agent: "support", Outcome: calllog.OutcomeFailed, StartedAt: now, EndedAt: &now}
	line := calllog.Entry{Seq: 1, Kind: calllog.KindCaller, Text: "I am Dana."}
	s := openWith(t, func(c *server.Config) {
		c.Flush = func(ctx context.Context) error {
			if away.Load() {
				return errors.New("away")
			}
			return c.Calls.Apply(ctx, []calllog.Change{{Call: &head}, {CallID: head.ID, Entry: &line}})
		}
	})
	s.order("POST", "/v1/consent/events", agreed)
	path := "/v1/consent/" + caller
	isProblem(t, s.order("DELETE", path+"?why=asked", ""), 503, "not everything is erased")
	if got := s.order("GET", path, ""); strings.Contains(got.body, "erasure") {
		t.Errorf("the ledger has %s", got.body)
	}
	away.Store(false)
	if got := s.order("DELETE", path+"?why=asked", ""); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	away.Store(true)
	if got := s.order("GET", "/v1/calls/call_1", ""); strings.Contains(got.body, "Dana") || !strings.Contains(got.body, calllog.Erased) || strings.Contains(got.body, caller) {
		t.Errorf("the log has %s", got.body)
	}
}
