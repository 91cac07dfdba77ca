package postgres_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

// The account has one rate, however many instances ask and however many of their
// workers wait: turns are an interval apart.
func TestTurnsOfAllInstancesAreAnIntervalApart(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	const perSecond, each = 20, 5
	var (
		mu    sync.Mutex
		turns []time.Time
		all   sync.WaitGroup
	)
	began := time.Now()
	for range 2 {
		rate := postgrestest.Open(t, url).CallRate(perSecond)
		for range 3 {
			all.Go(func() {
				for range each {
					if err := rate.TakeSlot(t.Context(), true); err != nil {
						t.Error(err)
					}
					mu.Lock()
					turns = append(turns, time.Now())
					mu.Unlock()
				}
			})
		}
	}
	all.Wait()
	slices.SortFunc(turns, time.Time.Compare)
	if len(turns) != 30 {
		t.Fatalf("%d turns", len(turns))
	}
	// The first comes at once, the thirtieth 29 intervals later; none is early.
	for i, at := range turns {
		if earliest := time.Duration(i)*time.Second/perSecond - 5*time.Millisecond; at.Sub(began) < earliest {
			t.Errorf("turn %d came after %v, want at least %v", i, at.Sub(began), earliest)
		}
	}
	if took := turns[29].Sub(began); took > 5*time.Second {
		t.Errorf("30 turns at %d a second took %v", perSecond, took)
	}
}

func TestWhoDoesNotWaitTakesAPlaceAllTheSame(t *testing.T) {
	t.Parallel()
	rate := postgrestest.New(t).CallRate(10)
	began := time.Now()
	for range 5 {
		if err := rate.TakeSlot(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > 400*time.Millisecond {
		t.Errorf("five places took %v", took)
	}
	if err := rate.TakeSlot(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(began); waited < 480*time.Millisecond {
		t.Errorf("the sixth came after %v", waited)
	}
}

func TestLineThatIsTooLongIsNotWaitedIn(t *testing.T) {
	t.Parallel()
	rate := postgrestest.New(t).CallRate(0) // one a second
	for range 40 {
		if err := rate.TakeSlot(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	}
	if err := rate.TakeSlot(t.Context(), true); !errors.Is(err, remind.ErrNoSlot) {
		t.Errorf("40 s away: %v", err)
	}
}

func TestWaitingInTheLineEndsWithItsContext(t *testing.T) {
	t.Parallel()
	rate := postgrestest.New(t).CallRate(0.1)
	if err := rate.TakeSlot(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := rate.TakeSlot(ctx, true); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}
