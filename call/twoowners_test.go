package call_test

import (
	"context"
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

// twins are two instances on one store, with one carrier, in virtual time. Calls come in at the first; what else is
// asked of which is up to the test.
type twins struct {
	*memory
	one, two *call.Switchboard
	claims   time.Duration // that a claim takes
}

// commanded is what the instances share, with orders that reach both.
type commanded struct {
	*call.Shelf
	m *twins
}

func (c commanded) SendCommand(_ context.Context, id, verb, text string) error {
	c.m.one.Obey(id, verb, text)
	c.m.two.Obey(id, verb, text)
	return nil
}

func (c commanded) Claim(ctx context.Context, claim calllog.Claim) (calllog.Call, error) {
	time.Sleep(c.m.claims)
	return c.Shelf.Claim(ctx, claim)
}

func withTwins(t *testing.T, test func(*twins)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := &twins{memory: &memory{T: t, exchange: &carriertest.Exchange{}, agents: call.NewPuppets(), shelf: call.NewShelf()}}
		m.log = call.NewWriterTo(t, m.shelf)
		shared := commanded{m.shelf, m}
		instance := func(name string) *call.Switchboard {
			c := call.Config{Numbers: map[string]string{number: "support"}, Key: []byte("a key of the test, 32 bytes long"),
				Instance: name, Log: m.log, Store: shared, Shared: shared, Carrier: m.exchange,
				Metrics: call.NewMetrics(prometheus.NewRegistry()), Logger: zerolog.Nop()}
			profile := &call.Profile{Name: "support", Voices: []*call.Voice{call.NewVoice("evi", m.agents)}, Fallback: fallback}
			c.Profiles = map[string]*call.Profile{"support": profile}
			puttingThrough(&c, profile)
			return call.New(c)
		}
		m.one, m.two = instance("one"), instance("two")
		over := make(chan struct{})
		m.exchange.Service = lasting{m.one, over}
		t.Cleanup(func() {
			close(over)
			m.exchange.End()
			now, cancel := context.WithCancel(context.Background())
			cancel()
			m.one.Drain(now)
			m.two.Drain(now)
		})
		test(m)
	})
}

// lasting is a service whose transfers last until the test is over: what comes of them the test says itself.
type lasting struct {
	*call.Switchboard
	over <-chan struct{}
}

func (l lasting) Next(ctx context.Context, v carrier.Incoming) carrier.Step {
	if v.Transfer != "" {
		<-l.over
		return carrier.HangUp{}
	}
	return l.Switchboard.Next(ctx, v)
}

// putThrough is a call that the first instance has put through.
func (m *twins) putThrough() (*carriertest.Call, calllog.Call) {
	m.Helper()
	c, _ := m.talking()
	head := m.head(c)
	if err := m.one.Transfer(m.Context(), head.ID, "sales", ""); err != nil {
		m.Fatal(err)
	}
	m.pass(12 * time.Second)
	if head = m.head(c); head.Outcome != string(call.Transferred) {
		m.Fatalf("the call is not put through: %+v", head)
	}
	return c, head
}

func (m *twins) head(c *carriertest.Call) calllog.Call {
	m.Helper()
	if err := m.log.Flush(m.Context()); err != nil {
		m.Fatal(err)
	}
	head, err := m.shelf.BySID(m.Context(), string(c.ID))
	if err != nil {
		m.Fatal(err)
	}
	return head
}

// nobodyTook is the carrier's question after a transfer that nobody took.
func nobodyTook(c *carriertest.Call) carrier.Incoming {
	return carrier.Incoming{Call: c.ID, From: caller, To: number, Inbound: true, State: carrier.InProgress, Transfer: carrier.TransferNoAnswer}
}

// A caller who hangs up while another instance takes the call back from a transfer leaves it with that outcome, wherever
// the carrier reports it: to the instance that has it now, while it claims it, or to the one that had it.
func TestHangUpWhileATransferReturns(t *testing.T) {
	t.Parallel()
	for name, report := range map[string]func(*twins, carrier.CallID){
		"to the one that had it": func(m *twins, sid carrier.CallID) {
			m.pass(time.Second)
			m.one.Status("", carrier.Status{Call: sid, State: carrier.Completed})
		},
		"to the one that had it, before it hears of the other": func(m *twins, sid carrier.CallID) {
			m.one.Status("", carrier.Status{Call: sid, State: carrier.Completed})
		},
		"to the other, while it claims it": func(m *twins, sid carrier.CallID) {
			m.two.Status("", carrier.Status{Call: sid, State: carrier.Completed})
		},
	} {
		t.Run(name, func(t *testing.T) {
			withTwins(t, func(m *twins) {
				c, _ := m.putThrough()
				m.agents.Answers <- nil
				m.claims = 300 * time.Millisecond
				go m.two.Next(m.Context(), nobodyTook(c))
				m.pass(100 * time.Millisecond)
				report(m, c.ID)
				m.pass(9 * time.Second) // and not only when the stream is given up
				if head := m.head(c); head.Outcome != string(call.CallerHungUp) {
					m.Errorf("the outcome is %q at %q", head.Outcome, head.Instance)
				}
				if one, two := m.one.Live(), m.two.Live(); one+two != 0 {
					m.Errorf("%d and %d calls are left", one, two)
				}
			})
		})
	}
}

// A call that was put through and of which nothing is heard is asked about after an hour.
func TestATransferOfWhichNothingIsHeard(t *testing.T) {
	withTwins(t, func(m *twins) {
		m.exchange.Service = deaf{m.exchange.Service}
		c, _ := m.putThrough()
		c.HangUp()
		m.pass(59 * time.Minute)
		if got := m.head(c).Outcome; got != string(call.Transferred) {
			m.Fatalf("the outcome is %q", got)
		}
		m.pass(3 * time.Minute)
		if got := m.head(c).Outcome; got != string(call.CallerHungUp) {
			m.Errorf("the outcome is %q", got)
		}
	})
}

// deaf is a service that the carrier's reports don't reach.
type deaf struct{ carriertest.Service }

func (deaf) Status(string, carrier.Status) {}
