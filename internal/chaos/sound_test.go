package chaos

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/media"
)

// Numbered frames are found again in what was heard, whatever is between them and wherever they were cut.
func TestNumbers(t *testing.T) {
	s := stamped{first: downFirst, n: lows - 1}
	var heard []byte
	heard = append(heard, bytes.Repeat([]byte{media.Silence}, 333)...)
	heard = append(heard, s.next(2)...)
	heard = append(heard, bytes.Repeat([]byte{media.Silence}, 77)...)
	heard = append(heard, s.next(1)[:frameBytes/2+10]...) // cut: it can't be told any more
	heard = append(heard, openingClip...)
	heard = append(heard, s.next(1)...)
	got := numbers(heard, downFirst)
	if want := []int{lows - 1, lows, lows + 2}; !slices.Equal(got, want) {
		t.Errorf("the numbers are %v, want %v", got, want)
	}
	if at, skipped := disorder(got); len(at) > 0 || skipped != 1 {
		t.Errorf("out of order at %v, %d skipped", at, skipped)
	}
	for _, wrong := range [][]int{{1, 1}, {2, 1}, {5, 6, 5}} {
		if at, _ := disorder(wrong); len(at) != 1 {
			t.Errorf("%v is in order", wrong)
		}
	}
	if at, _ := disorder([]int{stamps - 1, 0}); len(at) > 0 {
		t.Error("the numbers can't begin anew")
	}
}

// The longest silence is what nothing covers.
func TestQuietest(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	all := span{at(0), at(20)}
	for _, tt := range []struct {
		name     string
		covers   []span
		from, to int
	}{
		{"nothing", nil, 0, 20},
		{"the beginning", []span{{at(0), at(5)}}, 5, 20},
		{"the middle", []span{{at(8), at(10)}}, 10, 20},
		{"two that overlap", []span{{at(1), at(9)}, {at(7), at(14)}}, 14, 20},
		{"one within another", []span{{at(1), at(18)}, {at(7), at(8)}}, 18, 20},
	} {
		if got := all.quietest(tt.covers); got != (span{at(tt.from), at(tt.to)}) {
			t.Errorf("%s: quiet from %v to %v", tt.name, got.from.Unix(), got.to.Unix())
		}
	}
}
