package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/server"
)

// Who calls from where: riverbend's support answers a number and calls from it, its
// reminders have two, its mute has none; harbor has an agent, and a number of its own.
var numbers = map[string]string{number: "support", "+14155550101": "reminders", "+14155550102": "reminders", "+14155550109": "harbor"}

const (
	callback = "+14155550123"
	tollfree = "+18005550123"
)

func mustNumber(s string) phone.Number {
	n, err := phone.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

var sellers = map[string]consent.Seller{
	"riverbend": {Name: "riverbend", LegalName: "Riverbend Dental LLC", RegisteredName: "Riverbend Dental", Callback: mustNumber(callback), TollfreeOptout: mustNumber(tollfree)},
	"harbor":    {Name: "harbor", LegalName: "Harbor Bank NA"},
}

func directory() server.Directory {
	d := server.Directory{Sellers: sellers, Numbers: map[phone.Number]string{}, Agents: map[string]server.DirectoryAgent{"support": {Seller: "riverbend"},
		"reminders": {Seller: "riverbend", Purpose: consent.Informational}, "mute": {Seller: "riverbend"},
		"quiet": {Seller: "riverbend", Purpose: consent.Informational, NoMarketing: true}, "harbor": {Seller: "harbor"}}}
	for n, a := range numbers {
		d.Numbers[mustNumber(n)] = a
	}
	return d
}

func profiles(voice *evitest.Server) map[string]*call.Profile {
	all := map[string]*call.Profile{}
	for name, a := range directory().Agents {
		all[name] = &call.Profile{Name: name, Voices: []*call.Voice{call.NewVoice("evi", &agent.EVI{URL: voice.URL(), APIKey: "key"})}, Seller: sellers[a.Seller], Purpose: a.Purpose,
			Transfers: builtin.Transfers{{Name: "sales", Number: mustNumber("+14155550199")}, {Name: "support", Number: mustNumber("+14155550198")}}}
	}
	return all
}

// law decides as a test says: what stands in the way, or nothing.
type law struct {
	mu   sync.Mutex
	says consent.Outcome // of everyone who has not said no; Allow if empty
}

func (l *law) say(o consent.Outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.says = o
}

func (l *law) Decide(req consent.Request, s consent.Snapshot, now time.Time) consent.Decision {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := consent.Decision{Outcome: consent.Allow, Policy: "sha256:test", AsOf: s.AsOf, EvaluatedAt: now.UTC(), Duties: []consent.Result{},
		Results: []consent.Result{{Rule: "hours.state.CA", Jurisdiction: "CA", Status: consent.Pass, Effect: consent.EffectDefer, Reason: "it is day"}}}
	switch l.says {
	case consent.Deny:
		d.Results = append(d.Results, consent.Result{Rule: "consent.missing", Jurisdiction: "US", Status: consent.Fail, Effect: consent.EffectBlock, Reason: "none", Citation: "47 CFR"})
	case consent.Hold:
		d.Results = append(d.Results, consent.Result{Rule: "reassigned", Jurisdiction: "US", Status: consent.Unknown, Effect: consent.EffectHold, Reason: "nobody asked"})
	case consent.Defer:
		at := now.Add(90 * time.Minute).UTC()
		d.NotBefore = &at
		d.Results = append(d.Results, consent.Result{Rule: "hours.federal", Jurisdiction: "US", Status: consent.Fail, Effect: consent.EffectDefer, Reason: "night", RetryAt: &at})
	}
	if l.says != "" {
		d.Outcome = l.says
	}
	for _, f := range s.Facts {
		if f.Type == consent.Revoke && f.Seller == req.Seller.Name {
			d.Outcome = consent.Deny
			d.Results = append(d.Results, consent.Result{Rule: "revoked", Jurisdiction: "US", Status: consent.Fail, Effect: consent.EffectBlock, Reason: "they said so", Facts: []int64{f.Seq}})
		}
	}
	return d
}

// book is the ledger, which may be away.
type book struct {
	*postgres.Ledger
	gone atomic.Bool
}

var errGone = errors.New("the ledger is gone")

func (b *book) err() error {
	if b.gone.Load() {
		return errGone
	}
	return nil
}

func (b *book) Record(ctx context.Context, facts ...consent.Fact) ([]consent.Receipt, error) {
	if err := b.err(); err != nil {
		return nil, err
	}
	return b.Ledger.Record(ctx, facts...)
}

func (b *book) RecordAccess(ctx context.Context, a consent.Access) error {
	if err := b.err(); err != nil {
		return err
	}
	return b.Ledger.RecordAccess(ctx, a)
}

func (b *book) Transact(ctx context.Context, n phone.Number, decide func(consent.Snapshot) []consent.Fact) ([]consent.Receipt, error) {
	if err := b.err(); err != nil {
		return nil, err
	}
	return b.Ledger.Transact(ctx, n, decide)
}

func (b *book) Snapshot(ctx context.Context, numbers ...phone.Number) ([]consent.Snapshot, error) {
	if err := b.err(); err != nil {
		return nil, err
	}
	return b.Ledger.Snapshot(ctx, numbers...)
}

func (b *book) History(ctx context.Context, n phone.Number) ([]consent.Fact, error) {
	if err := b.err(); err != nil {
		return nil, err
	}
	return b.Ledger.History(ctx, n)
}

func (b *book) Unclear(ctx context.Context, kind consent.HeldFor, after int64) ([]consent.Fact, int64, error) {
	if err := b.err(); err != nil {
		return nil, 0, err
	}
	return b.Ledger.Unclear(ctx, kind, after)
}

func (b *book) Verify(ctx context.Context) (proof.VerifyResult, error) {
	if err := b.err(); err != nil {
		return proof.VerifyResult{}, err
	}
	return b.Ledger.Verify(ctx)
}

func (b *book) Export(ctx context.Context, w io.Writer, f proof.ExportFilter) error {
	if err := b.err(); err != nil {
		return err
	}
	return b.Ledger.Export(ctx, w, f)
}

func (b *book) Erase(ctx context.Context, n phone.Number, why string) (consent.Receipt, error) {
	if err := b.err(); err != nil {
		return consent.Receipt{}, err
	}
	return b.Ledger.Erase(ctx, n, why)
}

type answers struct{ *postgres.DB }

func (a answers) Claim(ctx context.Context, key, body [32]byte, callID string, stale time.Duration) (server.Claim, error) {
	c, err := a.DB.Claim(ctx, key, body, callID, stale)
	return server.Claim(c), err
}

// exec does something to the database that the program would not, and may not.
func (s *site) exec(query string) {
	s.Helper()
	sql := postgrestest.Open(s.T, postgrestest.SuperuserURL(s.T, s.url)).SQL()
	defer sql.Close()
	if _, err := sql.ExecContext(s.ctx, query); err != nil {
		s.Fatal(err)
	}
}

func (s *site) openGate() {
	s.Helper()
	ledger, err := s.db.Ledger(s.ctx, postgres.LedgerConfig{TokenKey: make([]byte, 32), WrapKey: make([]byte, 32), MACKey: make([]byte, 32)})
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(ledger.Close)
	s.spooled = s.TempDir()
	spool, err := consent.OpenSpool(s.spooled)
	if err != nil {
		s.Fatal(err)
	}
	s.law, s.book = &law{}, &book{Ledger: ledger}
	s.gate = &consent.Gate{Ledger: s.book, Policy: s.law, Spool: spool}
}

// desk places calls as far as the gate, and writes down what it was told.
type desk struct {
	*call.Switchboard
	*site

	mu      sync.Mutex
	orders  []call.Order
	fails   error
	slow    time.Duration
	heard   []string
	answers carrier.Step // nil can't be answered
}

func (d *desk) Place(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error) {
	d.mu.Lock()
	d.orders = append(d.orders, o)
	fails, slow := d.fails, d.slow
	d.mu.Unlock()
	time.Sleep(slow)
	if fails != nil {
		return calllog.Call{}, consent.Decision{}, fails
	}
	req, err := d.Request(o)
	if err != nil {
		return calllog.Call{}, consent.Decision{}, err
	}
	req.CallID = o.ID
	if req.CallID == "" {
		req.CallID = "call_made_up"
	}
	_, decision, err := d.gate.Clear(ctx, req)
	if err != nil {
		return calllog.Call{}, decision, err
	}
	c := calllog.Call{ID: req.CallID, Version: 1, Direction: calllog.Outbound, From: o.From.E164(), To: o.To.E164(), Agent: o.Agent, Voice: "evi", Status: "queued",
		StartedAt: time.Now(), DecisionSeq: &decision.Seq}
	if err := d.db.Calls().Apply(ctx, []calllog.Change{{CallID: c.ID, Call: &c}}); err != nil {
		d.Error(err)
	}
	return c, decision, nil
}

func (d *desk) AnswerOutbound(_ context.Context, v carrier.Incoming, callID string) carrier.Step {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = append(d.heard, "answer "+callID+" "+string(v.Call))
	return d.answers
}

func (d *desk) Machine(_ context.Context, callID, answeredBy string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = append(d.heard, "machine "+callID+" "+answeredBy)
}

// placed is the orders that came so far.
func (d *desk) placed() []call.Order {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]call.Order(nil), d.orders...)
}

// decode reads an answer's body.
func decode[T any](t testing.TB, a answer) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return v
}

// document is a problem with our own members.
type document struct {
	Title, Detail string
	Status        int
	Errors        []api.FieldError
	Decision      *consent.Decision
}

// wrongs checks a 400 to name exactly these fields.
func wrongs(t testing.TB, a answer, fields ...string) {
	t.Helper()
	isProblem(t, a, 400, "")
	d := decode[document](t, a)
	var got []string
	for _, f := range d.Errors {
		got = append(got, f.Field)
		if f.Detail == "" || !strings.Contains(d.Detail, f.Field+": "+f.Detail) {
			t.Errorf("the detail does not say what is wrong with %s: %s", f.Field, d.Detail)
		}
	}
	if strings.Join(got, " ") != strings.Join(fields, " ") {
		t.Errorf("wrong are %q, want %q: %s", got, fields, a.body)
	}
}
