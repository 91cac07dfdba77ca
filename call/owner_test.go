package call_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// astray is a call of two instances whose question of what follows goes to the one that has never
// heard of it. Streams go to the one that stream names.
func astray(t *testing.T) (one, two *rig, phone *twiliotest.Phone, stream *atomic.Pointer[rig]) {
	t.Helper()
	at := postgrestest.URL(t)
	one = newRig(t, plan{url: at})
	two = newRig(t, plan{url: at, configure: func(c *call.Config) { c.Instance = "there" }})
	two.listens()
	stream = &atomic.Pointer[rig]{}
	stream.Store(one)
	to := func(r *rig) http.Handler {
		at, err := url.Parse(r.web.URL)
		if err != nil {
			t.Fatal(err)
		}
		return httputil.NewSingleHostReverseProxy(at)
	}
	mux := http.NewServeMux()
	mux.Handle("/", to(one))
	mux.Handle("/twilio/next", to(two))
	mux.HandleFunc("/twilio/media", func(w http.ResponseWriter, r *http.Request) { to(stream.Load()).ServeHTTP(w, r) })
	balancer := httptest.NewServer(mux)
	t.Cleanup(balancer.Close)
	return one, two, &twiliotest.Phone{Bridge: balancer.URL, Public: public, AuthToken: authToken,
		StatusCallback: public + "/twilio/status"}, stream
}

// The instance that has the call gives it another stream, whoever is asked.
func TestTheOwnerIsAskedForAnotherStream(t *testing.T) {
	t.Parallel()
	one, two, phone, _ := astray(t)
	two.board.OwnerWaitFor(patient)
	one.listens()
	c, err := phone.Dial(one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	one.chat().reply(t, "a", "Hello.", 440, 300*time.Millisecond)
	one.until("the agent is heard", func() bool { return heardTone(c.Heard(), 440) >= 280*time.Millisecond })
	c.CutStream()
	one.chat().reply(t, "b", "Here I am.", 700, 300*time.Millisecond)
	one.until("the agent is heard again", func() bool { return heardTone(c.Heard(), 700) >= 280*time.Millisecond })
	if rec := one.now(c); rec.Instance != "here" || rec.Epoch != 0 {
		t.Errorf("the call is at %q, epoch %d", rec.Instance, rec.Epoch)
	}
	c.HangUp()
	<-c.Done()
	if rec := one.record(c); rec.Outcome != string(call.CallerHungUp) {
		t.Errorf("the outcome is %q", rec.Outcome)
	}
	if len(two.chats) != 0 {
		t.Error("the instance that was asked has dialled an agent")
	}
	noFaults(t, c)
}

// If that instance does not answer, the one that is asked takes the call over, and nothing that the
// first does later changes the call.
func TestACallIsTakenOver(t *testing.T) {
	t.Parallel()
	one, two, phone, stream := astray(t) // one does not listen: as if it were gone
	c, err := phone.Dial(one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	one.chat().reply(t, "a", "Hello.", 440, 300*time.Millisecond)
	one.until("the agent is heard", func() bool { return heardTone(c.Heard(), 440) >= 280*time.Millisecond })
	one.until("the log has it", func() bool { return strings.Contains(textsOf(one.now(c)), "Hello.") })
	stream.Store(two)
	c.CutStream()
	agent := two.chat()
	agent.reply(t, "b", "Here I am.", 700, 300*time.Millisecond)
	two.until("the agent is heard again", func() bool { return heardTone(c.Heard(), 700) >= 280*time.Millisecond })
	one.until("one has given the call up", one.board.Idle)
	if rec := one.now(c); rec.Instance != "there" || rec.Epoch != 1 || rec.Outcome != "" {
		t.Errorf("the call is at %q, epoch %d, outcome %q", rec.Instance, rec.Epoch, rec.Outcome)
	}
	c.HangUp()
	<-c.Done()
	<-agent.Done()
	rec := two.record(c)
	if rec.Outcome != string(call.CallerHungUp) || !strings.Contains(textsOf(rec), "Hello.") || !strings.Contains(textsOf(rec), "Here I am.") {
		t.Errorf("the outcome is %q of %s", rec.Outcome, textsOf(rec))
	}
	if all, _, err := two.db.Calls().List(two.ctx, calllog.Filter{}); err != nil || len(all) != 1 {
		t.Errorf("%d records, %v", len(all), err)
	}
	noFaults(t, c)
}

// textsOf is what the log of a call says.
func textsOf(c calllog.Call) string {
	var b strings.Builder
	for _, e := range c.Entries {
		b.WriteString(e.Text + "\n")
	}
	return b.String()
}
