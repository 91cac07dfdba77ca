package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// Each intent is decided at the time at which it would be placed.
func TestCheckAtATimeToCome(t *testing.T) {
	t.Parallel()
	s := open(t)
	later := time.Now().Add(36 * time.Hour).UTC().Truncate(time.Second)
	with := func(field, at string) string {
		return strings.Replace(whole, "{", fmt.Sprintf("{%q:%q,", field, at), 1)
	}
	got := s.order("POST", "/v1/consent/check", `{"intents":[`+whole+","+with("at", later.Format(time.RFC3339))+","+with("due_at", later.Format(time.RFC3339))+`]}`)
	list := decode[struct{ Decisions []consent.Decision }](t, got).Decisions
	if got.status != 200 || len(list) != 3 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for i, want := range []time.Time{time.Now(), later, later} {
		if d := list[i].EvaluatedAt.Sub(want).Abs(); d > time.Minute || i > 0 && d != 0 {
			t.Errorf("%d was decided at %v, want %v", i, list[i].EvaluatedAt, want)
		}
	}
	past := time.Now().Add(-time.Hour).UTC()
	d := decode[consent.Decision](t, s.order("POST", "/v1/consent/check", with("at", past.Format(time.RFC3339))))
	if time.Since(d.EvaluatedAt) > time.Minute {
		t.Errorf("what was due is decided at %v", d.EvaluatedAt)
	}
	wrongs(t, s.order("POST", "/v1/consent/check", with("at", "tomorrow")), "at")
	wrongs(t, s.order("POST", "/v1/consent/check", with("due_at", "2999-01-01T00:00:00Z")), "due_at")
	wrongs(t, s.order("POST", "/v1/consent/check", with("frob", "x")), "frob")
	wrongs(t, s.order("POST", "/v1/consent/check", strings.Replace(with("at", later.Format(time.RFC3339)), "{", `{"due_at":"2026-01-01T00:00:00Z",`, 1)), "due_at")
}
