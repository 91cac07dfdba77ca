package remind_test

import (
	"errors"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

// Who says stop has nothing scheduled any more, of that seller.
func TestRevocationCancels(t *testing.T) {
	t.Parallel()
	hour := time.Now().Add(time.Hour)
	for _, c := range []struct {
		name string
		fact consent.Fact
		want [3]remind.Status // of the number's own, of another seller's, of a sales call
	}{
		{"revoke-cancels-all-of-the-seller", consent.Fact{Type: consent.Revoke, Seller: "riverbend", Scope: consent.AllAutomated}, [3]remind.Status{remind.Cancelled, remind.Scheduled, remind.Cancelled}},
		{"revoke-without-seller-cancels-all", consent.Fact{Type: consent.Revoke}, [3]remind.Status{remind.Cancelled, remind.Cancelled, remind.Cancelled}},
		{"revoke-of-sales-leaves-the-rest", consent.Fact{Type: consent.Revoke, Seller: "riverbend", Scope: "telemarketing"}, [3]remind.Status{remind.Scheduled, remind.Scheduled, remind.Cancelled}},
		{"revoke-of-a-seller-nobody-calls-for", consent.Fact{Type: consent.Revoke, Seller: "nobody"}, [3]remind.Status{remind.Scheduled, remind.Scheduled, remind.Scheduled}},
		{"do-not-call", consent.Fact{Type: consent.DNCAdd, Seller: "riverbend"}, [3]remind.Status{remind.Cancelled, remind.Scheduled, remind.Cancelled}},
		{"stop-in-a-call", consent.Fact{Type: consent.OptOutInCall, Seller: "oakhill"}, [3]remind.Status{remind.Scheduled, remind.Cancelled, remind.Scheduled}},
		{"number-of-someone-else-now", consent.Fact{Type: consent.NumberFact, Seller: "riverbend", Reassigned: consent.Yes}, [3]remind.Status{remind.Cancelled, remind.Cancelled, remind.Cancelled}},
		{"number-that-is-still-theirs", consent.Fact{Type: consent.NumberFact, Seller: "riverbend", Reassigned: consent.No}, [3]remind.Status{remind.Scheduled, remind.Scheduled, remind.Scheduled}},
		{"grant", consent.Fact{Type: consent.Grant, Seller: "riverbend"}, [3]remind.Status{remind.Scheduled, remind.Scheduled, remind.Scheduled}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, w := fresh(t)
			s := begin(t, db, w)
			own, foreign, sales, neighbour := reminder(number(t, 1), hour), reminder(number(t, 1), hour), reminder(number(t, 1), hour), reminder(number(t, 2), hour)
			foreign.Order.Agent, sales.Order.Marketing = "other", true
			list, _, err := s.Add(t.Context(), own, foreign, sales, neighbour)
			if err != nil {
				t.Fatal(err)
			}
			c.fact.Number = number(t, 1)
			s.Revoked(c.fact)
			s.Revoked(consent.Fact{Type: consent.DNCAdd, Number: number(t, 2)})
			becomes(t, s, list[3].ID, remind.Cancelled) // one after the other: the first is done by now
			for i, want := range c.want {
				if r, err := s.Get(t.Context(), list[i].ID); err != nil || r.Status != want {
					t.Errorf("reminder %d is %s (%q), %v; want %s", i, r.Status, r.Reason, err, want)
				}
			}
		})
	}
}

func TestRevokedReminderIsNotCalledWhenDue(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	r := add(t, s, reminder(number(t, 1), time.Now().Add(1500*time.Millisecond)))
	s.Revoked(consent.Fact{Type: consent.Revoke, Seller: "riverbend", Number: number(t, 1)})
	becomes(t, s, r.ID, remind.Cancelled)
	time.Sleep(2 * time.Second) // past its time
	if n := w.rings(number(t, 1)); n != 0 {
		t.Errorf("%d rings", n)
	}
}

func TestCancelOnRequest(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	n := number(t, 1)
	if _, err := s.Cancel(t.Context(), "rem_nobody"); !errors.Is(err, remind.ErrNotFound) {
		t.Errorf("of none: %v", err)
	}
	if _, err := s.Cancel(t.Context(), "\x00"); !errors.Is(err, remind.ErrNotFound) {
		t.Errorf("of what can be none: %v", err)
	}
	r := add(t, s, reminder(n, time.Now().Add(time.Hour)))
	if r, err := s.Cancel(t.Context(), r.ID); err != nil || r.Status != remind.Cancelled {
		t.Errorf("%s, %v", r.Status, err)
	}
	if r, err := s.Cancel(t.Context(), r.ID); !errors.Is(err, remind.ErrFinal) || r.Status != remind.Cancelled {
		t.Errorf("twice: %s, %v", r.Status, err)
	}

	// During its call: the call goes on, and there is no other.
	r = add(t, s, reminder(n, time.Now()))
	until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
	if r, err := s.Cancel(t.Context(), r.ID); err != nil || r.Reason != "cancelled on request; its call was under way" {
		t.Errorf("%q, %v", r.Reason, err)
	}
	s.CallEnded(w.end(t, n, calllog.OutcomeBusy, false))
	time.Sleep(time.Second)
	if r, err := s.Get(t.Context(), r.ID); err != nil || r.Status != remind.Cancelled || w.rings(n) != 1 {
		t.Errorf("%s, %d rings, %v", r.Status, w.rings(n), err)
	}
}
