package twiliotest

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestMarksComeBackWhenReached(t *testing.T) {
	var p playout
	if got := p.mark("now"); !slices.Equal(got, []string{"now"}) {
		t.Errorf("with nothing to play: %v", got)
	}
	p.media(bytes.Repeat([]byte{1}, 240))
	p.media(bytes.Repeat([]byte{2}, 40))
	if got := p.mark("a"); got != nil {
		t.Errorf("%v came back before its sound", got)
	}
	p.mark("b")
	p.media(bytes.Repeat([]byte{3}, 60))
	p.mark("c")

	heard, marks := p.play(nil)
	if !bytes.Equal(heard, bytes.Repeat([]byte{1}, 160)) || marks != nil {
		t.Errorf("first 20 ms: %v %v", heard, marks)
	}
	if got := p.queued(); got != 180 {
		t.Errorf("%d bytes wait, want 180", got)
	}
	heard, marks = p.play(nil)
	want := slices.Concat(bytes.Repeat([]byte{1}, 80), bytes.Repeat([]byte{2}, 40), bytes.Repeat([]byte{3}, 40))
	if !bytes.Equal(heard, want) || !slices.Equal(marks, []string{"a", "b"}) {
		t.Errorf("second 20 ms: %v %v", heard, marks)
	}
	heard, marks = p.play(nil)
	want = slices.Concat(bytes.Repeat([]byte{3}, 20), bytes.Repeat([]byte{silence}, 140))
	if !bytes.Equal(heard, want) || !slices.Equal(marks, []string{"c"}) {
		t.Errorf("third 20 ms: %v %v", heard, marks)
	}
}

func TestClearFlushesAndReturnsAllMarks(t *testing.T) {
	var p playout
	p.media(make([]byte, 400))
	p.mark("a")
	p.media(make([]byte, 100))
	p.mark("b")
	p.play(nil)
	dropped, marks := p.clear()
	if dropped != 340 || !slices.Equal(marks, []string{"a", "b"}) {
		t.Errorf("dropped %d bytes, marks %v", dropped, marks)
	}
	if heard, marks := p.play(nil); !bytes.Equal(heard, bytes.Repeat([]byte{silence}, frameBytes)) || marks != nil {
		t.Errorf("after it: %v %v", heard, marks)
	}
	p.media([]byte{7})
	if heard, _ := p.play(nil); heard[0] != 7 {
		t.Error("what comes after a clear is not played")
	}
}

// However sound is cut and whatever lies between, the ear gets it all, in order, and
// each mark comes back once, in order, not before its sound.
func TestPlayoutKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p playout
		var sent, heard []byte
		var at []int // of each mark, in bytes sent
		var back []string
		reached := func(marks []string) {
			for _, m := range marks {
				if i := len(back); at[i] > len(heard) {
					t.Fatalf("mark %d came back after %d bytes, it lies at %d", i, len(heard), at[i])
				}
				back = append(back, m)
			}
		}
		play := func() {
			n := p.queued()
			frame, marks := p.play(nil)
			heard = append(heard, frame[:n-p.queued()]...) // without the silence
			reached(marks)
		}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				b := rapid.SliceOfN(rapid.ByteRange(0, 200), 1, 500).Draw(t, "sound")
				sent = append(sent, b...)
				p.media(b)
			case 1:
				at = append(at, len(sent))
				reached(p.mark(string(rune('a' + len(at)))))
			case 2:
				play()
			}
		}
		for p.queued() > 0 {
			play()
		}
		if !bytes.Equal(heard, sent) || len(back) != len(at) || !slices.IsSorted(back) {
			t.Fatalf("sent %d bytes and %d marks, heard %d and %q", len(sent), len(at), len(heard), back)
		}
	})
}
