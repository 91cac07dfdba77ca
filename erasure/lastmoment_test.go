package erasure_test

import (
	"context"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/phone"
)

// looked is a ledger that says when it has been looked for late facts.
type looked struct {
	erasure.Ledger
	after func()
}

func (l looked) History(ctx context.Context, n phone.Number) ([]consent.Fact, error) {
	facts, err := l.Ledger.History(ctx, n)
	l.after()
	return facts, err
}

// Another instance brings a fact from before the order and is done, just after this one has looked for such
// facts: it has to look again before the order is finished.
func TestAnotherInstanceIsDoneInTheLastMoment(t *testing.T) {
	t.Parallel()
	s := open(t)
	n := s.person(0)
	if err := s.db.Beat(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	id := ""
	one, err := erasure.New(erasure.Config{Store: s.db.Erasures(), Local: s.disk, Key: make([]byte, 32), Instance: "one",
		Permits: func(phone.Number) (p [32]byte) { return p },
		Ledger: looked{s.ledger, func() {
			late := consent.Fact{Type: consent.Grant, Number: n, Seller: "riverbend", OccurredAt: time.Now().Add(-time.Hour),
				Source: "web_form", Tier: consent.Express, Note: "late"}
			if _, err := s.ledger.Record(t.Context(), late); err != nil {
				t.Error(err)
			}
			if err := s.db.Erasures().Progress(t.Context(), id, "two", nil, true); err != nil {
				t.Error(err)
			}
		}}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := one.Erase(t.Context(), n, "asked") // destroys the key: nobody looks for late facts yet
	if err != nil || e.Status != erasure.Running || e.Seq == 0 {
		t.Fatalf("%+v, %v", e, err)
	}
	id = e.ID
	if e, err = one.Erase(t.Context(), n, "asked"); err != nil || e.Status != erasure.Running {
		t.Errorf("with a late fact it is %s, %v", e.Status, err)
	}
	e, err = s.instance("one", s.disk, immortal()).Erase(t.Context(), n, "asked")
	if err != nil || e.Status != erasure.Done {
		t.Errorf("in the end it is %s, %v", e.Status, err)
	}
	s.gone(n, 0)
	facts, err := s.ledger.History(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range facts {
		if f.Note != "" {
			t.Errorf("what somebody said is still there: row %d says %q", f.Seq, f.Note)
		}
	}
}
