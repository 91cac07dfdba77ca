package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// at returns a time as Postgres keeps it, to the microsecond.
func at(seconds int) *time.Time {
	t := noon.Add(time.Duration(seconds) * time.Second)
	return &t
}

// full is a call with every field set.
func full() calllog.Call {
	seq := int64(1042)
	return calllog.Call{
		ID: "call-1", Direction: calllog.Outbound, TwilioCallSID: "CA01", From: "+14155550100", To: "+14155550142", Attestation: "TN-Validation-Passed-A", Voices: []string{"evi", "desk"}, Variables: map[string]string{"name": "Dana"},
		Agent: "support", Voice: "evi", ChatIDs: []string{"chat-1", "chat-2"}, ChatGroupID: "group-1",
		Status: calllog.StatusCompleted, Outcome: calllog.OutcomeCallerHungUp, Broke: true,
		Usage:     []calllog.Usage{{Voice: "realtime", Model: "gpt-realtime-2.1", TextIn: 190, TextCached: 128, TextOut: 24, AudioIn: 60, AudioOut: 36, Seconds: 1.5, USD: 0.0051}},
		StartedAt: noon, AnsweredAt: at(3), EndedAt: at(60), DecisionSeq: &seq,
		Opening:  &calllog.Opening{Text: "Hello", PlayedAt: at(5), Complete: true},
		Quality:  &calllog.Quality{Gaps: 1, Late: 2, Clipped: 3, Dropped: 4, AddedMS: calllog.Spread{P50: 1.5, P99: 9.25}},
		Failure:  &calllog.Failure{Cause: calllog.CauseCarrier, Code: 13224, SIP: 503},
		Instance: "bridge-1", Version: 7,
	}
}

// ringing is a call of which little is known yet.
func ringing(id string, version int) *calllog.Call {
	return &calllog.Call{ID: id, Version: version, Instance: "bridge-1", Direction: calllog.Inbound,
		Status: calllog.StatusRinging, StartedAt: noon}
}

func entry(id string, seq int, text string) calllog.Change {
	return calllog.Change{CallID: id, Entry: &calllog.Entry{Seq: seq, AtMS: int64(seq), Kind: calllog.KindAgent, Text: text}}
}

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

func TestACallComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	want := full()
	want.Entries = []calllog.Entry{
		{Seq: 1, AtMS: 20, Kind: calllog.KindAgent, Text: "Where to?", Heard: calllog.HeardPartly},
		{Seq: 2, AtMS: 900, Kind: calllog.KindCaller, Text: "Zürich — 北", Emotions: map[string]float64{"Joy": 0.25, "Calmness": 0.5},
			EmotionsSource: "hume-decisions", EmotionLabels: map[string]string{"mood": "calm"}, Measures: map[string]float64{"pauses": 2}},
		{Seq: 3, AtMS: 950, Kind: calllog.KindDTMF, Digit: "9"},
		{Seq: 4, AtMS: 1000, Kind: calllog.KindTool, Name: "order_status", Arguments: json.RawMessage(`{"id": 44}`), Result: "sent", MS: 120},
		{Seq: 5, AtMS: 1100, Kind: calllog.KindTool, Name: "order_status", Error: "timed out"},
	}
	changes := []calllog.Change{{Call: &want}}
	for i := range want.Entries {
		changes = append(changes, calllog.Change{CallID: want.ID, Entry: &want.Entries[i]})
	}
	apply(t, s, changes...)
	if diff := cmp.Diff(want, get(t, s, want.ID)); diff != "" {
		t.Errorf("Get (-want +got):\n%s", diff)
	}

	want.Entries = nil
	bySID, err := s.BySID(t.Context(), "CA01")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, bySID); diff != "" {
		t.Errorf("BySID (-want +got):\n%s", diff)
	}
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

func TestNoSuchCall(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	apply(t, s, calllog.Change{Call: ringing("unnamed", 1)})
	for _, id := range []string{"", "nobody", "nul \x00", "\xff"} {
		if _, err := s.Get(t.Context(), id); !errors.Is(err, calllog.ErrNotFound) {
			t.Errorf("Get(%q): %v, want ErrNotFound", id, err)
		}
		if _, err := s.BySID(t.Context(), id); !errors.Is(err, calllog.ErrNotFound) {
			t.Errorf("BySID(%q): %v, want ErrNotFound", id, err)
		}
		if _, _, _, err := s.Since(t.Context(), id, 0); !errors.Is(err, calllog.ErrNotFound) {
			t.Errorf("Since(%q): %v, want ErrNotFound", id, err)
		}
	}
}

// However often and in whatever portions the same changes arrive in order, the
// result is the same, and a live view is shown nothing twice.
func TestApplyIsIdempotent(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	last := full()
	changes := []calllog.Change{
		{Call: ringing("call-1", 1)},
		entry("call-1", 1, "hel"),
		entry("call-1", 2, "two"),
		entry("call-1", 1, "hello"),
		{Call: &last},
	}
	apply(t, s, changes...)
	want := get(t, s, "call-1")
	_, rev, _, err := s.Since(t.Context(), "call-1", 0)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, entry("call-1", 1, "hello"), entry("call-1", 2, "two"), changes[0])
	if again, _, _, err := s.Since(t.Context(), "call-1", rev); err != nil || len(again) != 0 {
		t.Errorf("unchanged entries have new revisions: %v, %v", again, err)
	}
	for size := 1; size <= len(changes); size++ {
		for portion := range slices.Chunk(changes, size) {
			apply(t, s, portion...)
		}
		if diff := cmp.Diff(want, get(t, s, "call-1")); diff != "" {
			t.Errorf("replayed in portions of %d (-want +got):\n%s", size, diff)
		}
	}
}

func TestAnOlderHeaderReplacesNothing(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	newer := ringing("a", 5)
	newer.Status = calllog.StatusInProgress
	apply(t, s, calllog.Change{Call: newer})
	apply(t, s, calllog.Change{Call: ringing("a", 4)}, calllog.Change{Call: ringing("a", 5)})
	if got := get(t, s, "a"); got.Version != 5 || got.Status != calllog.StatusInProgress {
		t.Errorf("the header is version %d, %s", got.Version, got.Status)
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	apply(t, s, calllog.Change{Call: ringing("a", 1)}, calllog.Change{Call: ringing("b", 1)})
	var rev int64
	step := func(wantEnded bool, want ...string) {
		t.Helper()
		entries, last, ended, err := s.Since(t.Context(), "a", rev)
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(entries); !slices.Equal(got, want) || ended != wantEnded || (len(want) == 0) != (last == rev) {
			t.Errorf("Since(%d) is %q, %d, %t; want %q, %t", rev, got, last, ended, want, wantEnded)
		}
		rev = last
	}
	step(false)
	apply(t, s, entry("a", 1, "one"), entry("b", 1, "of another call"), entry("a", 2, "two"))
	step(false, "one", "two")
	apply(t, s, entry("a", 3, "three"), entry("a", 1, "one, heard"))
	step(false, "three", "one, heard")
	done := ringing("a", 2)
	done.Outcome = calllog.OutcomeAgentEnded
	apply(t, s, entry("a", 4, "bye"), calllog.Change{Call: done})
	step(true, "bye")
	step(true)
}

// Two writers of one call (its bridge, and one that takes it for dead) cannot
// make a reader miss an entry: what becomes visible later has a later revision.
func TestSinceMissesNothingOfTwoWriters(t *testing.T) {
	t.Parallel()
	s := postgrestest.New(t).Calls()
	apply(t, s, calllog.Change{Call: ringing("a", 1)})
	const each = 150
	writers := make(chan error, 2)
	for w := range 2 {
		go func() {
			for i := range each {
				seq := 1 + w + 2*i
				if err := s.Apply(context.WithoutCancel(t.Context()), []calllog.Change{entry("a", seq, fmt.Sprint(seq))}); err != nil {
					writers <- err
					return
				}
			}
			writers <- nil
		}()
	}
	seen := map[string]bool{}
	var rev int64
	for running := 2; ; {
		entries, last, _, err := s.Since(t.Context(), "a", rev)
		if err != nil {
			t.Fatal(err)
		}
		rev = last
		for _, text := range texts(entries) {
			seen[text] = true
		}
		if running == 0 && len(entries) == 0 {
			break
		}
		select {
		case err := <-writers:
			if err != nil {
				t.Fatal(err)
			}
			running--
		default:
		}
	}
	if len(seen) != 2*each {
		t.Errorf("the reader saw %d of %d entries", len(seen), 2*each)
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
