package calllogtest

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
)

// TestStore holds a store to what [calllog.Store] promises. open opens an empty one each time it is called.
func TestStore(t *testing.T, open func(t *testing.T) calllog.Store) {
	for name, test := range map[string]func(*testing.T, calllog.Store){
		"comes back":       comesBack,
		"no such call":     noSuchCall,
		"idempotent":       idempotent,
		"older header":     olderHeader,
		"since":            since,
		"two writers":      twoWriters,
		"pages":            pages,
		"limits":           limits,
		"filters":          filters,
		"one owner":        oneOwner,
		"claim of another": claimOfAnother,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func comesBack(t *testing.T, s calllog.Store) {
	want := Full()
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

func noSuchCall(t *testing.T, s calllog.Store) {
	apply(t, s, calllog.Change{Call: Ringing("unnamed", 1)})
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
func idempotent(t *testing.T, s calllog.Store) {
	last := Full()
	changes := []calllog.Change{
		{Call: Ringing("call-1", 1)},
		Entry("call-1", 1, "hel"),
		Entry("call-1", 2, "two"),
		Entry("call-1", 1, "hello"),
		{Call: &last},
	}
	apply(t, s, changes...)
	want := get(t, s, "call-1")
	_, rev, _, err := s.Since(t.Context(), "call-1", 0)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, s, Entry("call-1", 1, "hello"), Entry("call-1", 2, "two"), changes[0])
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

func olderHeader(t *testing.T, s calllog.Store) {
	newer := Ringing("a", 5)
	newer.Status = calllog.StatusInProgress
	apply(t, s, calllog.Change{Call: newer})
	apply(t, s, calllog.Change{Call: Ringing("a", 4)}, calllog.Change{Call: Ringing("a", 5)})
	if got := get(t, s, "a"); got.Version != 5 || got.Status != calllog.StatusInProgress {
		t.Errorf("the header is version %d, %s", got.Version, got.Status)
	}
}
