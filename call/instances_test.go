package call_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

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
	<-first.Done() // nobody came for it
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
	two.board.Status("", carrier.Status{Call: carrier.CallID(c.SID), State: carrier.Completed}) // or it would wait to be asked what comes next
	one.hangUpAll()
	if rec = one.now(c); rec.Outcome != string(call.AgentEnded) || rec.Instance != "there" {
		t.Errorf("the instance without the stream writes %q over it", rec.Outcome)
	}
	if calls, _, err := one.db.Calls().List(one.ctx, calllog.Filter{}); err != nil || len(calls) != 1 {
		t.Errorf("%d calls in the log, %v: want one", len(calls), err)
	}
	noFaults(t, c)
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
