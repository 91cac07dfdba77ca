package leg

import (
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
)

// How far a segment was heard, by how long it has been playing when the line
// falls silent. Two segments of 200 ms are sent; a mark takes no time.
func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		after         int // ms
		first, second calllog.Heard
	}{
		{0, calllog.HeardNo, calllog.HeardNo},
		{1, calllog.HeardPartly, calllog.HeardNo},
		{199, calllog.HeardPartly, calllog.HeardNo},
		{200, calllog.HeardFull, calllog.HeardNo},
		{201, calllog.HeardFull, calllog.HeardPartly},
		{400, calllog.HeardFull, calllog.HeardFull},
	} {
		d := newDeck(t)
		a, b := &Segment{}, &Segment{}
		d.say(a, legtest.Tone(200, 1))
		d.finish(a)
		d.say(b, legtest.Tone(200, 2))
		d.finish(b)
		d.pass(legtest.Ms(test.after), legtest.Ms(1))
		if x, y := a.Verdict(d.now), b.Verdict(d.now); x != test.first || y != test.second {
			t.Errorf("after %d ms: %q and %q, want %q and %q", test.after, x, y, test.first, test.second)
		}
	}
}

// clear empties queue and line, returns what was not yet settled, and forgets
// the marks on their way: what comes back of them proves nothing.
func TestClear(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	a, b := &Segment{}, &Segment{}
	d.say(a, legtest.Tone(300, 1))
	d.finish(a)
	d.say(b, legtest.Tone(2000, 2))
	d.pass(legtest.Ms(100), legtest.Ms(20))
	marks := slices.Clone(d.marks)
	live, err := d.Clear(d.now)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(live, []*Segment{a, b}) || d.queued != 0 || d.ear.Ahead() != 0 || d.ear.Clears != 1 {
		t.Errorf("%d live, %d bytes queued, %v on the line", len(live), d.queued, d.ear.Ahead())
	}
	if !d.Idle(d.now) || !d.Wake().IsZero() {
		t.Error("the playout isn't idle after a clear")
	}
	if len(marks) != 1 || d.Reached(marks[0].name, d.now) != nil || a.Heard {
		t.Error("a flushed mark proves that its segment was heard")
	}
	c := &Segment{}
	d.say(c, legtest.Tone(100, 3))
	if d.ear.Ahead() != legtest.Ms(100) {
		t.Errorf("%v on the line: what follows a clear has to go out at once", d.ear.Ahead())
	}
}

// drop takes out only what no byte was sent of.
func TestDrop(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	a, b, c := &Segment{}, &Segment{}, &Segment{}
	d.say(a, legtest.Tone(700, 1))
	d.say(b, legtest.Tone(400, 2))
	d.say(c, legtest.Tone(300, 3))
	gone := d.Drop(func(s *Segment) bool { return s != c })
	if !slices.Equal(gone, []*Segment{b}) || d.queued != 500*BytesPerMS {
		t.Errorf("%d segments gone, %d bytes left: want the second, and 500 ms", len(gone), d.queued)
	}
	d.finish(a)
	d.finish(c)
	d.pass(legtest.Ms(1000), legtest.Ms(20))
	if want := append(legtest.Tone(700, 1), legtest.Tone(300, 3)...); !slices.Equal(d.ear.Played, want) {
		t.Errorf("%d bytes played, want %d", len(d.ear.Played), len(want))
	}
	if b.Verdict(d.now) != calllog.HeardNo {
		t.Errorf("what was dropped is heard: %q", b.Verdict(d.now))
	}
}

// Sound that comes after the line has run dry in its segment is late; the
// beginning of a segment never is.
func TestLateIsCounted(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	a, b := &Segment{}, &Segment{}
	d.say(a, legtest.Tone(100, 1))
	d.pass(legtest.Ms(99), legtest.Ms(1))
	d.say(a, legtest.Tone(100, 1))
	if d.Late != 0 {
		t.Errorf("%d late before the line ran dry", d.Late)
	}
	d.pass(legtest.Ms(200), legtest.Ms(20))
	d.say(a, legtest.Tone(100, 1))
	d.pass(legtest.Ms(200), legtest.Ms(20))
	d.say(b, legtest.Tone(100, 2))
	if d.Late != 1 {
		t.Errorf("%d late, want 1", d.Late)
	}
}

// Two minutes wait at most. What comes then is refused and counted, and what
// comes when there is room again is taken.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	s := &Segment{}
	d.Begin(s)
	for range 130 {
		d.Add(s, legtest.Tone(1000, 1), d.now)
	}
	if d.queued != MaxQueue || s.Queued != MaxQueue || d.Dropped != 10*1000*BytesPerMS {
		t.Errorf("%d bytes wait and %d were dropped: want %d and 80000", d.queued, d.Dropped, MaxQueue)
	}
	d.pass(2*time.Second, legtest.Ms(100))
	d.Add(s, legtest.Tone(1000, 1), d.now)
	if d.Dropped != 80_000 {
		t.Errorf("%d bytes dropped though there was room", d.Dropped)
	}
}

// A mark that comes back late moves the estimate: the line played later than
// was thought, so less may be sent ahead.
func TestLateMarkSlowsThePlayout(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	a, b := &Segment{}, &Segment{}
	d.say(a, legtest.Tone(100, 1))
	d.finish(a)
	d.pass(legtest.Ms(100), legtest.Ms(20)) // the usual way: no time at all
	d.now = d.now.Add(legtest.Ms(1000))
	d.listen()
	d.say(b, legtest.Tone(200, 1))
	d.finish(b)
	c := &Segment{}
	d.say(c, legtest.Tone(5000, 2))
	d.now = d.now.Add(legtest.Ms(500)) // and nothing was played in the first 300 ms of it
	d.ear.At = d.now.Add(-legtest.Ms(200))
	d.listen()
	d.tick()
	if got := d.ear.Ahead(); got > Lead {
		t.Errorf("%v ahead of the ear, want at most %v", got, Lead)
	}
}

// Marks that are all held up, as by a bad network, tell of one delay, not of one
// each; and when marks are on time again it is over.
func TestHeldMarksDelayNothingTwice(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	for n := range byte(8) {
		s := &Segment{}
		d.say(s, legtest.Tone(100, n))
		d.finish(s)
	}
	rest := &Segment{}
	d.say(rest, legtest.Tone(20_000, 99))
	d.now = d.now.Add(legtest.Ms(100))
	d.listen()
	d.tick()
	var held []string
	for range 20 { // 400 ms
		d.now = d.now.Add(legtest.Ms(20))
		held = append(held, d.ear.Listen(d.now)...)
		d.tick()
	}
	for _, name := range held {
		d.Reached(name, d.now)
	}
	d.pass(5*time.Second, legtest.Ms(20))
	if d.ear.Dry > 0 {
		t.Errorf("the line ran dry %d times though there was enough to play", d.ear.Dry)
	}
	if got := d.ear.Ahead(); got < legtest.Ms(300) {
		t.Errorf("%v ahead of the ear, want nearly %v again", got, Lead)
	}
}

// A mark that is sent when the line has long run dry is late by nobody's fault:
// what is said next goes out at once.
func TestMarkOnADryLineTellsNoDelay(t *testing.T) {
	t.Parallel()
	d := newDeck(t)
	first, open, answer, rest := &Segment{}, &Segment{}, &Segment{}, &Segment{}
	d.say(first, legtest.Tone(100, 1))
	d.finish(first)
	d.pass(legtest.Ms(100), legtest.Ms(20)) // the usual way: no time at all
	d.say(open, legtest.Tone(200, 2))
	d.now = d.now.Add(legtest.Ms(900)) // nobody asked meanwhile
	d.ear.Listen(d.now)
	d.tick()
	d.say(answer, legtest.Tone(100, 3))
	d.finish(answer)
	d.listen() // the mark of the open segment
	d.say(rest, legtest.Tone(2000, 4))
	if got := d.ear.Ahead(); got != Lead {
		t.Errorf("%v on the line, want %v", got, Lead)
	}
}
