package postgres_test

import (
	"errors"
	"testing"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// A legal hold keeps a person from being erased until it is released; a second one holds on.
func TestALegalHoldStopsAnErasure(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	hold := func(name string) consent.Fact {
		return consent.Fact{Type: consent.LegalHold, Number: person(1), Name: name, Reason: "a lawsuit", By: "counsel"}
	}
	record(t, l, grant(person(1)), hold("26-118"), hold("26-119"), grant(person(2)))
	for released, want := range []string{"26-118", "26-119"} {
		_, err := l.Erase(t.Context(), person(1), "asked")
		var held *consent.HeldError
		if !errors.As(err, &held) || len(held.Holds) != 2-released || held.Holds[0].Name != want || held.Holds[0].Reason != "a lawsuit" {
			t.Fatalf("with %d released: %v", released, err)
		}
		on, err := l.HoldsOn(t.Context(), person(1))
		all, next, allErr := l.Holds(t.Context(), 0)
		if errors.Join(err, allErr) != nil || len(on) != 2-released || len(all) != 2-released || all[0].Name != want || next != 0 {
			t.Errorf("with %d released: %+v, %+v, %v", released, on, all, errors.Join(err, allErr))
		}
		record(t, l, consent.Fact{Type: consent.HoldReleased, Number: person(1), Renews: held.Holds[0].Seq, Reason: "settled"})
	}
	if on, err := l.HoldsOn(t.Context(), person(2)); err != nil || len(on) != 0 {
		t.Errorf("another person: %+v, %v", on, err)
	}
	if _, err := l.Erase(t.Context(), person(1), "asked"); err != nil {
		t.Error(err)
	}
	if all, _, err := l.Holds(t.Context(), 0); err != nil || len(all) != 0 {
		t.Errorf("after all of it: %+v, %v", all, err)
	}
	if r := verify(t, l); !r.OK {
		t.Errorf("the chain verifies as %+v", r)
	}
}
