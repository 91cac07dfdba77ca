package leg

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/patchcord/patchcord/call/leg/legtest"
)

// play is what the properties below are about: a playout, what it was given, and
// what must come of it.
type play struct {
	t *rapid.T
	Playout
	ear      legtest.Receiver
	now      time.Time
	segments []*Segment // all of them; a segment's sound is its place here
	want     []byte     // all that has to be heard, in order
	hold     bool       // marks don't come back
	held     []string
}

// Whatever comes in whatever order, the line is never too far ahead, nothing is
// lost, heard twice or after a clear, and a segment is only heard when its last
// byte was played.
func TestPlayoutProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := &play{t: t, now: legtest.Epoch, ear: legtest.Receiver{At: legtest.Epoch}}
		p.Line = &p.ear
		t.Repeat(map[string]func(*rapid.T){
			"begin": p.open,
			"add":   p.give,
			"end":   p.finish,
			"pass":  func(t *rapid.T) { p.pass(legtest.Ms(rapid.IntRange(1, 700).Draw(t, "ms"))) },
			"wake":  func(t *rapid.T) { p.pass(p.untilWake()) },
			"hold":  func(t *rapid.T) { p.hold = true },
			"echo":  func(t *rapid.T) { p.hold = false },
			"clear": p.empty,
			"drop":  p.discard,
			"":      p.check,
		})
		p.drain()
	})
}

func (p *play) open(t *rapid.T) {
	if len(p.segments) == 200 {
		t.Skip("enough")
	}
	s := &Segment{}
	p.segments = append(p.segments, s)
	p.Begin(s)
}

// some draws one of the segments that are still live.
func (p *play) some(t *rapid.T) *Segment {
	if len(p.Live) == 0 {
		t.Skip("there is none")
	}
	return rapid.SampledFrom(p.Live).Draw(t, "segment")
}

func (p *play) give(t *rapid.T) {
	s := p.some(t)
	ulaw := bytes.Repeat([]byte{byte(slices.Index(p.segments, s))}, rapid.IntRange(0, 6000).Draw(t, "bytes"))
	dropped := p.Dropped
	p.Add(s, ulaw, p.now)
	if p.Dropped == dropped {
		p.want = append(p.want, ulaw...)
	}
	p.tick()
}

func (p *play) finish(t *rapid.T) {
	if err := p.End(p.some(t), p.now); err != nil {
		t.Fatal(err)
	}
	p.tick()
}

func (p *play) tick() {
	if err := p.Release(p.now, nil); err != nil {
		p.t.Fatal(err)
	}
}

func (p *play) untilWake() time.Duration {
	if at := p.Wake(); !at.IsZero() {
		return at.Sub(p.now)
	}
	return 0
}

func (p *play) pass(d time.Duration) {
	p.now = p.now.Add(d)
	for range 2 { // a mark on an empty line comes back at once
		p.held = append(p.held, p.ear.Listen(p.now)...)
		if !p.hold {
			for _, name := range p.held {
				for _, s := range p.Reached(name, p.now) {
					if s.Complete() {
						p.Settle(s)
					}
				}
			}
			p.held = nil
		}
		p.tick()
	}
}

func (p *play) empty(t *rapid.T) {
	if _, err := p.Clear(p.now); err != nil {
		t.Fatal(err)
	}
	p.want = slices.Clone(p.ear.Played)
}

// discard takes out segments that were not begun to be heard.
func (p *play) discard(t *rapid.T) {
	which := p.some(t)
	for _, s := range p.Drop(func(s *Segment) bool { return s == which }) {
		sound := byte(slices.Index(p.segments, s))
		p.want = slices.DeleteFunc(p.want, func(b byte) bool { return b == sound })
	}
}

func (p *play) check(t *rapid.T) {
	if got := p.ear.Ahead(); got > Lead {
		t.Fatalf("%v ahead of the ear, want at most %v", got, Lead)
	}
	for i := range p.segments {
		if heard, want := count(p.ear.Played, i), count(p.want, i); heard > want {
			t.Fatalf("%d bytes of segment %d are heard, and there were %d", heard, i, want)
		}
	}
	queued := 0
	for _, s := range p.Live {
		queued += s.Queued
	}
	if queued != p.queued || queued > MaxQueue {
		t.Fatalf("%d bytes wait, %d by the segments", p.queued, queued)
	}
	if at := p.Wake(); !at.IsZero() && !at.After(p.now) {
		t.Fatalf("wake is %v after now: run would spin", at.Sub(p.now))
	}
	for i, s := range p.segments {
		if s.Heard && count(p.ear.Played, i) < s.Sent {
			t.Fatalf("segment %d counts as heard, and was not", i)
		}
	}
}

// count is how many bytes are of a segment.
func count(ulaw []byte, segment int) int { return bytes.Count(ulaw, []byte{byte(segment)}) }

// drain ends all segments and plays them: then all that was wanted was heard.
func (p *play) drain() {
	p.hold = false
	for _, s := range slices.Clone(p.Live) {
		if err := p.End(s, p.now); err != nil {
			p.t.Fatal(err)
		}
	}
	for n := 0; !p.Idle(p.now) && n < 10_000; n++ {
		p.pass(legtest.Ms(20))
		p.check(p.t)
	}
	for i := range p.segments {
		if heard, want := count(p.ear.Played, i), count(p.want, i); heard != want {
			p.t.Fatalf("%d bytes of segment %d were heard, want %d", heard, i, want)
		}
	}
	p.SettleDone()
	if len(p.Live) > 0 || len(p.marks) > 0 {
		p.t.Fatalf("%d segments are unsettled and %d marks awaited when all was heard", len(p.Live), len(p.marks))
	}
}
