package call_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/erasure/erasuretest"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// knowsIn waits for what an agent was given.
func (r *rig) knowsIn(p *call.Puppet) string {
	r.Helper()
	r.until("the agent was given what was said", func() bool { all, _ := p.Remembers(); return len(all) > 0 })
	all, _ := p.Remembers()
	return fmt.Sprint(all)
}

// loses breaks a call's line when what was said is in the log, and waits until it is over.
func (r *rig) loses(c *twiliotest.Call, text string) calllog.Call {
	r.Helper()
	r.until("it is in the log", func() bool { return strings.Contains(fmt.Sprint(r.now(c).Entries), text) })
	c.Lose()
	<-c.Done()
	return r.record(c)
}

// What was said is forgotten with the person: who is erased over the API and calls again
// begins anew, and the log has no word of it.
func TestErasedCallerBeginsAnew(t *testing.T) {
	t.Parallel()
	at := postgrestest.URL(t)
	ledger, err := postgrestest.Open(t, at).Ledger(t.Context(), postgres.LedgerConfig{TokenKey: bytes.Repeat([]byte{1}, 32), WrapKey: bytes.Repeat([]byte{2}, 32), MACKey: bytes.Repeat([]byte{3}, 32), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ledger.Close)
	erasures, err := erasure.New(erasure.Config{Store: postgrestest.Open(t, at).Erasures(), Ledger: ledger, Local: erasuretest.Disk{}, Key: make([]byte, 32), Instance: "here",
		Permits: func(phone.Number) (p [32]byte) { return p }})
	if err != nil {
		t.Fatal(err)
	}
	agents := call.NewPuppets()
	agents.Forgets = true
	for range 4 {
		agents.Answers <- nil
	}
	r := newRig(t, plan{url: at, web: func(c *server.Config) { c.Ledger, c.Erasures = ledger, erasures }, configure: func(c *call.Config) {
		p := c.Profiles["support"]
		p.Remember, p.Voices = 15*time.Minute, []*call.Voice{call.NewVoice("realtime", agents)}
	}})
	r.phone.Attestation = carrier.PassedA
	ring := func(text string) (*twiliotest.Call, *call.Puppet) {
		c := r.dial()
		p := <-agents.Dialled
		p.Events <- agent.CallerSaid{Text: text}
		return c, p
	}
	c, _ := ring("I am Dana.")
	first := r.loses(c, "I am Dana.")
	c, p := ring("Me again.")
	if got := r.knowsIn(p); !strings.Contains(got, "I am Dana.") {
		t.Errorf("the second agent knows %s", got)
	}
	r.loses(c, "Me again.")
	if status, body := r.order("DELETE", "/v1/consent/"+url.PathEscape(caller)+"?why=asked", ""); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	c, p = ring("Hello?")
	r.loses(c, "Hello?")
	if all, _ := p.Remembers(); len(all) != 0 {
		t.Errorf("after the erasure the agent knows %s", fmt.Sprint(all))
	}
	if r.now(c).Entries == nil || strings.Contains(fmt.Sprint(r.now(c).Entries), string(calllog.EventContinues)) {
		t.Errorf("the log has %+v", r.now(c).Entries)
	}
	old, err := r.db.Calls().Get(t.Context(), first.ID)
	if err != nil || strings.Contains(fmt.Sprint(old.Entries), "Dana") || len(old.Entries) == 0 || !old.Broke {
		t.Errorf("%v: the log keeps %+v", err, old)
	}
}

// An instance that goes on with a call that goes on with another knows both.
func TestEarlierCallAcrossInstances(t *testing.T) {
	agents := map[string]*call.Puppets{"one": call.NewPuppets(), "two": call.NewPuppets()}
	for _, d := range agents {
		d.Forgets = true
		for range 3 {
			d.Answers <- nil
		}
	}
	p := newPair(t, func(c *call.Config, profile *call.Profile) {
		profile.Remember, profile.Voices = 15*time.Minute, []*call.Voice{call.NewVoice("realtime", agents[c.Instance])}
	})
	p.phone.Attestation = carrier.PassedA
	ring := func() (*twiliotest.Call, *call.Puppet) {
		p.streams.Store(0)
		c, err := p.phone.Dial(p.one.ctx, caller, number)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.HangUp(); <-c.Done() })
		return c, <-agents["one"].Dialled
	}
	c, first := ring()
	first.Events <- agent.CallerSaid{Text: "I am Dana."}
	before := p.one.loses(c, "I am Dana.")
	c, second := ring()
	p.one.knowsIn(second)
	second.Events <- agent.CallerSaid{Text: "Me again."}
	p.one.until("it is in the log", func() bool { return strings.Contains(fmt.Sprint(p.one.now(c).Entries), "Me again.") })
	c.CutStream()
	got := p.two.knowsIn(<-agents["two"].Dialled)
	dana, again := strings.Index(got, "Caller: I am Dana."), strings.Index(got, "Caller: Me again.")
	if dana < 0 || again < dana || strings.Count(got, "Caller:") != 2 {
		t.Errorf("the agent at the other instance knows %s", got)
	}
	notes := 0
	for _, e := range p.two.now(c).Entries {
		if e.Event == calllog.EventContinues && e.Result == before.ID {
			notes++
		}
	}
	if notes != 1 {
		t.Errorf("the log names the earlier call %d times", notes)
	}
}
