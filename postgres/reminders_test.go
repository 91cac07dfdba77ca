package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

var _ interface {
	remind.Store
	remind.Adder[pgx.Tx]
} = (*postgres.Reminders)(nil)

var sameNumber = cmp.Comparer(func(a, b phone.Number) bool { return a == b })

func nobody(context.Context, pgx.Tx, []remind.Reminder) error { return nil }

// someReminder is one of many.
func someReminder(t *testing.T, i int) remind.Reminder {
	t.Helper()
	to, err := phone.Parse(fmt.Sprintf("+1415%07d", 2000000+i))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 12, 1, 17, 0, i, 0, time.UTC)
	return remind.Reminder{ID: fmt.Sprintf("rem_%04d", i), Due: at, NextAt: at, CreatedAt: at.Add(-time.Hour), Status: remind.Scheduled,
		Order: call.Order{To: to, From: to, Agent: "reminders", Purpose: consent.Informational, Subject: `it's "quoted", ünd {so on}`,
			Variables: map[string]string{"name": "Dana", "note": `a,"b"` + "\n{}"}, Location: consent.Location{State: "CA", Zone: "America/Los_Angeles"}}}
}

func store(t *testing.T, n int) *postgres.Reminders {
	t.Helper()
	s := postgrestest.New(t).Reminders()
	var list []remind.Reminder
	for i := range n {
		list = append(list, someReminder(t, i))
	}
	if n > 0 {
		if _, err := s.Add(t.Context(), list, nobody); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestReminderComesBackAsItWas(t *testing.T) {
	t.Parallel()
	s := store(t, 1)
	want := someReminder(t, 0)
	got, err := s.Get(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, sameNumber, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	v, err := s.View(t.Context(), want.ID)
	if err != nil || v.Last != nil || !v.PausedUntil.IsZero() {
		t.Errorf("the view is %+v, %v", v, err)
	}
	for _, id := range []string{"rem_none", "", "\x00", "\xff"} {
		if _, err := s.Get(t.Context(), id); !errors.Is(err, remind.ErrNotFound) {
			t.Errorf("Get(%q): %v", id, err)
		}
	}
}

// What cannot be queued is not stored either.
func TestReminderAndJobAreOneTransaction(t *testing.T) {
	t.Parallel()
	s := store(t, 0)
	away := errors.New("the queue is away")
	_, err := s.Add(t.Context(), []remind.Reminder{someReminder(t, 0)}, func(context.Context, pgx.Tx, []remind.Reminder) error { return away })
	if !errors.Is(err, away) {
		t.Errorf("Add: %v", err)
	}
	if _, err := s.Get(t.Context(), "rem_0000"); !errors.Is(err, remind.ErrNotFound) {
		t.Errorf("Get: %v", err)
	}
}

func TestRemindersAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	s := store(t, 25)
	if _, err := s.Cancel(t.Context(), "rem_0003", "no more"); err != nil {
		t.Fatal(err)
	}
	var got []string
	f := remind.Filter{Limit: 10}
	for page := 0; ; page++ {
		list, next, err := s.List(t.Context(), f)
		if err != nil || page > 3 {
			t.Fatalf("page %d: %v", page, err)
		}
		for _, r := range list {
			got = append(got, r.ID)
		}
		if next == "" {
			break
		}
		f.Cursor = next
	}
	if len(got) != 25 || got[0] != "rem_0024" || got[24] != "rem_0000" {
		t.Errorf("listed %v", got)
	}
	for name, c := range map[string]struct {
		f    remind.Filter
		want int
	}{
		"a status":        {remind.Filter{Status: remind.Cancelled}, 1},
		"a number":        {remind.Filter{To: someReminder(t, 7).Order.To}, 1},
		"an agent":        {remind.Filter{Agent: "reminders"}, 25},
		"another agent":   {remind.Filter{Agent: "nobody"}, 0},
		"all of it":       {remind.Filter{Agent: "reminders", Status: remind.Scheduled, To: someReminder(t, 7).Order.To}, 1},
		"nothing in both": {remind.Filter{Status: remind.Cancelled, To: someReminder(t, 7).Order.To}, 0},
	} {
		if list, _, err := s.List(t.Context(), c.f); err != nil || len(list) != c.want {
			t.Errorf("%s: %d, %v; want %d", name, len(list), err, c.want)
		}
	}
	for name, f := range map[string]remind.Filter{"a limit": {Limit: 201}, "a cursor": {Cursor: "x"}, "a status": {Status: "\x00"}} {
		if _, _, err := s.List(t.Context(), f); !errors.Is(err, remind.ErrBadFilter) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOneAttemptIsClaimedOnce(t *testing.T) {
	t.Parallel()
	s := store(t, 1)
	due := someReminder(t, 0).Due
	if n, err := s.Claim(t.Context(), "rem_0000", "call_early", due.Add(-time.Second)); n != 0 || err != nil {
		t.Errorf("before it is due: attempt %d, %v", n, err)
	}
	claims := make(chan int, 8)
	for i := range 8 {
		go func() {
			n, err := s.Claim(t.Context(), "rem_0000", fmt.Sprintf("call_%d", i), due)
			if err != nil {
				t.Error(err)
			}
			claims <- n
		}()
	}
	sum := 0
	for range 8 {
		sum += <-claims
	}
	if sum != 1 {
		t.Errorf("the attempts claimed add up to %d", sum)
	}
	v, err := s.View(t.Context(), "rem_0000")
	if err != nil || v.Status != remind.Calling || v.Last == nil || v.Last.Fate != remind.Open || v.Last.Number != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Whoever comes first settles an attempt; only its end may come on top.
func TestAttemptIsSettledOnce(t *testing.T) {
	t.Parallel()
	s := store(t, 1)
	id, due := "rem_0000", someReminder(t, 0).Due
	if _, err := s.Claim(t.Context(), id, "call_a", due); err != nil {
		t.Fatal(err)
	}
	settle := func(a remind.Settlement) remind.View {
		t.Helper()
		a.ID, a.Attempt = id, 1
		if _, err := s.Settle(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		v, err := s.View(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	ended := remind.Settlement{Fate: remind.Placed, Outcome: "busy", Counts: true, State: remind.State{Status: remind.Scheduled, NextAt: due.Add(time.Hour), Reason: "busy"}}
	v := settle(ended)
	if v.Status != remind.Scheduled || v.Attempts != 1 || v.Last.Outcome != "busy" || len(v.CallIDs) != 1 || !v.NextAt.Equal(due.Add(time.Hour)) {
		t.Errorf("after its end: %+v, last %+v", v, v.Last)
	}
	for _, late := range []remind.Settlement{
		{Fate: remind.Placed, Counts: true, State: remind.State{Status: remind.Calling}}, // Place returns after the call has ended
		{Fate: remind.Nothing, State: remind.State{Status: remind.Refused}},
		{Fate: remind.Placed, Outcome: "agent_ended", Counts: true, State: remind.State{Status: remind.Done}},
	} {
		if v := settle(late); v.Status != remind.Scheduled || v.Last.Outcome != "busy" || v.Attempts != 1 {
			t.Errorf("after %+v: %+v", late, v)
		}
	}
	if got, err := s.ByCall(t.Context(), "call_a"); err != nil || got != id {
		t.Errorf("ByCall: %q, %v", got, err)
	}
	if _, err := s.ByCall(t.Context(), "call_x"); !errors.Is(err, remind.ErrNotFound) {
		t.Errorf("ByCall of none: %v", err)
	}
}

// What was cancelled during its call stays so, and the call is counted.
func TestCancelledReminderStaysCancelled(t *testing.T) {
	t.Parallel()
	s := store(t, 1)
	id, due := "rem_0000", someReminder(t, 0).Due
	if _, err := s.Claim(t.Context(), id, "call_a", due); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cancel(t.Context(), id, "no more"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Settle(t.Context(), remind.Settlement{ID: id, Attempt: 1, Fate: remind.Placed, Outcome: "busy", Counts: true, State: remind.State{Status: remind.Scheduled, NextAt: due}}); err != nil {
		t.Fatal(err)
	}
	if moved, err := s.Move(t.Context(), id, remind.State{Status: remind.Scheduled, NextAt: due}); err != nil || moved {
		t.Errorf("moved: %t, %v", moved, err)
	}
	r, err := s.Get(t.Context(), id)
	if err != nil || r.Status != remind.Cancelled || r.Attempts != 1 || len(r.CallIDs) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if n, err := s.Claim(t.Context(), id, "call_b", due); n != 0 || err != nil {
		t.Errorf("claimed as attempt %d, %v", n, err)
	}
}

// Of an attempt that came to nothing only its number stays, which is not used again.
func TestAttemptThatCameToNothingIsForgotten(t *testing.T) {
	t.Parallel()
	s := store(t, 1)
	id, due := "rem_0000", someReminder(t, 0).Due
	for i := range 3 {
		n, err := s.Claim(t.Context(), id, fmt.Sprintf("call_%d", i), due)
		if err != nil || n != i+1 {
			t.Fatalf("attempt %d, %v", n, err)
		}
		settled := remind.Settlement{ID: id, Attempt: n, Fate: remind.Nothing, State: remind.State{Status: remind.Scheduled, NextAt: due, Reason: "the ledger"}}
		for _, want := range []bool{true, false} {
			if applied, err := s.Settle(t.Context(), settled); applied != want || err != nil {
				t.Errorf("settled: %t, %v; want %t", applied, err, want)
			}
		}
		if v, err := s.View(t.Context(), id); err != nil || v.Last != nil || v.Attempts != 0 || v.Reason != "the ledger" {
			t.Errorf("%+v, %v", v, err)
		}
	}
}

func TestLongerPauseWins(t *testing.T) {
	t.Parallel()
	s := store(t, 1)
	now := time.Now().UTC().Truncate(time.Microsecond)
	for _, p := range []remind.Pause{{Agent: "reminders", Until: now.Add(time.Hour), Reason: "a"}, {Agent: "reminders", Until: now.Add(time.Minute), Reason: "b"}, {Agent: "past", Until: now.Add(-time.Minute)}} {
		if err := s.Pause(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Pauses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]remind.Pause{{Agent: "reminders", Until: now.Add(time.Hour), Reason: "b"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if v, err := s.View(t.Context(), "rem_0000"); err != nil || !v.PausedUntil.Equal(now.Add(time.Hour)) {
		t.Errorf("paused until %v, %v", v.PausedUntil, err)
	}
}
