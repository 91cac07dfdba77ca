package server_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// "Not now" is no answer for good: the same key is decided again, until there is a call
// or a denial, which stay.
func TestKeptAnswerIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first, then consent.Outcome
		status      int // of the second answer, and of the third, when the gate would say the opposite
		rows        int // decisions in the ledger after the third
	}{
		{consent.Defer, consent.Allow, 202, 2},
		{consent.Hold, consent.Allow, 202, 2},
		{consent.Defer, consent.Deny, 403, 2},
		{consent.Hold, consent.Defer, 409, 3},
		{consent.Deny, consent.Allow, 403, 1},
		{consent.Allow, consent.Deny, 202, 1},
	} {
		t.Run(string(c.first)+" then "+string(c.then), func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.law.say(c.first)
			s.keyed(s.web.URL, "key", whole)
			s.law.say(c.then)
			second := s.keyed(s.web.URL, "key", whole)
			if second.status != c.status {
				t.Errorf("again: %d %s", second.status, second.body)
			}
			third := s.keyed(s.web.URL, "key", whole)
			if same := third.body == second.body; third.status != c.status || same != (c.rows < 3) {
				t.Errorf("a third time: %d %s", third.status, third.body)
			}
			isProblem(t, s.keyed(s.web.URL, "key", strings.Replace(whole, "Dana", "Dora", 1)), 409, "another call")
			if n := len(s.desk.placed()); n != c.rows {
				t.Errorf("the gate decided %d times, want %d", n, c.rows)
			}
		})
	}
}

// Several who ask again at once get one decision and one call.
func TestKeptAnswerIsAskedAgainOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	other := s.make()
	s.law.say(consent.Hold)
	s.keyed(s.web.URL, "key", whole)
	s.law.say(consent.Allow)
	s.desk.slow = 300 * time.Millisecond
	bodies := make([]string, 8)
	var wg sync.WaitGroup
	for i := range bodies {
		base := []string{s.web.URL, other.URL}[i%2]
		wg.Go(func() { bodies[i] = s.keyed(base, "key", whole).body })
	}
	wg.Wait()
	for _, b := range bodies {
		if b != bodies[0] || !strings.Contains(b, `"status":"queued"`) {
			t.Fatalf("got\n%s and\n%s", b, bodies[0])
		}
	}
	if n := len(s.desk.placed()); n != 2 {
		t.Errorf("the gate was asked %d times, want 2", n)
	}
}

// Whoever dies while it is asked again leaves a key that is decided by what the ledger
// knows of the second call, not of the first.
func TestKeptAnswerOfTheDead(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.law.say(consent.Hold)
	s.keyed(s.web.URL, "key", whole)
	s.law.say(consent.Allow)
	second := decode[api.Placed](t, s.keyed(s.web.URL, "key", whole))
	s.exec(`update idempotency_keys set answer = null, created_at = now() - interval '2 minutes'`)
	third := decode[api.Placed](t, s.keyed(s.web.URL, "key", whole))
	if third.Call.ID == "" || third.Call.ID != second.Call.ID || len(s.desk.placed()) != 2 {
		t.Errorf("%s after %s, asked %d times", third.Call.ID, second.Call.ID, len(s.desk.placed()))
	}
}
