package calllogtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

func since(t *testing.T, s calllog.Store) {
	apply(t, s, calllog.Change{Call: Ringing("a", 1)}, calllog.Change{Call: Ringing("b", 1)})
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
	apply(t, s, Entry("a", 1, "one"), Entry("b", 1, "of another call"), Entry("a", 2, "two"))
	step(false, "one", "two")
	apply(t, s, Entry("a", 3, "three"), Entry("a", 1, "one, heard"))
	step(false, "three", "one, heard")
	done := Ringing("a", 2)
	done.Outcome = calllog.OutcomeAgentEnded
	apply(t, s, Entry("a", 4, "bye"), calllog.Change{Call: done})
	step(true, "bye")
	step(true)
}

// Two writers of one call (its bridge, and one that takes it for dead) cannot
// make a reader miss an entry: what becomes visible later has a later revision.
func twoWriters(t *testing.T, s calllog.Store) {
	apply(t, s, calllog.Change{Call: Ringing("a", 1)})
	const each = 150
	writers := make(chan error, 2)
	for w := range 2 {
		go func() {
			for i := range each {
				seq := 1 + w + 2*i
				if err := s.Apply(context.WithoutCancel(t.Context()), []calllog.Change{Entry("a", seq, fmt.Sprint(seq))}); err != nil {
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

// Pages neither repeat nor skip a call, though calls arrive meanwhile and many
// began in the same microsecond.
func pages(t *testing.T, s calllog.Store) {
	insert := func(n int, started time.Time) (id string) {
		c := Ringing(fmt.Sprintf("call-%03d", n), 1)
		c.StartedAt = started
		apply(t, s, calllog.Change{Call: c})
		return c.ID
	}
	var want []string
	for n := range 25 {
		want = append(want, insert(n, noon.Add(time.Duration(n/5)*time.Second)))
	}
	slices.Reverse(want)

	var got []string
	filter := calllog.Filter{Limit: 4}
	for page := 0; ; page++ {
		calls, next, err := s.List(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ids(calls)...)
		if next == "" {
			break
		}
		insert(100+page, noon.Add(time.Hour))
		filter.Cursor = next
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages show\n%q, want\n%q", got, want)
	}
}

func limits(t *testing.T, s calllog.Store) {
	var changes []calllog.Change
	for n := range calllog.MaxLimit + 1 {
		changes = append(changes, calllog.Change{Call: Ringing(fmt.Sprint(n), 1)})
	}
	apply(t, s, changes...)
	for limit, want := range map[int]int{0: calllog.DefaultLimit, 1: 1, calllog.MaxLimit: calllog.MaxLimit} {
		calls, next, err := s.List(t.Context(), calllog.Filter{Limit: limit})
		if err != nil || len(calls) != want || next == "" {
			t.Errorf("limit %d: %d calls, next %q, %v; want %d and a next page", limit, len(calls), next, err, want)
		}
	}
}

func filters(t *testing.T, s calllog.Store) {
	live, ended := Ringing("live", 1), Full()
	live.Agent, ended.ID = "billing", "ended"
	apply(t, s, calllog.Change{Call: live}, calllog.Change{Call: &ended})
	yes, no := true, false
	for _, c := range []struct {
		name   string
		filter calllog.Filter
		want   []string
	}{
		{"all", calllog.Filter{}, []string{"live", "ended"}},
		{"agent", calllog.Filter{Agent: "billing"}, []string{"live"}},
		{"outcome", calllog.Filter{Outcome: calllog.OutcomeCallerHungUp}, []string{"ended"}},
		{"direction", calllog.Filter{Direction: calllog.Outbound}, []string{"ended"}},
		{"sid", calllog.Filter{TwilioCallSID: "CA01"}, []string{"ended"}},
		{"live", calllog.Filter{Live: &yes}, []string{"live"}},
		{"not live", calllog.Filter{Live: &no}, []string{"ended"}},
		{"two at once", calllog.Filter{Agent: "billing", Live: &no}, []string{}},
		{"not SQL", calllog.Filter{Agent: "' or true --"}, []string{}},
	} {
		calls, next, err := s.List(t.Context(), c.filter)
		if err != nil || next != "" || !slices.Equal(ids(calls), c.want) {
			t.Errorf("%s: %q, next %q, %v; want %q", c.name, ids(calls), next, err, c.want)
		}
	}
	for name, bad := range map[string]calllog.Filter{
		"limit":     {Limit: 201},
		"limit ":    {Limit: -1},
		"cursor":    {Cursor: "nonsense"},
		"agent":     {Agent: "nul \x00"},
		"direction": {Direction: "\xff"},
	} {
		_, _, err := s.List(t.Context(), bad)
		if !errors.Is(err, calllog.ErrBadFilter) || !strings.Contains(err.Error(), strings.TrimSpace(name)) {
			t.Errorf("a bad %s: %v, want ErrBadFilter and the name", name, err)
		}
	}
}

// Of those who claim a call at once one has it, and what its last owner still writes changes
// nothing of its header and none of its entries.
func oneOwner(t *testing.T, s calllog.Store) {
	apply(t, s, calllog.Change{Call: Ringing("a", 1)}, Entry("a", 1, "hello"))
	var won atomic.Int64
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			got, err := s.Claim(t.Context(), calllog.Claim{ID: "a", Instance: fmt.Sprint(i)})
			switch {
			case err == nil && got.Epoch == 1 && got.Instance == fmt.Sprint(i) && len(got.Entries) == 1:
				won.Add(1)
			case !errors.Is(err, calllog.ErrClaimed) || got.Epoch != 1:
				t.Errorf("%v: %+v", err, got)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Fatalf("%d have the call", won.Load())
	}

	ours, theirs := Ringing("a", 2), Ringing("a", 9)
	ours.Epoch, ours.Status = 1, calllog.StatusInProgress
	theirs.Status, theirs.Outcome = calllog.StatusCompleted, calllog.OutcomeCallerHungUp
	mine := Entry("a", 2, "from the new owner")
	mine.Epoch = 1
	apply(t, s, calllog.Change{Call: ours}, mine, calllog.Change{Call: theirs}, Entry("a", 2, "late, from the old one"))
	got := get(t, s, "a")
	if got.Status != calllog.StatusInProgress || got.Outcome != "" || got.Version != 2 {
		t.Errorf("the old owner has changed the header: %+v", got)
	}
	var texts []string
	for _, e := range got.Entries {
		texts = append(texts, e.Text)
	}
	if want := "[hello late, from the old one from the new owner]"; fmt.Sprint(texts) != want {
		t.Errorf("the log has %q, want %s", texts, want)
	}
}

// Nobody claims a call that is not what it was, or that there is not.
func claimOfAnother(t *testing.T, s calllog.Store) {
	over := Ringing("a", 1)
	over.Outcome = calllog.OutcomeTransferred
	apply(t, s, calllog.Change{Call: over})
	if _, err := s.Claim(t.Context(), calllog.Claim{ID: "b"}); !errors.Is(err, calllog.ErrNotFound) {
		t.Errorf("of no call: %v", err)
	}
	for _, c := range []calllog.Claim{{ID: "a", Instance: "x"}, {ID: "a", Instance: "x", Epoch: 1, Outcome: over.Outcome}} {
		if got, err := s.Claim(t.Context(), c); !errors.Is(err, calllog.ErrClaimed) || got.Outcome != over.Outcome {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if got, err := s.Claim(t.Context(), calllog.Claim{ID: "a", Instance: "x", Outcome: over.Outcome}); err != nil || got.Epoch != 1 {
		t.Errorf("%v: %+v", err, got)
	}
}
