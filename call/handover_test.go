package call_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// pair is two instances behind a load balancer. The first call of each goes where the
// test says.
type pair struct {
	one, two *rig
	phone    *twiliotest.Phone
	second   atomic.Pointer[rig] // who gets the second stream
	streams  atomic.Int64
}

// newPair makes them. Tests of pairs run one after the other: each is two services.
//
// The stream and its end belong to one; the results of transfers, the
// whispers and their callbacks go to two.
func newPair(t *testing.T, more ...func(*call.Config, *call.Profile)) *pair {
	t.Helper()
	at := postgrestest.URL(t)
	p := &pair{}
	instance := func(name string) *rig {
		r := newRig(t, plan{url: at, configure: func(c *call.Config) {
			c.Instance = name
			puttingThrough(c, c.Profiles["support"])
			for _, f := range more {
				f(c, c.Profiles["support"])
			}
		}})
		r.listens()
		return r
	}
	p.one, p.two = instance("one"), instance("two")
	p.second.Store(p.two)
	proxy := func(r *rig) http.Handler {
		at, err := url.Parse(r.web.URL)
		if err != nil {
			t.Fatal(err)
		}
		return httputil.NewSingleHostReverseProxy(at)
	}
	toOne, toTwo := proxy(p.one), proxy(p.two)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := toOne
		switch {
		case r.URL.Path == "/twilio/media" && p.streams.Add(1) > 1:
			if p.second.Load() == p.two {
				to = toTwo
			}
		case r.URL.Path == "/twilio/whisper" || r.URL.Path == "/twilio/status":
			to = toTwo
		case r.URL.Path == "/twilio/next":
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if p.streams.Load() > 1 || strings.Contains(string(body), "DialCallStatus") {
				to = toTwo
			}
		}
		to.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	p.phone = &twiliotest.Phone{Bridge: s.URL, Public: public, AuthToken: authToken, StatusCallback: public + "/twilio/status"}
	return p
}

// ended is how many calls both have counted, by outcome.
func (p *pair) ended(t *testing.T) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, r := range []*rig{p.one, p.two} {
		req, _ := http.NewRequest("GET", r.web.URL+"/metrics", nil)
		req.Header.Set("Authorization", "Bearer "+apiToken)
		res, err := r.web.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		for line := range strings.Lines(string(body)) {
			if rest, ok := strings.CutPrefix(line, `patchcord_calls_total{direction="inbound",outcome="`); ok {
				outcome, value, _ := strings.Cut(rest, `"} `)
				n := 0
				fmt.Sscan(value, &n)
				if n > 0 {
					all[outcome] += n
				}
			}
		}
	}
	return all
}

// putThrough makes a call whose agent puts it through.
func (p *pair) putThrough(t *testing.T, end twiliotest.DialEnd, arguments string) (*twiliotest.Call, *chat) {
	t.Helper()
	c, err := p.phone.Dial(p.one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.HangUp(); <-c.Done() })
	c.Dials(end)
	agent := p.one.chat()
	agent.reply(t, "a", "One moment.", 440, 300*time.Millisecond)
	agent.CallTool("t1", builtin.TransferCall, arguments, true)
	return c, agent
}

// The result of a transfer comes to an instance that has not put the call through: the
// call goes on there, or at any other that its stream comes to, and has one outcome.
func TestTransferAcrossInstances(t *testing.T) {
	for name, back := range map[string]func(*pair) *rig{
		"back at the one that was asked":      func(p *pair) *rig { return p.two },
		"back at the one that put it through": func(p *pair) *rig { return p.one },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			at := back(p)
			p.second.Store(at)
			c, first := p.putThrough(t, twiliotest.DialEnd{Status: "busy"}, `{"to":"sales"}`)
			second := p.two.chat()
			if at == p.one {
				second = p.one.chat()
			}
			at.until("the agent is told", func() bool { return len(second.sent("user_input")) == 1 })
			if told := fmt.Sprint(second.sent("user_input")[0].Fields["text"]); !strings.Contains(told, "busy") {
				t.Errorf("the agent is told %q", told)
			}
			second.reply(t, "b", "Nobody is there.", 700, 300*time.Millisecond)
			at.until("the agent is heard", func() bool { return heardTone(c.Heard(), 700) >= 280*time.Millisecond })
			now := at.now(c)
			if now.Outcome != "" || now.ChatGroupID != second.Resumed || len(now.ChatIDs) != 2 {
				t.Errorf("the log has outcome %q, group %q, chats %q; resumed %q", now.Outcome, now.ChatGroupID, now.ChatIDs, second.Resumed)
			}
			<-first.Done()
			c.HangUp()
			<-c.Done()
			rec := at.record(c)
			if rec.Outcome != string(call.CallerHungUp) || !slices.ContainsFunc(notes(rec), func(s string) bool { return strings.Contains(s, "busy") }) {
				t.Errorf("the outcome is %q, notes %q", rec.Outcome, notes(rec))
			}
			tool := entries(rec, calllog.KindTool)
			if len(tool) != 1 || tool[0].Error != "" {
				t.Errorf("the log has %+v", tool)
			}
			p.one.hangUpAll()
			p.two.hangUpAll()
			if got := p.ended(t); len(got) != 1 || got["caller_hung_up"] != 1 {
				t.Errorf("counted: %v", got)
			}
			if rec = at.now(c); rec.Outcome != string(call.CallerHungUp) {
				t.Errorf("the outcome became %q", rec.Outcome)
			}
			noFaults(t, c)
		})
	}
}

// Whoever takes a transfer hears the summary from an instance that knows nothing of the
// call, and the outcome is right at once.
func TestWhisperAcrossInstances(t *testing.T) {
	p := newPair(t)
	c, _ := p.putThrough(t, twiliotest.DialEnd{Key: "1", Talks: 100 * time.Millisecond}, `{"to":"sales","summary":"`+private+`"}`)
	<-c.Done()
	if d := c.Dialled(); len(d) != 1 || !d[0].Bridged || len(d[0].Whispered) != 1 || !strings.Contains(d[0].Whispered[0], private) {
		t.Errorf("dialled: %+v", d)
	}
	p.one.until("the end is counted", func() bool { return p.ended(t)["transferred"] == 1 })
	if rec := p.one.record(c); rec.Outcome != string(call.Transferred) {
		t.Errorf("the outcome is %q", rec.Outcome)
	}
	noFaults(t, c)
}

// The instance that put a call through is gone when nobody takes it.
func TestTransferOutlivesItsInstance(t *testing.T) {
	p := newPair(t)
	c, _ := p.putThrough(t, twiliotest.DialEnd{Status: "no-answer", Rings: 2 * time.Second}, `{"to":"sales"}`)
	p.one.until("it rings", func() bool { return len(c.Dialled()) == 1 })
	p.one.hangUpAll()
	if rec := p.one.now(c); rec.Outcome != string(call.Transferred) {
		t.Errorf("the outcome is %q while it rings", rec.Outcome)
	}
	second := p.two.chat()
	p.two.until("the agent is told", func() bool { return len(second.sent("user_input")) == 1 })
	c.HangUp()
	<-c.Done()
	p.two.until("the call is over", func() bool { return p.two.now(c).Outcome == string(call.CallerHungUp) })
	if got := p.ended(t); got["transferred"]+got["caller_hung_up"] != 1 {
		t.Errorf("counted: %v", got)
	}
	noFaults(t, c)
}
