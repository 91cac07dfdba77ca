package call_test

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

const (
	humeKey = "key-that-must-not-leak"
	patient = 2 * time.Minute // for a test as a whole: the machine may be busy
)

// rig is the service as it is put together for real, on sockets of this machine:
// Postgres, an EVI that a test plays, a telephone.
type rig struct {
	*testing.T
	ctx   context.Context
	evi   *evitest.Server
	chats chan *chat // each that was opened and greeted, in order
	db    *postgres.DB
	log   *calllog.Writer
	board *call.Switchboard
	web   *httptest.Server
	phone *twiliotest.Phone
	lines *logLines
	valve *valve // on the way to EVI; nil if there is none
}

// plan is what a test wants otherwise.
type plan struct {
	url       string // of the database. Defaults to a fresh one
	farEVI    bool   // it is reached through a valve
	lifetime  time.Duration
	tools     tools.Set
	budgets   agent.Budgets
	opening   *call.Opening
	configure func(*call.Config)
	serve     func(*httptest.Server) // before it starts
	web       func(*server.Config)
	greet     func(n int, c *evitest.Conn) (goOn bool)
}

// newRig starts everything, and ends it with the test. Nothing may be left, and
// neither side may have had anything to complain about.
func newRig(t *testing.T, p plan) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	t.Cleanup(cancel)
	r := &rig{T: t, ctx: ctx, chats: make(chan *chat, 64), lines: &logLines{}}
	r.startEVI(p.greet)
	if p.url == "" {
		p.url = postgrestest.URL(t)
	}
	r.db = postgrestest.Open(t, p.url)
	r.log = newWriter(t, r.db)
	address := r.evi.URL()
	if p.farEVI {
		r.valve = newValve(t, strings.TrimPrefix(address, "http://"))
		address = "http://" + r.valve.Addr()
	}
	r.web = httptest.NewUnstartedServer(nil)
	r.phone = &twiliotest.Phone{Bridge: "http://" + r.web.Listener.Addr().String(), Public: public, AuthToken: authToken, StatusCallback: public + "/twilio/status"}
	profile := &call.Profile{Name: "support", Fallback: fallback, Opening: p.opening, Tools: p.tools,
		Voices: []*call.Voice{call.NewVoice("evi", &agent.EVI{URL: address, APIKey: humeKey, Lifetime: p.lifetime, Budgets: p.budgets})}, Budgets: p.budgets}
	registry := prometheus.NewRegistry()
	config := call.Config{Profiles: map[string]*call.Profile{"support": profile}, Numbers: map[string]string{number: "support"},
		Key: []byte("a key of the test, 32 bytes long"), Instance: "here", Log: r.log, Store: r.db.Calls(), Shared: service.SharedSteps{DB: r.db, Documents: documents},
		Metrics: call.NewMetrics(registry), Logger: zerolog.New(r.lines)}
	if p.configure != nil {
		p.configure(&config)
	}
	r.board = call.New(config)
	r.board.LookBackFor(patient) // the real database of a busy machine
	web := serverConfig(t, r.board, r.db.Calls(), r.log, registry)
	web.Ready, web.Logger = r.db.Ping, config.Logger
	if config.Recordings != nil {
		web.Recordings, web.Instance = config.Recordings, config.Instance
	}
	if p.web != nil {
		p.web(&web)
	}
	r.web.Config = server.New(web).HTTP("")
	r.web.Config.Handler = answering(r.board, nil, r.web.Config.Handler)
	if p.serve != nil {
		p.serve(r.web)
	}
	r.web.Start()
	t.Cleanup(func() {
		r.hangUpAll()
		r.web.Close()
		r.lines.check(t)
	})
	return r
}

func newWriter(t *testing.T, db *postgres.DB) *calllog.Writer {
	t.Helper()
	w, err := calllog.NewWriter(calllog.WriterConfig{Store: db.Calls(), Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patient)
		defer cancel()
		if err := w.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return w
}

// hangUpAll ends what is left of all calls.
func (r *rig) hangUpAll() {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	r.board.Drain(now)
}

// dial makes a call that lives no longer than the test.
func (r *rig) dial() *twiliotest.Call {
	r.Helper()
	c, err := r.phone.Dial(r.ctx, caller, number)
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() {
		c.HangUp()
		<-c.Done()
	})
	return c
}

// connected makes a call that has a stream and an agent.
func (r *rig) connected() (*twiliotest.Call, *chat) {
	r.Helper()
	c := r.dial()
	r.await(c, twiliotest.Started)
	return c, r.chat()
}

// await waits for something to happen on the line.
func (r *rig) await(c *twiliotest.Call, event twiliotest.Event) twiliotest.Moment {
	r.Helper()
	m, err := c.Await(r.ctx, func(m twiliotest.Moment) bool { return m.Event == event })
	if err != nil {
		r.Fatalf("%s: %v", event, err)
	}
	return m
}

// chat waits for the next chat that the bridge opens.
func (r *rig) chat() *chat {
	r.Helper()
	select {
	case c := <-r.chats:
		return c
	case <-r.ctx.Done():
		r.Fatal("no agent is dialled")
		return nil
	}
}

// until waits for a condition that nobody tells of.
func (r *rig) until(what string, is func() bool) {
	r.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-r.ctx.Done():
			r.Fatalf("waited in vain until %s", what)
		}
	}
}

// record is a call's log once it has its outcome.
func (r *rig) record(c *twiliotest.Call) (rec calllog.Call) {
	r.Helper()
	r.until("the call has an outcome", func() bool {
		rec = r.now(c)
		return rec.Outcome != ""
	})
	return r.now(c)
}

// now is the log of a call as it is.
func (r *rig) now(c *twiliotest.Call) calllog.Call {
	r.Helper()
	if err := r.log.Flush(r.ctx); err != nil {
		r.Fatal(err)
	}
	head, err := r.db.Calls().BySID(r.ctx, c.SID)
	if err == nil {
		head, err = r.db.Calls().Get(r.ctx, head.ID)
	}
	if err != nil {
		r.Fatal(err)
	}
	return head
}

// logLines is what the service logs. No secret, number or speech may be in it.
type logLines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// private is said in tests, and must not be found in a log.
const private = "strictly private words"

func (l *logLines) check(t testing.TB) {
	t.Helper()
	for _, secret := range []string{humeKey, authToken, apiToken, caller, number, private} {
		if strings.Contains(l.String(), strings.TrimPrefix(secret, "+")) {
			t.Errorf("the log shows %q:\n%s", secret, l)
		}
	}
}
