package postgres_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/calllog/calllogtest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// Calls as they are written.
var (
	full    = calllogtest.Full
	ringing = calllogtest.Ringing
	entry   = calllogtest.Entry
)

// A call log in Postgres keeps what every call log promises.
func TestCalls(t *testing.T) {
	t.Parallel()
	calllogtest.TestStore(t, func(t *testing.T) calllog.Store { return postgrestest.New(t).Calls() })
}

// at returns a time as Postgres keeps it, to the microsecond.
func at(seconds int) *time.Time {
	t := noon.Add(time.Duration(seconds) * time.Second)
	return &t
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func apply(t *testing.T, s calllog.Store, changes ...calllog.Change) {
	t.Helper()
	if err := s.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s calllog.Store, id string) calllog.Call {
	t.Helper()
	call, err := s.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return call
}

func texts(entries []calllog.Entry) []string {
	got := make([]string, len(entries))
	for i, e := range entries {
		got[i] = e.Text
	}
	return got
}

func TestALiveCallShowsNoOutcome(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	apply(t, s, calllog.Change{Call: ringing("a", 1)})
	raw, err := json.Marshal(get(t, s, "a"))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	for _, absent := range []string{"outcome", "ended_at", "entries"} {
		if _, found := fields[absent]; found {
			t.Errorf("the JSON has %q: %s", absent, raw)
		}
	}
	for field, want := range map[string]any{"answered_at": nil, "decision_seq": nil, "opening": nil, "quality": nil, "chat_ids": []any{}} {
		if got, found := fields[field]; !found || !cmp.Equal(got, want) {
			t.Errorf("%q is %v, want %v", field, got, want)
		}
	}
}

func TestRejected(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	huge := entry("a", 2, "")
	huge.Entry.Arguments = json.RawMessage(`{"said in confidence":1e999999}`)
	for name, poison := range map[string]calllog.Change{
		"broken JSON":       {CallID: "a", Entry: &calllog.Entry{Seq: 2, Arguments: json.RawMessage(`{"said in confidence`)}},
		"number beyond all": huge,
		"no call":           entry("", 2, "said in confidence"),
		"nothing at all":    {},
	} {
		err := s.Apply(t.Context(), []calllog.Change{entry("a", 1, name), poison})
		var rejected *calllog.RejectedError
		if !errors.As(err, &rejected) {
			t.Errorf("%s: Apply returns %v, want a *RejectedError", name, err)
		} else if strings.Contains(err.Error(), "confidence") {
			t.Errorf("%s: the error repeats the content: %v", name, err)
		}
	}
	apply(t, s, calllog.Change{Call: ringing("a", 1)})
	if got := get(t, s, "a").Entries; len(got) != 0 {
		t.Errorf("a refused transaction left %v", texts(got))
	}
}
