package call_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// What the service and the phones of all tests agree on.
const (
	public    = "https://voice.example.test"
	authToken = "0123456789abcdef0123456789abcdef"
	apiToken  = "operators-only"
	caller    = "+14155550142"
	number    = "+14155550100"
	transfer  = "+14155550199"
)

var fallback = call.Fallback{Say: "Sorry, we can't take your call right now.", Dial: transfer}

// bubble is the service in virtual time, with a telephone over a network in
// memory, a log in memory, and agents on strings. What takes minutes takes none.
type bubble struct {
	*testing.T
	ctx    context.Context // the phone's: its end breaks all lines
	board  *call.Switchboard
	agents *call.Puppets
	shelf  *call.Shelf
	log    *calllog.Writer
	phone  *twiliotest.Phone
	pipe   *twiliotest.Pipe
	api    *twiliotest.API // nil without outbound calls
	slow   atomic.Int64    // ns that the service takes to say what comes next
}

// inBubble runs a test in a bubble and ends what it leaves.
func inBubble(t *testing.T, configure func(*call.Config, *call.Profile), test func(*bubble)) {
	t.Helper()
	openBubble(t, func(_ *bubble, c *call.Config, p *call.Profile) {
		if configure != nil {
			configure(c, p)
		}
	}, test)
}

// openBubble is inBubble for who needs the telephone to configure the service.
func openBubble(t *testing.T, configure func(*bubble, *call.Config, *call.Profile), test func(*bubble)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{T: t, agents: call.NewPuppets(), shelf: call.NewShelf(), pipe: twiliotest.NewPipe()}
		b.log = call.NewWriterTo(t, b.shelf)
		b.phone = &twiliotest.Phone{Bridge: "http://bridge", Public: public, AuthToken: authToken, DialContext: b.pipe.DialContext}
		registry := prometheus.NewRegistry()
		profile := &call.Profile{Name: "support", Voices: []*call.Voice{call.NewVoice("evi", b.agents)}, Fallback: fallback}
		config := call.Config{Profiles: map[string]*call.Profile{"support": profile}, Numbers: map[string]string{number: "support"},
			Key: []byte("a key of the test, 32 bytes long"), Instance: "here", Log: b.log, Store: b.shelf, Shared: b.shelf,
			Metrics: call.NewMetrics(registry), Logger: zerolog.Nop()}
		configure(b, &config, profile)
		b.board = call.New(config)
		web := server.New(serverConfig(t, b.board, b.shelf, b.log, registry)).HTTP("")
		web.Handler = answering(b.board, &b.slow, web.Handler)
		var serving sync.WaitGroup
		serving.Go(func() {
			if err := web.Serve(b.pipe); !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		})
		ctx, hangUp := context.WithCancel(t.Context())
		b.ctx = ctx
		t.Cleanup(func() {
			hangUp()
			b.cutOff()
			if b.api != nil {
				b.api.HangUpAll()
			}
			web.Close()
			serving.Wait()
		})
		test(b)
	})
}

// serverConfig is how the service's HTTP side is put together.
func serverConfig(t testing.TB, board *call.Switchboard, store calllog.Store, log *calllog.Writer, registry *prometheus.Registry) server.Config {
	t.Helper()
	validator, err := twilio.NewValidator(public, authToken)
	if err != nil {
		t.Fatal(err)
	}
	none, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return server.Config{Switchboard: board, Calls: store, Tools: none, Validator: validator, Documents: documents, APIToken: apiToken, Audit: unwatched{}, Answers: &memAnswers{}, Key: make([]byte, 32),
		Ready: func(context.Context) error { return nil }, Flush: log.Flush, Registry: registry, Logger: zerolog.Nop()}
}

// unwatched takes every record of who did what.
type unwatched struct{}

func (unwatched) RecordAccess(context.Context, consent.Access) error { return nil }

func (unwatched) Accesses(context.Context, consent.AccessFilter) ([]consent.Fact, int64, error) {
	return nil, 0, nil
}

// cutOff drains the switchboard without giving anybody time.
func (b *bubble) cutOff() {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	b.board.Drain(now)
}

// dial makes a call.
func (b *bubble) dial() *twiliotest.Call {
	b.Helper()
	c, err := b.phone.Dial(b.ctx, caller, number)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// connected makes a call that has an agent and a stream.
func (b *bubble) connected() (*twiliotest.Call, *call.Puppet) {
	b.Helper()
	b.agents.Answers <- nil
	c := b.dial()
	b.await(c, twiliotest.Started, "")
	p := <-b.agents.Dialled
	synctest.Wait()
	return c, p
}

// await waits for a moment of the call; any name if it is "".
func (b *bubble) await(c *twiliotest.Call, event twiliotest.Event, name string) twiliotest.Moment {
	b.Helper()
	m, err := c.Await(b.ctx, func(m twiliotest.Moment) bool { return m.Event == event && (name == "" || m.Name == name) })
	if err != nil {
		b.Fatalf("%s %s: %v", event, name, err)
	}
	return m
}

// record is the call's log, when the call is over.
func (b *bubble) record(c *twiliotest.Call) calllog.Call {
	b.Helper()
	synctest.Wait() // until the bridge has noticed what the telephone did
	if err := b.log.Flush(b.ctx); err != nil {
		b.Fatal(err)
	}
	head, err := b.shelf.BySID(b.ctx, c.SID)
	if err == nil {
		head, err = b.shelf.Get(b.ctx, head.ID)
	}
	if err != nil {
		b.Fatal(err)
	}
	return head
}

// pass lets time pass, and what happens in it happen.
func (b *bubble) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// speaks is a whole reply of an agent: one segment of a sound.
func speaks(p *call.Puppet, segment, text string, ulaw []byte) {
	p.Events <- agent.AgentSaid{Segment: segment, Text: text}
	p.Events <- agent.Audio{Segment: segment, ULaw: ulaw}
	p.Events <- agent.SegmentEnd{Segment: segment}
	p.Events <- agent.TurnEnd{}
}
