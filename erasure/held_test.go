package erasure_test

import (
	"context"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/phone"
)

// watched is a ledger that says when it was asked for legal holds.
type watched struct {
	erasure.Ledger
	asked func()
}

func (w watched) HoldsOn(ctx context.Context, n phone.Number) ([]consent.Fact, error) {
	held, err := w.Ledger.HoldsOn(ctx, n)
	w.asked()
	return held, err
}

// touched is a disk that tells whether it was asked for anything of an erasure.
type touched struct {
	*disk
	n int
}

func (d *touched) Flush(ctx context.Context) error {
	d.n++
	return d.disk.Flush(ctx)
}

// record writes a fact of a number.
func (s *site) record(f consent.Fact) int64 {
	s.Helper()
	f.OccurredAt, f.Source, f.Actor, f.Via = time.Now(), "operator", "api", consent.ViaCLI
	receipts, err := s.ledger.Record(s.Context(), f)
	if err != nil {
		s.Fatal(err)
	}
	return receipts[0].Seq
}

// A legal hold that comes while an erasure is under way stops it where it has not been yet: the
// other instance deletes nothing until the hold is released.
func TestAHoldStopsAnErasureUnderWay(t *testing.T) {
	t.Parallel()
	s := open(t)
	n := s.person(0)
	if err := s.db.Beat(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	ofTwo := &touched{disk: s.disk}
	one := s.instance("one", &disk{db: s.db, recorded: map[string]bool{}}, immortal())
	e, err := one.Erase(t.Context(), n, "asked")
	if err != nil || e.Status != erasure.Running {
		t.Fatalf("%+v, %v", e, err)
	}
	hold := s.record(consent.Fact{Type: consent.LegalHold, Number: n, Name: "26-118", Reason: "a lawsuit"})
	ctx, cancel := context.WithCancel(t.Context())
	two, err := erasure.New(erasure.Config{Store: s.db.Erasures(), Ledger: watched{s.ledger, cancel}, Local: ofTwo,
		Permits: func(phone.Number) (p [32]byte) { return p }, Key: make([]byte, 32), Instance: "two"})
	if err != nil {
		t.Fatal(err)
	}
	if two.Run(ctx); ctx.Err() == nil || ofTwo.n > 0 || len(ofTwo.recorded) != 2 {
		t.Errorf("asked for the hold: %v; the disk was asked %d times and has %v", ctx.Err(), ofTwo.n, ofTwo.recorded)
	}
	s.record(consent.Fact{Type: consent.HoldReleased, Number: n, Renews: hold, Reason: "settled"})
	if e, err = two.Erase(t.Context(), n, "asked"); err != nil || ofTwo.n == 0 || e.ID == "" {
		t.Errorf("once it is released: %+v, %v", e, err)
	}
	if e, err = one.Erase(t.Context(), n, "asked"); err != nil || e.Status != erasure.Done {
		t.Errorf("in the end: %+v, %v", e, err)
	}
	s.gone(n, 0)
}
