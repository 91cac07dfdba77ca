package leg

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/media"
)

// The silence that is put before the last of some frames of 20 ms.
func TestHole(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		timestamps []int64
		want       int // ms
		gaps, late int
	}{
		{"the first frame, whenever it comes", []int64{570}, 0, 0, 0},
		{"in time", []int64{57, 77}, 0, 0, 0},
		{"a little late, as rounding makes it", []int64{57, 87}, 0, 0, 0},
		{"a little early", []int64{57, 67}, 0, 0, 0},
		{"a frame is missing", []int64{57, 97}, 20, 1, 0},
		{"a second is missing", []int64{57, 1077}, 1000, 1, 0},
		{"ten minutes are missing: bounded", []int64{57, 600_077}, gapBound, 1, 0},
		{"two holes", []int64{57, 97, 157}, 40, 2, 0},
		{"the same again", []int64{57, 57}, 0, 0, 1},
		{"out of order", []int64{57, 77, 57}, 0, 0, 1},
		{"what comes after a late one is measured by the newest", []int64{57, 77, 57, 97}, 0, 0, 1},
		{"the clock jumps back, and goes on from there", []int64{5000, 0, 20}, 0, 0, 2},
		{"nonsense", []int64{57, 1<<63 - 1}, gapBound, 1, 0},
	} {
		var u Uplink
		var hole []byte
		for _, ts := range test.timestamps {
			hole = u.Hole(ts, 160)
		}
		if len(hole) != test.want*BytesPerMS || len(hole) != bytes.Count(hole, []byte{media.Silence}) {
			t.Errorf("%s: %d bytes, want %d ms of silence", test.name, len(hole), test.want)
		}
		if u.Gaps != test.gaps || u.Late != test.late {
			t.Errorf("%s: %d gaps and %d late, want %d and %d", test.name, u.Gaps, u.Late, test.gaps, test.late)
		}
	}
}

// Frames of any size fit without a hole between them.
func TestHoleKnowsNoSize(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 80, 100, 160, 333, 4000} {
		var u Uplink
		for sent := 0; sent < 20_000; sent += size {
			if hole := u.Hole(57+int64(sent/BytesPerMS), size); len(hole) > 0 {
				t.Fatalf("frames of %d bytes: a hole of %d after %d", size, len(hole), sent)
			}
		}
		if u.Late > 0 {
			t.Errorf("frames of %d bytes: %d late", size, u.Late)
		}
	}
}

// Over the bound the oldest goes, and is counted.
func TestKeepDropsTheOldest(t *testing.T) {
	t.Parallel()
	var u Uplink
	u.Keep([]byte("abcdef"), 8)
	u.Keep([]byte("ghij"), 8)
	u.Keep([]byte("0123456789"), 8)
	if got := string(u.Kept); got != "23456789" || u.Dropped != 12 {
		t.Errorf("kept %q and dropped %d: want 23456789 and 12", got, u.Dropped)
	}
}

var errAgent = errors.New("the agent is gone")

// What could not be given to one agent is for the next.
func TestDeliverKeepsTheRest(t *testing.T) {
	t.Parallel()
	var u Uplink
	u.Keep(legtest.Tone(250, 7), 1<<20)
	var got []int
	err := u.Deliver(func(ulaw []byte) error {
		if len(got) == 1 {
			return errAgent
		}
		got = append(got, len(ulaw))
		return nil
	})
	if !errors.Is(err, errAgent) || len(u.Kept) != 150*BytesPerMS {
		t.Errorf("%v, %d bytes are left: want the error and 1200", err, len(u.Kept))
	}
	if err := u.Deliver(func(ulaw []byte) error { got = append(got, len(ulaw)); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0] != burst || got[1] != burst || got[2] != 400 || u.Kept != nil {
		t.Errorf("messages of %v bytes, want 800, 800, 400", got)
	}
}

// Whatever is kept and delivered when, the agent gets all of it in its order,
// but for the oldest that a bound took.
func TestUplinkProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const bound = 1000
		var u Uplink
		var given, got []byte
		var next byte
		t.Repeat(map[string]func(*rapid.T){
			"keep": func(t *rapid.T) {
				var sound []byte
				for range rapid.IntRange(0, 1500).Draw(t, "bytes") {
					next++
					sound = append(sound, next)
				}
				before := u.Dropped
				u.Keep(sound, bound)
				given = append(given, sound...)[u.Dropped-before:]
			},
			"deliver": func(t *rapid.T) {
				limit := rapid.IntRange(0, 3).Draw(t, "messages before it fails")
				got = nil
				err := u.Deliver(func(ulaw []byte) error {
					if limit--; limit < 0 {
						return errAgent
					}
					if len(ulaw) == 0 || len(ulaw) > burst {
						t.Fatalf("a message of %d bytes", len(ulaw))
					}
					got = append(got, ulaw...)
					return nil
				})
				if (err == nil) != (len(u.Kept) == 0) {
					t.Fatalf("%v, and %d bytes are left", err, len(u.Kept))
				}
				if !bytes.HasPrefix(given, got) {
					t.Fatal("the agent got something else than came next")
				}
				given = given[len(got):]
			},
			"": func(t *rapid.T) {
				if len(u.Kept) > bound || !bytes.Equal(u.Kept, given) {
					t.Fatalf("%d bytes are kept, want %d", len(u.Kept), len(given))
				}
			},
		})
	})
}
