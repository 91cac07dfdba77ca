package consent

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// gate is a gate before a ledger that has the facts of a lawful reminder.
func gate(t *testing.T, facts ...Fact) (*Gate, *memory) {
	t.Helper()
	l := &memory{}
	if _, err := l.Record(context.Background(), facts...); err != nil {
		t.Fatal(err)
	}
	spool, err := OpenSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &Gate{Ledger: l, Policy: halfDecider{}, Spool: spool, Now: func() time.Time { return noon }}, l
}

func TestClearMakesAPermitAndWritesDownWhy(t *testing.T) {
	t.Parallel()
	g, l := gate(t, cleared()...)
	p, d, err := g.Clear(context.Background(), call())
	if err != nil {
		t.Fatal(err)
	}
	decisions, permits := l.of(Decided), l.of(Permitted)
	if len(decisions) != 1 || len(permits) != 1 {
		t.Fatalf("%d decisions and %d permits are written down", len(decisions), len(permits))
	}
	if f := decisions[0]; f.Decision == nil || f.Decision.Outcome != Allow || f.Stage != StageDial ||
		f.CallID != "call_1" || f.Number != dana || f.Seq != d.Seq || d.Seq != p.DecisionSeq() {
		t.Errorf("the decision's row: %+v", f)
	}
	if f := permits[0]; f.PermitID != p.ID() || f.PermitStatus != PermitMinted ||
		!f.ExpiresAt.Equal(noon.Add(time.Minute)) || f.Purpose != Informational || f.From != call().From.E164() {
		t.Errorf("the permit's row: %+v", f)
	}
	if p.CallID() != "call_1" || !strings.HasPrefix(p.ID(), "permit_") || strings.Contains(p.String(), dana.E164()) {
		t.Errorf("the permit: %s", p)
	}
	req, err := p.Use(noon.Add(59 * time.Second))
	if err != nil || !reflect.DeepEqual(req, call()) {
		t.Errorf("the permit is for %+v: %v", req, err)
	}
}

// A campaign's abandoned calls are those under all keys of its seller.
func TestARenamedCampaignKeepsItsCalls(t *testing.T) {
	t.Parallel()
	sellers := map[string]Seller{river.Name: river, "harbor": {Name: "harbor", LegalName: "Harbor Bank NA"}}
	Relate(sellers, map[string][]string{river.Name: {"river-old"}})
	req := call(func(r *Request) { r.Seller = sellers[river.Name] })
	of := func(seller string) Campaign { return Campaign{seller, req.Agent, req.Purpose} }
	s := (&Gate{}).with(Snapshot{Calls: map[Campaign]Calls{of(river.Name): {3, 1, 0}, of("river-old"): {20, 2, 2},
		of("harbor"): {9, 9, 9}}}, req)
	if s.Campaign != (Calls{23, 3, 2}) {
		t.Errorf("counted are %+v", s.Campaign)
	}
}

func TestClearDenies(t *testing.T) {
	t.Parallel()
	g, l := gate(t)
	p, d, err := g.Clear(context.Background(), call())
	var denied *DeniedError
	if !errors.As(err, &denied) || denied.To != dana || denied.Decision.Outcome != Deny || d.Seq == 0 {
		t.Fatalf("%v, %+v", err, d)
	}
	if strings.Contains(err.Error(), dana.E164()) || !strings.Contains(err.Error(), "deny: consent.missing") {
		t.Errorf("the error reads %q", err)
	}
	if _, err := p.Use(noon); !errors.Is(err, ErrNoPermit) {
		t.Errorf("a permit in spite of it: %v", err)
	}
	if len(l.of(Decided)) != 1 || len(l.of(Permitted)) != 0 {
		t.Error("the refusal is not written down, or a permit is")
	}
}

func TestNoLedgerNoCall(t *testing.T) {
	t.Parallel()
	g, l := gate(t, cleared()...)
	away := errors.New("away")
	l.set(away)
	var ledger *LedgerError
	p, _, err := g.Clear(context.Background(), call())
	if !errors.As(err, &ledger) || !errors.Is(err, away) {
		t.Errorf("clear: %v", err)
	}
	if _, err := p.Use(noon); !errors.Is(err, ErrNoPermit) {
		t.Errorf("a permit without a ledger: %v", err)
	}
	if _, err := g.Recheck(context.Background(), call()); !errors.As(err, &ledger) {
		t.Errorf("recheck: %v", err)
	}
	if _, err := g.Check(context.Background(), call()); !errors.As(err, &ledger) {
		t.Errorf("check: %v", err)
	}
	if _, err := g.Record(context.Background(), granted()); !errors.As(err, &ledger) {
		t.Errorf("record: %v", err)
	}
}

func TestTwoRequestsAreNotBothTheFirst(t *testing.T) {
	t.Parallel()
	g, l := gate(t, cleared()...)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { g.Clear(context.Background(), call()) })
	}
	wg.Wait()
	if n := len(l.of(Permitted)); n != 1 {
		t.Errorf("%d permits of twenty requests at once", n)
	}
}

func TestReleasedPermitDoesNotCount(t *testing.T) {
	t.Parallel()
	g, _ := gate(t, cleared()...)
	p, _, err := g.Clear(context.Background(), call())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := g.Clear(context.Background(), call()); err == nil {
		t.Fatal("two permits at once")
	}
	if _, err := g.Record(context.Background(), Ended(call(), p.ID(), PermitReleased, "", noon)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := g.Clear(context.Background(), call()); err != nil {
		t.Errorf("after no telephone rang: %v", err)
	}
}

func TestRecheck(t *testing.T) {
	t.Parallel()
	g, l := gate(t, cleared()...)
	if _, _, err := g.Clear(context.Background(), call()); err != nil {
		t.Fatal(err)
	}
	d, err := g.Recheck(context.Background(), call())
	if err != nil || d.Seq == 0 {
		t.Fatalf("nothing has changed, and yet: %v", err)
	}
	if f := l.of(Decided)[1]; f.Stage != StageAnswer {
		t.Errorf("the stage is %q", f.Stage)
	}
	if _, err := g.Record(context.Background(), revocation(at(noon))); err != nil {
		t.Fatal(err)
	}
	var denied *DeniedError
	if d, err := g.Recheck(context.Background(), call()); !errors.As(err, &denied) || d.Outcome != Deny {
		t.Errorf("revoked while the telephone rang: %v", err)
	}
	if n := len(l.of(Decided)); n != 3 {
		t.Errorf("%d decisions are written down", n)
	}
}

func TestCheckWritesNothing(t *testing.T) {
	t.Parallel()
	g, l := gate(t, cleared()...)
	other := call(func(r *Request) { r.To = number("+12125552672") })
	before := len(l.facts)
	d, err := g.Check(context.Background(), other, call())
	if err != nil || len(d) != 2 || d[0].Outcome != Deny || d[1].Outcome != Allow {
		t.Fatalf("%v, %+v", err, d)
	}
	if len(l.facts) != before {
		t.Error("it wrote something down")
	}
}

func TestKeepCountsAtOnce(t *testing.T) {
	t.Parallel()
	g, l := gate(t, cleared()...)
	ctx := context.Background()
	l.set(errors.New("away"))
	spooled, err := g.RecordDurably(ctx, revocation(at(noon)))
	if err != nil || !spooled {
		t.Fatalf("spooled: %v, %v", spooled, err)
	}
	l.set(nil)
	var denied *DeniedError
	if _, _, err := g.Clear(ctx, call()); !errors.As(err, &denied) ||
		denied.Decision.Failing()[0].Rule != "consent.missing" {
		t.Errorf("clear: %v", err)
	}
	if _, err := g.Recheck(ctx, call()); !errors.As(err, &denied) {
		t.Errorf("recheck: %v", err)
	}
	if d, err := g.Check(ctx, call()); err != nil || d[0].Outcome != Deny {
		t.Errorf("check: %v", err)
	}
	if err := g.Spool.Replay(ctx, l); err != nil || g.Spool.Waiting() != 0 || len(l.of(Revoke)) != 1 {
		t.Fatalf("replay: %v, %d wait, %d in the ledger", err, g.Spool.Waiting(), len(l.of(Revoke)))
	}
	if d, err := g.Check(ctx, call()); err != nil || d[0].Outcome != Deny {
		t.Errorf("after the replay: %v", err)
	}
	if spooled, err := g.RecordDurably(ctx, revocation(at(noon))); err != nil || spooled {
		t.Errorf("with the ledger there: spooled %v, %v", spooled, err)
	}
}

func TestKeepWithoutAPlace(t *testing.T) {
	t.Parallel()
	g, l := gate(t, cleared()...)
	g.Spool.path = t.TempDir() // a folder takes no line
	l.set(errors.New("away"))
	spooled, err := g.RecordDurably(context.Background(), revocation(at(noon)))
	if err == nil || !spooled || strings.Contains(err.Error(), dana.E164()) {
		t.Fatalf("spooled %v, %v", spooled, err)
	}
	l.set(nil)
	if d, err := g.Check(context.Background(), call()); err != nil || d[0].Outcome != Deny {
		t.Errorf("the number is not frozen: %v", err)
	}
	g.Spool = nil
	l.set(errors.New("away"))
	if spooled, err := g.RecordDurably(context.Background(), revocation()); err == nil || spooled {
		t.Errorf("without a spool: %v, %v", spooled, err)
	}
}
