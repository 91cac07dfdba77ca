package remind_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

// world is what is outside of reminders: the gate and its ledger, the carrier, the
// telephones. The call log and the queue are real, in Postgres.
type world struct {
	calls *postgres.Calls

	mu      sync.Mutex
	decide  func(o call.Order, asked int) error // what the gate says; nil for yes. asked counts from 1, by number
	facts   map[phone.Number][]consent.Fact
	asked   map[phone.Number]int
	rang    map[phone.Number]int
	placing func(ctx context.Context, o call.Order) error // before the gate is asked
	last    map[phone.Number]calllog.Call
}

func newWorld(db *postgres.DB) *world {
	return &world{calls: db.Calls(), facts: map[phone.Number][]consent.Fact{}, asked: map[phone.Number]int{}, rang: map[phone.Number]int{}, last: map[phone.Number]calllog.Call{}}
}

// Place implements remind.Placer as the switchboard does: permit, then the call's
// head, then the telephone.
func (w *world) Place(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error) {
	if w.placing != nil {
		if err := w.placing(ctx, o); err != nil {
			return calllog.Call{}, consent.Decision{}, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked[o.To]++
	if w.decide != nil {
		if err := w.decide(o, w.asked[o.To]); err != nil {
			return calllog.Call{}, consent.Decision{}, err
		}
	}
	w.permit(o.To, o.ID, consent.PermitMinted)
	c := calllog.Call{ID: o.ID, Version: 1, Direction: calllog.Outbound, From: o.From.E164(), To: o.To.E164(), Agent: o.Agent, Status: "queued", StartedAt: time.Now()}
	if err := w.calls.Apply(ctx, []calllog.Change{{Call: &c}}); err != nil {
		return calllog.Call{}, consent.Decision{}, err
	}
	w.rang[o.To]++
	w.last[o.To] = c
	return c, consent.Decision{Outcome: consent.Allow}, nil
}

// sellers is on whose behalf each agent calls. Oakhill Clinic belongs to Riverbend's group.
var sellers = map[string]consent.Seller{
	"reminders": {Name: "riverbend", Names: []string{"riverbend", "oakhill"}, Group: "valley"},
	"clinic":    {Name: "oakhill", Names: []string{"riverbend", "oakhill"}, Group: "valley"},
	"other":     {Name: "harbor", Names: []string{"harbor"}, Group: "coast"},
}

// Request implements remind.Placer.
func (w *world) Request(o call.Order) (consent.Request, error) {
	if _, ok := sellers[o.Agent]; !ok {
		return consent.Request{}, &call.OrderError{Fields: []call.FieldError{{Field: "agent", Problem: "unknown agent"}}}
	}
	return consent.Request{To: o.To, From: o.From, Agent: o.Agent, Seller: sellers[o.Agent], Purpose: o.Purpose, Marketing: o.Marketing, Subject: o.Subject}, nil
}

// permit writes a permit's state into the ledger. w.mu is held.
func (w *world) permit(n phone.Number, callID, status string) {
	w.facts[n] = append(w.facts[n], consent.Fact{Type: consent.Permitted, Number: n, CallID: callID, PermitStatus: status, OccurredAt: time.Now()})
}

// Snapshot implements remind.Ledger.
func (w *world) Snapshot(_ context.Context, numbers ...phone.Number) ([]consent.Snapshot, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []consent.Snapshot
	for _, n := range numbers {
		list = append(list, consent.Snapshot{Facts: slices.Clone(w.facts[n])})
	}
	return list, nil
}

// end ends the last call to a number, in the log and the ledger.
func (w *world) end(t *testing.T, n phone.Number, outcome string, answered bool) calllog.Call {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.last[n]
	now := time.Now()
	c.Outcome, c.Status, c.Version, c.EndedAt = outcome, calllog.StatusCompleted, c.Version+1, &now
	if answered {
		c.AnsweredAt = &now
	}
	w.permit(n, c.ID, consent.PermitEnded)
	if err := w.calls.Apply(t.Context(), []calllog.Change{{Call: &c}}); err != nil {
		t.Fatal(err)
	}
	w.last[n] = c
	return c
}

func (w *world) rings(n phone.Number) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.rang[n]
}

func (w *world) allRings() map[phone.Number]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.rang)
}

// hasty is for workers that die while placing, or nearly so.
func hasty(c *remind.Config) { c.Policy.Place, c.Policy.Orphaned = 2*time.Second, 3*time.Second }

// quick is a policy that has little patience, but with a busy machine.
func quick() remind.Policy {
	return remind.Policy{Backoff: []time.Duration{100 * time.Millisecond}, Hold: 200 * time.Millisecond, Jitter: 10 * time.Millisecond, FailureDelay: 50 * time.Millisecond,
		Rest: 2 * time.Second, Soon: 50 * time.Millisecond, Poll: 50 * time.Millisecond, Place: 20 * time.Second, Orphaned: 30 * time.Second, Lost: 2 * time.Second, Sweep: time.Second}
}

// begin starts a service on a database. It stops when the test ends.
func begin(t *testing.T, db *postgres.DB, w *world, change ...func(*remind.Config)) *remind.Service {
	t.Helper()
	cfg := remind.Config{Placer: w, Calls: w.calls, Ledger: w, Line: db.CallRate(1000), Policy: quick(), Logger: zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.WarnLevel)}
	for _, c := range change {
		c(&cfg)
	}
	s, err := remind.New(db.River(), db.Reminders(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// number is one of many numbers.
func number(t testing.TB, i int) phone.Number {
	t.Helper()
	n, err := phone.Parse(fmt.Sprintf("+1415%07d", 2000000+i))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func reminder(to phone.Number, due time.Time) remind.Reminder {
	from, err := phone.Parse("+14155550100")
	if err != nil {
		panic(err)
	}
	return remind.Reminder{Due: due, Order: call.Order{To: to, From: from, Agent: "reminders", Purpose: consent.Informational, Subject: "appointment",
		Variables: map[string]string{"name": "Dana"}, Location: consent.Location{State: "CA"}}}
}

// add schedules one reminder.
func add(t *testing.T, s *remind.Service, r remind.Reminder) remind.Reminder {
	t.Helper()
	list, _, err := s.Add(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// becomes waits until a reminder has a status, and returns it.
func becomes(t *testing.T, s *remind.Service, id string, want remind.Status) remind.Reminder {
	t.Helper()
	return until(t, s, id, fmt.Sprintf("status %s", want), func(r remind.Reminder) bool { return r.Status == want })
}

// patient is how long a test waits for what has to come on a busy machine.
const patient = 90 * time.Second

func until(t *testing.T, s *remind.Service, id, what string, fits func(remind.Reminder) bool) (r remind.Reminder) {
	t.Helper()
	for end := time.Now().Add(patient); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var err error
		if r, err = s.Get(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if fits(r) {
			return r
		}
	}
	t.Fatalf("the reminder is not: %s; it is %s, %d attempts, next %v, %q", what, r.Status, r.Attempts, r.NextAt, r.Reason)
	return r
}

// statement runs SQL of a test's own.
func statement(t *testing.T, url, sql string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func fresh(t *testing.T) (*postgres.DB, *world) {
	t.Helper()
	db := postgrestest.New(t)
	return db, newWorld(db)
}

func denied(o consent.Outcome, notBefore time.Time, rules ...consent.Result) error {
	d := consent.Decision{Outcome: o, Results: rules}
	if !notBefore.IsZero() {
		d.NotBefore = &notBefore
	}
	return &consent.DeniedError{Decision: d}
}
