package calllogtest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/patchcord/patchcord/calllog"
)

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
