package call_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
)

// memory is a service whose carrier is one in memory, in virtual time.
type memory struct {
	*testing.T
	exchange *carriertest.Exchange
	agents   *call.Puppets
	shelf    *call.Shelf
	log      *calllog.Writer
}

func inMemory(t *testing.T, test func(*memory)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &memory{T: t, exchange: &carriertest.Exchange{}, agents: call.NewPuppets(), shelf: call.NewShelf()}
		m.log = call.NewWriterTo(t, m.shelf)
		profile := &call.Profile{Name: "support", Voices: []*call.Voice{call.NewVoice("evi", m.agents)}, Fallback: fallback}
		board := call.New(call.Config{Profiles: map[string]*call.Profile{"support": profile},
			Numbers: map[string]string{number: "support"}, Key: []byte("a key of the test, 32 bytes long"), Instance: "here",
			Log: m.log, Store: m.shelf, Shared: m.shelf, Carrier: m.exchange,
			Metrics: call.NewMetrics(prometheus.NewRegistry()), Logger: zerolog.Nop()})
		m.exchange.Service = board
		t.Cleanup(func() {
			m.exchange.End()
			now, cancel := context.WithCancel(context.Background())
			cancel()
			board.Drain(now)
		})
		test(m)
	})
}

func (m *memory) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// talking is a call that talks, and its agent.
func (m *memory) talking() (*carriertest.Call, *call.Puppet) {
	m.agents.Answers <- nil
	c := m.exchange.Dial(caller, number)
	p := <-m.agents.Dialled
	m.pass(time.Second)
	if c.Line() == nil {
		m.Fatal("the call has no line")
	}
	return c, p
}

func (m *memory) outcome(c *carriertest.Call) string {
	m.pass(time.Second)
	if err := m.log.Flush(m.Context()); err != nil {
		m.Fatal(err)
	}
	head, err := m.shelf.BySID(m.Context(), string(c.ID))
	if err != nil {
		m.Fatal(err)
	}
	return head.Outcome
}

// A call is carried over a carrier that knows neither HTTP nor TwiML: both sides hear each other, and it ends as the
// caller wants.
func TestAnyCarrier(t *testing.T) {
	inMemory(t, func(m *memory) {
		c, p := m.talking()
		c.Line().Speak(sound(time.Second, 0x31))
		speaks(p, "a", "Hello.", sound(2*time.Second, agentSound))
		m.pass(3 * time.Second)
		if got := c.Line().Listened(agentSound); got != 2*time.Second {
			m.Errorf("the caller heard %v of the agent", got)
		}
		if got := count(p.Heard(), 0x31); got != time.Second {
			m.Errorf("the agent heard %v of the caller", got)
		}
		c.HangUp()
		<-c.Done()
		if got := m.outcome(c); got != string(call.CallerHungUp) {
			m.Errorf("the outcome is %q", got)
		}
	})
}

// A line that breaks is followed by another, with the same agent's chat.
func TestAnyCarriersLineBreaks(t *testing.T) {
	inMemory(t, func(m *memory) {
		c, p := m.talking()
		m.agents.Answers <- nil
		first := c.Line()
		first.Break(errors.New("the network is gone"))
		next := <-m.agents.Dialled
		m.pass(time.Second)
		if c.Line() == first || next.Session.Resume != p.Chat().Group {
			m.Errorf("the call goes on with the group %q", next.Session.Resume)
		}
		speaks(next, "b", "Where were we?", sound(time.Second, agentSound))
		m.pass(2 * time.Second)
		if got := c.Line().Listened(agentSound); got != time.Second {
			m.Errorf("the caller heard %v of the agent", got)
		}
	})
}

// An agent that can't be had leaves the caller with the fallback.
func TestAnyCarriersFallback(t *testing.T) {
	inMemory(t, func(m *memory) {
		c := m.exchange.Dial(caller, number)
		<-c.Done()
		steps := c.Followed()
		if last := steps[len(steps)-1]; last != (carrier.Say{Text: fallback.Say, Then: transfer}) {
			m.Errorf("it followed %+v", steps)
		}
	})
}
