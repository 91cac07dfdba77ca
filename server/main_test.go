package server_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/erasure/erasuretest"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// TestMain lets many tests run at once: most of them wait, for calls in true time or for the database. They take over
// 20 s because each has a database of its own.
func TestMain(m *testing.M) {
	postgrestest.AtOnce(8)
	postgrestest.Main(m)
}

const (
	public    = "https://voice.example.test"
	authToken = "0123456789abcdef0123456789abcdef"
	apiToken  = "operators-only"
	caller    = "+14152350142"
	number    = "+14155550100"
	someSID   = "CAfedcba9876543210fedcba9876543210"
	patient   = 2 * time.Minute
)

// site is a server on a port of this machine, and what is behind it.
type site struct {
	*testing.T
	ctx   context.Context
	web   *httptest.Server
	board *call.Switchboard
	url   string // of its database
	db    *postgres.DB

	// Of the gate; see gate_test.go.
	law     *law
	book    *book
	gate    *consent.Gate
	spooled string // the folder of its spool
	desk    *desk
	make    func() *httptest.Server // another instance, as config says

	config *server.Config
	full   atomic.Bool // the disk
}

// open starts a site that ends with the test.
func open(t *testing.T) *site { return openWith(t, nil) }

// openWith starts one with other settings.
func openWith(t *testing.T, change func(*server.Config)) *site {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	t.Cleanup(cancel)
	s := &site{T: t, ctx: ctx, url: postgrestest.URL(t)}
	s.db = postgrestest.Open(t, s.url)
	voice := evitest.NewServer("key", evitest.Script())
	t.Cleanup(voice.Close)
	writer, err := calllog.NewWriter(calllog.WriterConfig{Store: s.db.Calls(), Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := writer.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	registry := prometheus.NewRegistry()
	s.openGate()
	documents := twiliocarrier.Documents{PublicURL: public}
	s.board = call.New(call.Config{Profiles: profiles(voice), Numbers: numbers,
		Key: make([]byte, 32), Instance: "here", Log: writer, Store: s.db.Calls(), Shared: service.SharedSteps{DB: s.db, Documents: documents}, Elsewhere: s.db, Metrics: call.NewMetrics(registry), Logger: zerolog.Nop()})
	s.desk = &desk{Switchboard: s.board, site: s}
	validator, err := twilio.NewValidator(public, authToken)
	if err != nil {
		t.Fatal(err)
	}
	config := server.Config{Switchboard: s.board, Calls: s.db.Calls(), Tools: oneTool(t), Validator: validator, Documents: documents, APIToken: apiToken, Keys: s.db.Keys(), Audit: s.book,
		Directory: directory(), Placer: s.desk, Gate: s.gate, Ledger: s.book, Answers: answers{s.db}, HumeKeys: []string{"first key", "second key"}, Chats: s.db, Key: make([]byte, 32),
		Ready: s.db.Ping, Flush: writer.Flush, Registry: registry, Logger: zerolog.Nop()}
	config.Spool = func() error {
		if s.full.Load() {
			return syscall.ENOSPC
		}
		return nil
	}
	if config.Erasures, err = erasure.New(erasure.Config{Store: s.db.Erasures(), Ledger: s.book, Key: make([]byte, 32), Instance: "here",
		Permits: func(phone.Number) (p [32]byte) { return p },
		Local:   erasuretest.Disk{Waits: func(ctx context.Context) error { return config.Flush(ctx) }}}); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&config)
	}
	s.config = &config
	s.make = func() *httptest.Server {
		web := httptest.NewUnstartedServer(nil)
		web.Config = server.New(config).HTTP("")
		web.Start()
		config.Registry = prometheus.NewRegistry()
		t.Cleanup(web.Close)
		return web
	}
	s.web = s.make()
	t.Cleanup(s.drain)
	return s
}

// oneTool is a registry with a tool in it.
func oneTool(t *testing.T) *tools.Registry {
	t.Helper()
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		t.Fatal(err)
	}
	tool, err := tools.New("order_status", "Look up an order.", func(context.Context, struct {
		ID string `json:"order_id"`
	}) (string, error) {
		return "", nil
	})
	if err == nil {
		err = registry.Add(tool)
	}
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

// drain ends all calls at once.
func (s *site) drain() {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	s.board.Drain(now)
}

// answer is what came back of a request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *site) do(r *http.Request) answer {
	s.Helper()
	res, err := s.web.Client().Do(r.WithContext(s.ctx))
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

// request makes one that nobody has signed.
func (s *site) request(method, path, body string) *http.Request {
	s.Helper()
	r, err := http.NewRequest(method, s.web.URL+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	return r
}

// order is a request of an operator's.
func (s *site) order(method, path, body string) answer {
	s.Helper()
	r := s.request(method, path, body)
	r.Header.Set("Authorization", "Bearer "+apiToken)
	return s.do(r)
}

// hook is a webhook of Twilio's.
func (s *site) hook(path string, form url.Values) answer {
	s.Helper()
	r := s.request("POST", path, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", twiliotest.Sign(authToken, public+path, form))
	return s.do(r)
}

// isProblem checks an answer to be RFC 9457's document, of the status and about
// the thing.
func isProblem(t testing.TB, a answer, status int, about string) {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Errorf("the body is no JSON: %s", a.body)
		return
	}
	title, _ := doc["title"].(string)
	detail, _ := doc["detail"].(string)
	if a.status != status || a.header.Get("Content-Type") != "application/problem+json" || doc["status"] != float64(status) || doc["type"] != "about:blank" ||
		title == "" || !strings.Contains(detail, about) {
		t.Errorf("got %d %s %s: want a problem of %d about %q", a.status, a.header.Get("Content-Type"), a.body, status, about)
	}
}
