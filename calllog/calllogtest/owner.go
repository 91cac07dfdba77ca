package calllogtest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/patchcord/patchcord/calllog"
)

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
