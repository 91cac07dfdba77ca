package call

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// sounds are bytes that the holding line has not, so that what is heard shows
// which segment it is of.
var sounds = []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 129, 130, 131, 132, 133, 134, 135, 136, 138}

// talk is a call, what was put into it, and what must come of it.
type talk struct {
	interims int
	*hand
	agents []*Puppet

	spoken []*spokenSegment
	before int    // as many are of agents that are gone
	cut    []byte // sounds of segments that must not be heard any more

	frames, lost int  // of the caller; lost are those on which an agent was found dead
	clears       int  // while the opening could not be talked over
	reached      int  // bytes that had reached the agents by then
	opened       bool // something of the opening was sent
}

type spokenSegment struct {
	name     string
	sound    byte
	seg      *leg.Segment
	accepted int  // bytes
	over     bool // the agent has said so, and it was not cut
}

// Whatever the caller and the agent do, in whatever order: the agent gets the
// caller's sound in order and without a hole of our making; nothing is heard of
// a reply that was cut; the log says how far each segment was heard; and the
// call never spins (which hand checks, with the pace).
func TestCallProperty(t *testing.T) {
	t.Parallel()
	log := NewWriterTo(t, shelf)
	rapid.Check(t, func(t *rapid.T) {
		k := newTalk(t, log)
		defer k.leave()
		t.Repeat(map[string]func(*rapid.T){
			"frame":     func(t *rapid.T) { k.speak(rapid.IntRange(1, 80).Draw(t, "frames")) },
			"audio":     k.audio,
			"end":       k.segmentEnd,
			"text":      k.text,
			"turn":      func(t *rapid.T) { k.does(agent.TurnEnd{}) },
			"interrupt": k.cutIn,
			"interim":   k.interim,
			"key":       func(t *rapid.T) { k.tells(carrier.Key{Digit: "5"}) },
			"die":       k.die,
			"deaf":      k.deafen,
			"dialled":   k.dialled,
			"pass":      func(t *rapid.T) { k.pass(legtest.Ms(rapid.IntRange(1, 3000).Draw(t, "ms"))) },
			"":          k.check,
		})
		k.end()
	})
}

func newTalk(t *rapid.T, log *calllog.Writer) *talk {
	var opening *Opening
	switch rapid.SampledFrom([]string{"no opening", "a clip", "a text"}).Draw(t, "opening") {
	case "a clip":
		opening = &Opening{Text: "Hello.", Clip: legtest.Tone(700, 138)}
	case "a text":
		opening = &Opening{Text: "Hello."}
	}
	k := &talk{hand: makeHand(t, log, Limits{}, opening)}
	k.clears = k.ear.Clears
	return k
}

// speak sends frames that carry their number.
func (k *talk) speak(frames int) {
	for range frames {
		if k.done {
			return
		}
		b := legtest.Tone(20, 0)
		binary.BigEndian.PutUint32(b, uint32(k.frames))
		k.frames++
		had := k.c.link.agent != nil
		k.tells(&carrier.Media{Timestamp: k.clock, Payload: b})
		if k.clock += 20; had && k.c.link.agent == nil {
			k.lost++
		}
		k.pass(legtest.Ms(20))
	}
}

func (k *talk) alive(t *rapid.T) {
	if k.c.link.agent == nil || k.done {
		t.Skip("there is no agent")
	}
}

func (k *talk) audio(t *rapid.T) {
	k.alive(t)
	var s *spokenSegment
	if len(k.spoken) == k.before || rapid.Bool().Draw(t, "new") && len(k.spoken) < len(sounds) {
		n := len(k.spoken)
		if n == len(sounds) {
			t.Skip("enough was said")
		}
		if n > k.before {
			k.segmentEnd(t)
		}
		s = &spokenSegment{name: fmt.Sprintf("s%d", n), sound: sounds[n]}
		k.spoken = append(k.spoken, s)
	} else {
		s = k.spoken[len(k.spoken)-1]
	}
	ulaw := bytes.Repeat([]byte{s.sound}, rapid.IntRange(1, 16_000).Draw(t, "bytes"))
	ended := s.seg != nil && (s.seg.Closed || k.c.segments[s.name] != s.seg)
	stale := k.c.stale[s.name] != nil
	k.does(agent.Audio{Segment: s.name, ULaw: ulaw})
	if s.seg == nil {
		s.seg = k.c.segments[s.name]
	}
	if !ended && !stale {
		s.accepted += len(ulaw)
		s.over = false
	} else if k.c.segments[s.name] != s.seg { // the name begins a new reply: another segment
		t.Skip("not followed further")
	}
}

// text comes for a segment of the reply under way, or of one that was cut.
func (k *talk) text(t *rapid.T) {
	k.alive(t)
	if len(k.spoken) == k.before {
		t.Skip("nothing was said")
	}
	s := rapid.SampledFrom(k.spoken[k.before:]).Draw(t, "segment")
	if k.c.segments[s.name] == nil && k.c.stale[s.name] == nil {
		t.Skip("of an older reply")
	}
	k.does(agent.AgentSaid{Segment: s.name, Text: "words", Asked: rapid.Bool().Draw(t, "asked")})
}

// segmentEnd comes behind the last sound of a segment, before that of another.
func (k *talk) segmentEnd(t *rapid.T) {
	k.alive(t)
	if len(k.spoken) == k.before {
		t.Skip("nothing was said")
	}
	s := k.spoken[len(k.spoken)-1]
	s.over = s.over || k.c.stale[s.name] == nil
	k.does(agent.SegmentEnd{Segment: s.name})
}

func (k *talk) cutIn(t *rapid.T) {
	k.alive(t)
	k.does(agent.Interrupted{})
	k.isCut()
}

// interim is the first words heard of a caller who talks over a reply that was
// sent long ago.
func (k *talk) interim(t *rapid.T) {
	k.alive(t)
	cut := k.c.turnEnded && k.c.play.Sounds(k.now)
	k.interims++
	k.does(agent.CallerSaid{Text: fmt.Sprintf("wait, %d of them", k.interims), Interim: true})
	if cut {
		k.isCut()
	}
}

// isCut notes what must not be heard any more. What the line holds already while
// an opening runs can't be taken back without cutting that.
func (k *talk) isCut() {
	for _, s := range k.spoken {
		if s.seg != nil && !s.seg.Opening && (s.seg.Sent == 0 || !k.c.opening.running()) {
			k.cut = append(k.cut, s.sound)
			s.over = s.over && s.seg.Heard // or the proof is flushed with the rest
		}
	}
}

func (k *talk) die(t *rapid.T) {
	k.alive(t)
	k.dies(errDrop)
}

func (k *talk) deafen(t *rapid.T) {
	k.alive(t)
	k.agent.Deafen()
}

func (k *talk) dialled(t *rapid.T) {
	if !k.c.link.busy || k.done {
		t.Skip("nobody is asked")
	}
	if rapid.IntRange(0, 2).Draw(t, "luck") == 0 {
		k.answer(errBusy)
		return
	}
	before := k.agent
	k.answer(nil)
	if k.agent != before {
		k.agents = append(k.agents, k.agent)
		k.before = len(k.spoken)
	}
}

// arrived is all that the agents heard of the caller, in order.
func (k *talk) arrived() []byte {
	var all []byte
	for _, a := range k.agents {
		all = append(all, a.Heard()...)
	}
	return all
}

func (k *talk) check(t *rapid.T) {
	if k.c.opening.running() && (k.opened && k.ear.Clears > k.clears || len(k.arrived()) > k.reached) {
		t.Fatal("the opening is talked over")
	}
	// A holding line may be cut for an opening that has not begun.
	k.opened = slices.ContainsFunc(k.c.opening.parts, func(s *leg.Segment) bool { return s.Sent > 0 })
	k.clears, k.reached = k.ear.Clears, len(k.arrived())
	for _, it := range k.ear.Items {
		if len(it.ULaw) > 0 && bytes.IndexByte(k.cut, it.ULaw[0]) >= 0 {
			t.Fatalf("sound %d waits to be heard, and was cut", it.ULaw[0])
		}
	}
}

// end hangs up and counts.
func (k *talk) end() {
	k.c.journal.silenced(k.c.play.Live, k.now)
	for _, s := range k.spoken {
		if s.seg == nil || s.seg.Opening { // an opening may be spoken again
			continue
		}
		played := bytes.Count(k.ear.Played, []byte{s.sound})
		if got := s.seg.Entry.Heard; !s.right(got, played) {
			k.t.Fatalf("segment %s: %d of %d bytes were played, and the log says %q", s.name, played, s.accepted, got)
		}
	}
	last := -1
	heard := k.arrived()
	for ; len(heard) >= 160; heard = heard[160:] {
		n := int(binary.BigEndian.Uint32(heard))
		if n <= last {
			k.t.Fatalf("frame %d comes after frame %d", n, last)
		}
		last = n
	}
	kept, dropped := len(k.c.up.Kept)/160, k.c.up.Dropped/160
	if got := len(k.arrived())/160 + kept + dropped + k.lost; len(heard) != 0 || got != k.frames {
		k.t.Fatalf("%d frames came: %d reached an agent, %d are kept, %d dropped, %d lost with an agent", k.frames, len(k.arrived())/160, kept, dropped, k.lost)
	}
}

// right tells whether a verdict is. Of a segment that was left open, nobody can
// say that it was heard in full.
func (s *spokenSegment) right(v calllog.Heard, played int) bool {
	switch {
	case played == 0:
		return v == calllog.HeardNo
	case played < s.accepted:
		return v == calllog.HeardPartly
	case s.over:
		return v == calllog.HeardFull
	}
	return v != calllog.HeardNo
}
