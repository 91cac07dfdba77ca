package call_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// order is a request of an operator's; it returns the status and the body.
func (r *rig) order(method, path, body string) (status int, answer map[string]any) {
	r.Helper()
	req, err := http.NewRequestWithContext(r.ctx, method, r.web.URL+path, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+apiToken)
	res, err := r.web.Client().Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		r.Errorf("%s %s: %v", method, path, err)
	}
	return res.StatusCode, answer
}

// echoes counts the marks that have come back.
func echoes(c *twiliotest.Call) (n int) {
	for _, m := range c.Timeline() {
		if m.Event == twiliotest.Echo {
			n++
		}
	}
	return n
}

// listens makes an instance obey the orders that come through the database.
func (r *rig) listens() {
	ctx, cancel := context.WithCancel(r.ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := r.db.ListenCommands(ctx, r.board.Obey); ctx.Err() == nil {
			r.Error(err)
		}
	})
	r.Cleanup(func() { cancel(); wg.Wait() })
}

// An operator speaks through the agent of a live call, and ends it.
func TestOperator(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{})
	c, agent := r.connected()
	r.until("the agent listens", func() bool { return len(r.now(c).ChatIDs) == 1 })
	id := r.now(c).ID
	if status, _ := r.order("POST", "/v1/calls/"+id+"/say", `{"text":"`+private+`"}`); status != 202 {
		t.Errorf("say: %d", status)
	}
	r.until("the agent is asked to say it", func() bool { return len(agent.sent("assistant_input")) == 1 })
	if got := agent.sent("assistant_input")[0].Fields["text"]; got != private {
		t.Errorf("the agent is asked to say %q", got)
	}
	if status, _ := r.order("POST", "/v1/calls/"+id+"/hangup", ""); status != 202 {
		t.Errorf("hangup: %d", status)
	}
	<-c.Done()
	if got := c.Ended(); got != "hangup" {
		t.Errorf("the call was ended by %q", got)
	}
	rec := r.record(c)
	if rec.Outcome != string(call.AgentEnded) || len(entries(rec, calllog.KindNote)) != 2 {
		t.Errorf("the outcome is %q, with the notes %+v", rec.Outcome, entries(rec, calllog.KindNote))
	}
	for _, verb := range []string{"hangup", "say"} {
		if status, problem := r.order("POST", "/v1/calls/"+id+"/"+verb, `{"text":"Hello?"}`); status != 409 || problem["status"] != 409.0 {
			t.Errorf("%s after the end: %d, %v", verb, status, problem)
		}
	}
	if status, _ := r.order("POST", "/v1/calls/call_unknown/hangup", ""); status != 404 {
		t.Errorf("an unknown call: %d", status)
	}
}

// A call that has no stream yet can't be spoken to; that it ends is asked of
// Twilio.
func TestOperatorHangsUpEarly(t *testing.T) {
	t.Parallel()
	phone := &twiliotest.Phone{AuthToken: authToken, AccountSID: "AC00000000000000000000000000000001"}
	rest := twiliotest.NewAPI(phone)
	web := httptest.NewServer(rest)
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections() // of twilio's client
		web.Close()
	})
	r := newRig(t, plan{configure: func(c *call.Config) {
		client, err := twilio.NewClient(twilio.Config{AccountSID: phone.AccountSID, AuthToken: authToken, BaseURL: web.URL})
		if err != nil {
			t.Fatal(err)
		}
		c.Twilio = client
	}})
	answered(r.board.Answer(twilio.Voice{CallSID: someSID, From: caller, To: number}))
	id := r.now(&twiliotest.Call{SID: someSID}).ID
	if status, _ := r.order("POST", "/v1/calls/"+id+"/say", `{"text":"Hello?"}`); status != 409 {
		t.Errorf("say: %d, want 409", status)
	}
	if status, _ := r.order("POST", "/v1/calls/"+id+"/hangup", ""); status != 202 {
		t.Errorf("hangup: %d, want 202", status)
	}
	if asked := rest.Requests(); len(asked) != 1 || !strings.Contains(asked[0].Path, someSID) || asked[0].Form.Get("Status") != "completed" {
		t.Errorf("Twilio was asked %+v", asked)
	}
	rest.Fail(twiliotest.Failure{Status: 500, Code: 20500, Message: "no"})
	if status, _ := r.order("POST", "/v1/calls/"+id+"/hangup", ""); status != 503 {
		t.Errorf("hangup while Twilio is out of order: %d, want 503", status)
	}
}

// Two instances share a database. A call is announced to one and its stream comes
// to the other; an operator who asks either is obeyed by the one that has it.
func TestTwoInstances(t *testing.T) {
	t.Parallel()
	at := postgrestest.URL(t)
	one := newRig(t, plan{url: at})
	two := newRig(t, plan{url: at, configure: func(c *call.Config) { c.Instance = "there" }})
	one.listens()
	two.listens()
	across := &twiliotest.Phone{Bridge: front(t, one, two), Public: public, AuthToken: authToken}
	c, err := across.Dial(one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	first, agent := one.chat(), two.chat()
	agent.reply(t, "a", "Hello.", 440, 300*time.Millisecond)
	one.until("the agent is heard", func() bool { return heardTone(c.Heard(), 440) >= 280*time.Millisecond })
	rec := two.now(c)
	if rec.Instance != "there" || rec.From != caller || rec.Status != "in-progress" {
		t.Errorf("%+v", rec)
	}
	if status, _ := one.order("POST", "/v1/calls/"+rec.ID+"/say", `{"text":"Do you hear me?"}`); status != 202 {
		t.Errorf("say: %d", status)
	}
	one.until("the agent is asked to say it", func() bool { return len(agent.sent("assistant_input")) == 1 })
	if status, _ := one.order("POST", "/v1/calls/"+rec.ID+"/hangup", ""); status != 202 {
		t.Errorf("hangup: %d", status)
	}
	<-c.Done()
	if got := c.Ended(); got != "hangup" { // whichever instance was asked what comes next
		t.Errorf("the call was ended by %q", got)
	}
	if rec = two.record(c); rec.Outcome != string(call.AgentEnded) {
		t.Errorf("the outcome is %q", rec.Outcome)
	}
	two.board.Status(twilio.Status{CallSID: twilio.CallSID(c.SID), Status: twilio.Completed}) // or it would wait to be asked what comes next
	one.hangUpAll()                                                                           // and lets the agent go that nobody came for
	<-first.Done()
	if rec = one.now(c); rec.Outcome != string(call.AgentEnded) || rec.Instance != "there" {
		t.Errorf("the instance without the stream writes %q over it", rec.Outcome)
	}
	if calls, _, err := one.db.Calls().List(one.ctx, calllog.Filter{}); err != nil || len(calls) != 1 {
		t.Errorf("%d calls in the log, %v: want one", len(calls), err)
	}
	noFaults(t, c)
}

// Postgres is away for a while in mid-call. The call goes on, another can begin,
// and afterwards nothing is missing in the log.
func TestDatabaseIsAway(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(postgrestest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	v := newValve(t, u.Host)
	u.Host = v.Addr()
	r := newRig(t, plan{url: u.String()})
	c, agent := r.connected()
	agent.reply(t, "a", "Before.", 440, 200*time.Millisecond)
	r.until("the agent is heard", func() bool { return heardTone(c.Heard(), 440) >= 180*time.Millisecond })
	r.now(c)

	v.Cut()
	agent.reply(t, "b", "Meanwhile.", 700, 300*time.Millisecond)
	agent.Transcribe("I see.", false, nil)
	other, otherAgent := r.connected()
	otherAgent.reply(t, "c", "Hello.", 1000, 300*time.Millisecond)
	r.until("both are heard", func() bool {
		return echoes(c) == 2 && echoes(other) == 1
	})
	if err := r.db.Ping(r.ctx); err == nil {
		t.Error("the database was there all the time")
	}
	other.HangUp()
	<-other.Done()
	again := other.Params()["token"]
	if ws := r.deafSocket(); again != "" {
		say(t, ws, started(other.SID, again))
		if _, _, err := ws.ReadMessage(); err == nil {
			t.Error("a token serves twice while the database is away")
		}
	}
	v.Mend()
	c.HangUp()
	<-c.Done()

	rec, late := r.record(c), r.record(other)
	for _, text := range []string{"Before.", "Meanwhile."} {
		if said(t, rec, text).Heard != calllog.HeardFull {
			t.Errorf("%s isn't logged as heard", text)
		}
	}
	if len(entries(rec, calllog.KindCaller)) != 1 || said(t, late, "Hello.").Heard != calllog.HeardFull || late.Outcome != string(call.CallerHungUp) {
		t.Errorf("%+v\n%+v", rec.Entries, late)
	}
	if r.log.Lost() != 0 || r.log.Rejected() != 0 {
		t.Errorf("%d entries lost, %d rejected", r.log.Lost(), r.log.Rejected())
	}
	noFaults(t, c, other)
}

// front is a load balancer that sends webhooks to one instance and media sockets
// to the other.
func front(t *testing.T, one, two *rig) string {
	t.Helper()
	proxy := func(r *rig) http.Handler {
		at, err := url.Parse(r.web.URL)
		if err != nil {
			t.Fatal(err)
		}
		return httputil.NewSingleHostReverseProxy(at)
	}
	mux := http.NewServeMux()
	mux.Handle("/", proxy(one))
	mux.Handle("/twilio/media", proxy(two))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}
