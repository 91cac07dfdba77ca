package remind_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

// Who says stop has nothing scheduled any more, of all whom they take for that caller,
// as far as they said it.
func TestRevocationCancels(t *testing.T) {
	t.Parallel()
	const own, sales, billing, clinic, foreign, gone = 0, 1, 2, 3, 4, 5 // the number's reminders
	all := []int{own, sales, billing, clinic, foreign, gone}
	group := []int{own, sales, billing, clinic}
	for name, c := range map[string]struct {
		fact consent.Fact
		want []int // are cancelled
	}{
		"all-of-the-sellers-group":      {consent.Fact{Type: consent.Revoke, Seller: "riverbend", Scope: consent.AllAutomated}, group},
		"said-to-another-of-the-group":  {consent.Fact{Type: consent.DNCAdd, Seller: "oakhill"}, group},
		"platform":                      {consent.Fact{Type: consent.Revoke, Seller: "riverbend", Scope: consent.ScopePlatform}, all},
		"without-seller":                {consent.Fact{Type: consent.Revoke}, all},
		"affiliates-of-a-named-group":   {consent.Fact{Type: consent.Revoke, Seller: "harbor", Scope: consent.ScopeAffiliate}, []int{foreign, gone}},
		"sales-alone":                   {consent.Fact{Type: consent.Revoke, Seller: "riverbend", Scope: consent.ScopePurpose, Purposes: []consent.Purpose{consent.Telemarketing}}, []int{sales}},
		"one-category":                  {consent.Fact{Type: consent.Revoke, Seller: "riverbend", Scope: consent.ScopeCategory, Subject: "billing"}, []int{billing}},
		"of-a-seller-nobody-calls-for":  {consent.Fact{Type: consent.Revoke, Seller: "nobody"}, nil},
		"do-not-call":                   {consent.Fact{Type: consent.DNCAdd, Seller: "riverbend"}, group},
		"in-a-call":                     {consent.Fact{Type: consent.OptOutInCall, Seller: "harbor"}, []int{foreign}},
		"number-of-someone-else-now":    {consent.Fact{Type: consent.NumberFact, Seller: "riverbend", Reassigned: consent.Yes}, all},
		"number-may-be-of-someone-else": {consent.Fact{Type: consent.NumberFact, Reassigned: consent.Suspected}, all},
		"number-that-is-still-theirs":   {consent.Fact{Type: consent.NumberFact, Seller: "riverbend", Reassigned: consent.No}, nil},
		"what-may-be-a-refusal-holds":   {consent.Fact{Type: consent.OptOutUnclear, Seller: "riverbend"}, nil},
		"a-preference-is-the-gates":     {consent.Fact{Type: consent.Preference, Seller: "riverbend"}, nil},
		"grant":                         {consent.Fact{Type: consent.Grant, Seller: "riverbend"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, w := fresh(t)
			s := begin(t, db, w)
			hour := time.Now().Add(time.Hour)
			var list []remind.Reminder
			for range len(all) + 1 {
				list = append(list, reminder(number(t, 1), hour))
			}
			list[sales].Order.Marketing, list[billing].Order.Subject = true, "billing"
			list[clinic].Order.Agent, list[foreign].Order.Agent, list[gone].Order.Agent = "clinic", "other", "was removed"
			list[len(all)].Order.To = number(t, 2)
			list, _, err := s.Add(t.Context(), list...)
			if err != nil {
				t.Fatal(err)
			}
			c.fact.Number = number(t, 1)
			s.Revoked(c.fact)
			s.Revoked(consent.Fact{Type: consent.DNCAdd, Number: number(t, 2)})
			becomes(t, s, list[len(all)].ID, remind.Cancelled) // one after the other: the first is done by now
			for _, i := range all {
				want := remind.Scheduled
				if slices.Contains(c.want, i) {
					want = remind.Cancelled
				}
				if r, err := s.Get(t.Context(), list[i].ID); err != nil || r.Status != want {
					t.Errorf("reminder %d is %s (%q), %v; want %s", i, r.Status, r.Reason, err, want)
				}
			}
		})
	}
}

// However many there are, none is left.
func TestRevocationCancelsAllOfMany(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	list := make([]remind.Reminder, 2*remind.MaxLimit+1)
	for i := range list {
		list[i] = reminder(number(t, 1), time.Now().Add(time.Hour))
	}
	if _, _, err := s.Add(t.Context(), list...); err != nil {
		t.Fatal(err)
	}
	last := add(t, s, reminder(number(t, 2), time.Now().Add(time.Hour)))
	s.Revoked(consent.Fact{Type: consent.Revoke, Seller: "riverbend", Number: number(t, 1)})
	s.Revoked(consent.Fact{Type: consent.DNCAdd, Number: number(t, 2)})
	becomes(t, s, last.ID, remind.Cancelled) // one after the other: the first is done by now
	left, _, err := s.List(t.Context(), remind.Filter{Status: remind.Scheduled})
	if err != nil || len(left) > 0 {
		t.Errorf("%d are left, %v", len(left), err)
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
