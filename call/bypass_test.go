package call

import (
	"errors"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/carrier"
)

// listener is an agent that only listens, until it breaks.
type listener struct {
	agent.Agent
	heard  []byte
	broken bool
}

func (l *listener) SendAudio(ulaw []byte) error {
	if l.broken {
		return errors.New("broken")
	}
	l.heard = append(l.heard, ulaw...)
	return nil
}

func TestFramesPassInOrder(t *testing.T) {
	h := newHand(t, Limits{}, nil)
	defer h.leave()
	c, a := h.c, &listener{}
	frame := func(k int) *carrier.Media {
		return &carrier.Media{Timestamp: int64(20 * k), Payload: legtest.Tone(20, byte(k))}
	}
	if c.pass(frame(0)) {
		t.Error("a frame passes before the way is open")
	}
	c.bypass.Open(a)
	if c.pass(frame(1)) {
		t.Error("a frame overtakes one that run has yet to deal with")
	}
	for k := range 2 {
		if err := c.forward(a, frame(k)); err != nil {
			t.Fatal(err)
		}
		c.bypass.Done()
	}
	if !c.pass(frame(2)) || !c.pass(frame(4)) { // frame 3 is lost on the line
		t.Error("a frame does not pass though the way is open")
	}
	if len(a.heard) != 5*160 || a.heard[2*160] != 2 || a.heard[3*160] != leg.Silence[0] || a.heard[4*160] != 4 || c.up.Gaps != 1 {
		t.Errorf("%d bytes were heard, with %d gaps", len(a.heard), c.up.Gaps)
	}
	c.bypass.Open(nil)
	if c.pass(frame(5)) {
		t.Error("a frame passes though the way is shut")
	}
}

// What an agent doesn't take is run's, as if it had come there first.
func TestFrameThatIsNotTaken(t *testing.T) {
	h := newHand(t, Limits{}, nil)
	defer h.leave()
	c, a, next := h.c, &listener{broken: true}, &listener{}
	c.bypass.Open(a)
	lost := &carrier.Media{Timestamp: 0, Payload: legtest.Tone(20, 1)}
	if c.pass(lost) {
		t.Error("a broken agent takes a frame")
	}
	c.bypass.Open(next)
	if c.pass(&carrier.Media{Timestamp: 20, Payload: legtest.Tone(20, 2)}) {
		t.Error("a frame overtakes the one that was not taken")
	}
	if err := c.forward(next, lost); err != nil || c.up.Gaps+c.up.Late > 0 || len(next.heard) != 160 {
		t.Errorf("run finds %d gaps and %d late frames, sent %d bytes: %v", c.up.Gaps, c.up.Late, len(next.heard), err)
	}
}
