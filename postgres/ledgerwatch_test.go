package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// watched gives the facts that an instance is told of.
func watched(t *testing.T, l *postgres.Ledger) <-chan consent.Fact {
	t.Helper()
	facts := make(chan consent.Fact, 100)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Watch(ctx, func(f consent.Fact) { facts <- f }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the watch ended with %v", err)
		}
	})
	return facts
}

// next leaves out person 0, who says no until everybody listens.
func next(t *testing.T, facts <-chan consent.Fact, wait time.Duration) consent.Fact {
	t.Helper()
	late := time.After(wait)
	for {
		select {
		case f := <-facts:
			if f.Number != person(0) {
				return f
			}
		case <-late:
			t.Fatalf("nothing was told within %v", wait)
		}
	}
}

func TestEveryInstanceIsToldOfARefusal(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	line := newProxy(t, url)
	other := openLedger(t, postgrestest.Open(t, line.url))
	record(t, l, revoke(person(99))) // before anybody watches
	here, there := watched(t, l), watched(t, other)
	for _, facts := range []<-chan consent.Fact{here, there} {
		for listens := false; !listens; {
			record(t, l, revoke(person(0)))
			select {
			case <-facts:
				listens = true
			case <-time.After(50 * time.Millisecond):
			}
		}
	}

	no := []consent.Fact{
		revoke(person(1)),
		{Type: consent.DNCAdd, Number: person(2), Seller: "riverbend"},
		{Type: consent.OptOutInCall, Number: person(3), Seller: "riverbend", Trigger: "key", CallID: "call_1"},
		{Type: consent.NumberFact, Number: person(4), Seller: "riverbend", Reassigned: consent.Yes},
	}
	quiet := []consent.Fact{grant(person(5)), {Type: consent.NumberFact, Number: person(6), Reassigned: consent.No}}
	record(t, l, append(quiet, no...)...)
	for _, facts := range []<-chan consent.Fact{here, there} {
		for _, want := range no {
			if f := next(t, facts, time.Second); f.Type != want.Type || f.Number != want.Number || f.Seq == 0 {
				t.Errorf("told of %+v, want %+v", f, want)
			}
		}
	}

	line.cut()
	record(t, l, revoke(person(7)))
	record(t, l, grant(person(8)), revoke(person(9)))
	line.restore()
	for _, want := range []int{7, 9} {
		if f := next(t, there, 10*time.Second); f.Number != person(want) {
			t.Errorf("after the line was cut told of %+v", f)
		}
	}
	record(t, l, revoke(person(10)))
	if f := next(t, there, time.Second); f.Number != person(10) {
		t.Errorf("told of %+v", f)
	}
	for late := time.After(100 * time.Millisecond); ; {
		select {
		case f := <-there:
			if f.Number != person(0) {
				t.Errorf("told of %+v, twice or for nothing", f)
			}
			continue
		case <-late:
		}
		break
	}
}
