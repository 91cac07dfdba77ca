package leg

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
)

// deck is a playout on a line that plays, and the time.
type deck struct {
	t *testing.T
	Playout
	ear legtest.Receiver
	now time.Time
}

func newDeck(t *testing.T) *deck {
	d := &deck{t: t, now: legtest.Epoch, ear: legtest.Receiver{At: legtest.Epoch}}
	d.Line = &d.ear
	return d
}

// say queues sound of a segment, which it begins if it is new.
func (d *deck) say(s *Segment, ulaw []byte) {
	if !slices.Contains(d.Live, s) {
		d.Begin(s)
	}
	d.Add(s, ulaw, d.now)
	d.tick()
}

func (d *deck) finish(s *Segment) {
	if err := d.End(s, d.now); err != nil {
		d.t.Fatal(err)
	}
}

func (d *deck) tick() {
	if err := d.Release(d.now, nil); err != nil {
		d.t.Fatal(err)
	}
}

// pass lets time pass in steps, with the marks coming back as they are reached,
// and returns the segments that were heard.
func (d *deck) pass(total, step time.Duration) (heard []*Segment) {
	for end := d.now.Add(total); d.now.Before(end); {
		d.now = d.now.Add(step)
		heard = append(heard, d.listen()...)
		d.tick()
		heard = append(heard, d.listen()...) // a mark on an empty line comes back at once
	}
	return heard
}

func (d *deck) listen() (heard []*Segment) {
	for _, name := range d.ear.Listen(d.now) {
		heard = append(heard, d.Reached(name, d.now)...)
	}
	return heard
}

// However often release is asked, the line never holds more than half a second,
// and it never runs dry while there is something to play.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{legtest.Ms(1), legtest.Ms(7), legtest.Ms(20), legtest.Ms(90), legtest.Ms(250)} {
		d := newDeck(t)
		s := &Segment{}
		d.say(s, legtest.Tone(10_000, 1))
		if got := d.ear.Sent[0]; got != "media" {
			t.Fatalf("the first sound waits: %q", got)
		}
		d.finish(s)
		var most time.Duration
		for d.ear.Dry == 0 && d.now.Sub(legtest.Epoch) < 20*time.Second {
			most = max(most, d.ear.Ahead())
			d.pass(step, step)
		}
		if most > Lead {
			t.Errorf("asked every %v: %v ahead of the ear, want at most %v", step, most, Lead)
		}
		if most < Lead-legtest.Ms(200) {
			t.Errorf("asked every %v: only %v ahead of the ear", step, most)
		}
		if got := d.now.Sub(legtest.Epoch); len(d.ear.Played) != 80_000 || got > 10*time.Second+step {
			t.Errorf("asked every %v: %d bytes played after %v, want 80000 after 10s", step, len(d.ear.Played), got)
		}
		if d.ear.Longest > pieceSize {
			t.Errorf("a message of %d bytes, want at most %d", d.ear.Longest, pieceSize)
		}
		if d.Late != 0 {
			t.Errorf("%d pieces late", d.Late)
		}
	}
}

// Followed by its own clock alone, the playout is on time: whatever wake names,
// release has something to do then.
func TestPaceByWake(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	s := &Segment{}
	d.say(s, legtest.Tone(3000, 1))
	for n := 0; !d.Wake().IsZero(); n++ {
		at := d.Wake()
		if !at.After(d.now) || n > 100 {
			t.Fatalf("step %d: wake is %v after now", n, at.Sub(d.now))
		}
		d.pass(at.Sub(d.now), at.Sub(d.now))
	}
	d.pass(Lead, Lead) // a mark is behind all of it already
	if got := len(d.ear.Played); got != 24_000 || !s.Heard {
		t.Errorf("%d bytes played, heard %v: want 24000, true", got, s.Heard)
	}
	if d.ear.Dry > 0 {
		t.Errorf("the line ran dry %d times", d.ear.Dry)
	}
}

// A mark stands behind the last byte of each segment, in order.
func TestMarksBehindSegments(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	a, b := &Segment{ID: "a"}, &Segment{ID: "b"}
	d.say(a, legtest.Tone(150, 1))
	d.finish(a)
	d.say(b, legtest.Tone(80, 2))
	d.finish(b)
	want := []string{"media", "media", "s1", "media", "s2"}
	if !slices.Equal(d.ear.Sent, want) {
		t.Errorf("sent %q, want %q", d.ear.Sent, want)
	}
	if got := d.pass(legtest.Ms(150), legtest.Ms(150)); !slices.Equal(got, []*Segment{a}) || a.Verdict(d.now) != calllog.HeardFull || b.Heard {
		t.Errorf("after 150 ms %d segments are heard, want the first", len(got))
	}
	if got := d.pass(legtest.Ms(80), legtest.Ms(80)); !slices.Equal(got, []*Segment{b}) {
		t.Errorf("after 230 ms %d more segments are heard, want the second", len(got))
	}
	if !d.Idle(d.now) {
		t.Error("the playout isn't idle when all was heard")
	}
}

// Of a segment that the agent never ends, all that came is proved when the line
// has run dry; if more comes then, it counts only when that was heard as well.
func TestEndlessSegment(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	s := &Segment{}
	d.say(s, legtest.Tone(100, 1))
	d.pass(legtest.Ms(100), legtest.Ms(20))
	if !s.Heard || s.Complete() {
		t.Fatalf("heard %v, complete %v: want true, false", s.Heard, s.Complete())
	}
	d.say(s, legtest.Tone(100, 1))
	if s.Heard || s.Verdict(d.now.Add(1)) != calllog.HeardPartly {
		t.Errorf("heard %v, verdict %q: want false, partly", s.Heard, s.Verdict(d.now.Add(1)))
	}
	d.finish(s)
	d.pass(legtest.Ms(200), legtest.Ms(20))
	if !s.Complete() {
		t.Error("the segment isn't complete")
	}
}

// end after the last byte went out puts the mark there at once.
func TestLateEnd(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	s := &Segment{}
	d.say(s, legtest.Tone(60, 1))
	d.pass(legtest.Ms(20), legtest.Ms(20))
	d.finish(s)
	d.finish(s)
	if want := []string{"media", "s1"}; !slices.Equal(d.ear.Sent, want) {
		t.Errorf("sent %q, want %q", d.ear.Sent, want)
	}
}

// Segments whose sound arrives interleaved are played one after the other, each whole, and
// without a hole. What comes of one that has ended takes its place all the same.
func TestInterleaved(t *testing.T) {
	t.Parallel()
	for name, ended := range map[string]bool{"none has ended": false, "each has ended for now": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeck(t)
			a, b := &Segment{}, &Segment{}
			d.say(a, legtest.Tone(600, 1)) // more than the line takes at once
			for range 3 {
				for i, s := range []*Segment{a, b} {
					d.say(s, legtest.Tone(200, byte(i+1)))
					if ended {
						d.finish(s)
					}
				}
				d.pass(legtest.Ms(40), legtest.Ms(20))
			}
			d.finish(a)
			d.finish(b)
			d.pass(legtest.Epoch.Add(legtest.Ms(1800)).Sub(d.now), legtest.Ms(20))
			if want := append(legtest.Tone(1200, 1), legtest.Tone(600, 2)...); !bytes.Equal(d.ear.Played, want) {
				t.Errorf("%d bytes were heard, want %d in order, without a hole", len(d.ear.Played), len(want))
			}
			if !a.Complete() || !b.Complete() {
				t.Errorf("heard: %v and %v", a.Complete(), b.Complete())
			}
		})
	}
}

// The next segment waits for what may come of the one that plays, until the line is about to
// run dry.
func TestNextSegmentWaits(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	a, b := &Segment{}, &Segment{}
	d.say(a, legtest.Tone(200, 1))
	d.say(b, legtest.Tone(200, 2))
	d.pass(legtest.Ms(60), legtest.Ms(20))
	d.say(a, legtest.Tone(100, 1))
	d.pass(legtest.Epoch.Add(legtest.Ms(500)).Sub(d.now), legtest.Ms(10))
	if want := append(legtest.Tone(300, 1), legtest.Tone(200, 2)...); !bytes.Equal(d.ear.Played, want) {
		t.Errorf("%d bytes were heard, want %d in order, without a hole", len(d.ear.Played), len(want))
	}
}

// There is a mark at least every second inside a segment, and what it proves counts, however
// the clock is.
func TestMarksInside(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	s := &Segment{ID: "a"}
	d.say(s, legtest.Tone(3500, 1))
	d.pass(legtest.Ms(2200), legtest.Ms(20))
	if s.proved < 2*8000 || s.Heard {
		t.Errorf("%d bytes are proved, heard %v: want 16000 of 28000", s.proved, s.Heard)
	}
	if got := d.Unheard(d.now); len(got) != 1 || got[0].Segment.ID != "a" || (got[0].Played-legtest.Ms(2200)).Abs() > legtest.Ms(20) {
		t.Errorf("played %v, want 2.2 s of a", got)
	}
	if got := d.Unheard(legtest.Epoch); got[0].Played < 2*time.Second {
		t.Errorf("by a clock that stands still %v were played, though 2 s are proved", got[0].Played)
	}
}

// A line that takes nothing more is an error of whatever was to be sent.
func TestBrokenLine(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	s := &Segment{}
	d.say(s, legtest.Tone(100, 1))
	d.ear.Broken = true
	if err := d.End(s, d.now); !errors.Is(err, legtest.ErrLine) {
		t.Errorf("end: %v", err)
	}
	if _, err := d.Clear(d.now); !errors.Is(err, legtest.ErrLine) {
		t.Errorf("clear: %v", err)
	}
	other := &Segment{}
	d.Begin(other)
	d.Add(other, legtest.Tone(100, 1), d.now)
	if err := d.Release(d.now, nil); !errors.Is(err, legtest.ErrLine) {
		t.Errorf("release: %v", err)
	}
}

// prompt is told of sound that went out without having to wait its turn, and of
// no other.
func TestPrompt(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	s := &Segment{}
	d.Begin(s)
	var prompt []time.Time
	for range 8 { // 100 ms each; five go out at once
		d.Add(s, legtest.Tone(100, 1), d.now)
		if err := d.Release(d.now, func(at time.Time) { prompt = append(prompt, at) }); err != nil {
			t.Fatal(err)
		}
	}
	d.now = d.now.Add(legtest.Ms(150))
	if err := d.Release(d.now, func(time.Time) { t.Error("sound that waited is measured") }); err != nil {
		t.Fatal(err)
	}
	if len(prompt) != 5 || !prompt[4].Equal(legtest.Epoch) {
		t.Errorf("%d pieces were prompt, want 5", len(prompt))
	}
	if !bytes.Equal(d.ear.Items[0].ULaw, legtest.Tone(100, 1)) {
		t.Error("a piece isn't what came")
	}
}
