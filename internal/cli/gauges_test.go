package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// figures are the values of a registry's gauges by name, with the label where there is one.
func figures(t *testing.T, r *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := strings.TrimPrefix(f.GetName(), "patchcord_")
			if labels := m.GetLabel(); len(labels) == 1 {
				name += " " + labels[0].GetValue()
			}
			all[name] = m.GetGauge().GetValue()
		}
	}
	return all
}

// The figures follow what they are about: a database that answers and one that doesn't, an MCP
// server that is up and one that isn't, reminders, the ledger's head, what waits
// on disk, and the drain.
func TestGaugesFollow(t *testing.T) {
	offers := mcp.NewServer(&mcp.Implementation{Name: "offers", Version: "1"}, nil)
	up := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return offers }, nil))
	t.Cleanup(up.Close)
	const servers = "mcp:\n  up: {url: %q}\n  down: {url: \"http://127.0.0.1:1/\"}\n"
	b := servingWith(t, benchYAML+fmt.Sprintf(servers, up.URL), evitest.Script())
	if err := b.s.Tools.Tried(with(t)); err != nil {
		t.Fatal(err)
	}
	b.cleared()
	b.schedule("--in", "72h")
	late := b.schedule("--in", "73h")
	overdue := `update reminders set next_at = now() - interval '6 minutes' where id = '` + late + `'`
	if err := b.sql(postgrestest.OwnerURL(t, b.url), overdue); err != nil {
		t.Fatal(err)
	}
	if err := b.s.Gate.PGLedger.Anchor(with(t), "data/anchors"); err != nil {
		t.Fatal(err)
	}

	w, facts := waiting(t)
	s := &service.Service{Writer: w, Gate: &service.Gate{Gate: &consent.Gate{Spool: facts}, PGLedger: b.s.Gate.PGLedger},
		Tools: b.s.Tools, DB: b.s.DB, Switchboard: b.s.Switchboard}
	r := prometheus.NewRegistry()
	var g service.Gauges
	g.Register(r, s, 7)
	want := func(when string, want map[string]float64) {
		t.Helper()
		got := figures(t, r)
		for name, value := range want {
			if v, there := got[name]; !there || v != value {
				t.Errorf("%s: %s is %v, want %v", when, name, v, value)
			}
		}
	}
	want("before it was looked", map[string]float64{"database_up": 0, "ledger_head_age_seconds": -1, "mcp_up up": 0})
	g.Look(with(t), s)
	want("then", map[string]float64{"database_up": 1, "calls_capacity": 7, "draining": 0,
		"mcp_up up": 1, "mcp_up down": 0, "reminders_waiting": 2, "reminders_late": 1,
		"spool_entries": 3, "ledger_spool_entries": 1})
	if age := figures(t, r)["ledger_head_age_seconds"]; age < 0 || age > time.Minute.Seconds() {
		t.Errorf("the ledger's head was written down %v s ago", age)
	}

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	g.Look(gone, s)
	want("without an answer", map[string]float64{"database_up": 0, "reminders_waiting": 2})
	b.s.Switchboard.Drain(service.Canceled())
	want("draining", map[string]float64{"draining": 1})
}

// away is a store that can't be reached.
type away struct{ calllog.Store }

func (away) Apply(context.Context, []calllog.Change) error { return errors.New("away") }

// waiting is a writer with three changes, and a spool with one fact, that can't be stored.
func waiting(t *testing.T) (*calllog.Writer, *consent.Spool) {
	t.Helper()
	facts, err := consent.OpenSpool(t.TempDir())
	if err == nil {
		err = facts.Put(consent.Fact{Type: consent.Revoke, Number: mustParse(t, person), Seller: "riverbend",
			Scope: consent.AllAutomated, OccurredAt: time.Now(), Source: "phone"})
	}
	if err != nil {
		t.Fatal(err)
	}
	w, err := calllog.NewWriter(calllog.WriterConfig{Store: away{}, Dir: t.TempDir(), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range callWith("call_one", "here") {
		w.Put(c)
	}
	_ = w.Close(service.Canceled()) // what can't be stored stays on disk
	return w, facts
}
