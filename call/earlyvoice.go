package call

import (
	"slices"
	"time"

	"github.com/patchcord/patchcord/call/leg"
)

// heldSound is something that the agent said before the opening of a call that we placed
// was heard to its end. Until then nobody but the opening speaks: its order is the law's.
type heldSound struct {
	seg  *leg.Segment
	ulaw []byte // nil for the segment's end
}

// takes tells whether a segment that begins now belongs to the opening. Of a call that
// came in, that is all the agent says meanwhile; of one that we placed, only what it was
// asked to say, which [opening.claim] learns from the text.
func (o *opening) takes(c *Call) bool { return o.wantsSpeech() && !c.outbound() }

// early tells whether a segment has to wait for the opening's end.
func (o *opening) early(c *Call, s *leg.Segment) bool {
	return o.running() && c.outbound() && !s.Opening
}

// holds keeps sound back that comes too early.
func (o *opening) holds(c *Call, s *leg.Segment, ulaw []byte) bool {
	if !o.early(c, s) {
		return false
	}
	if o.heldSize += len(ulaw); o.heldSize > leg.MaxQueue {
		o.heldSize -= len(ulaw)
		c.play.Dropped += len(ulaw)
		return true
	}
	o.held = append(o.held, heldSound{s, ulaw})
	return true
}

// holdsEnd does the same for a segment's end.
func (o *opening) holdsEnd(c *Call, s *leg.Segment) bool {
	if !o.early(c, s) {
		return false
	}
	o.held = append(o.held, heldSound{s, nil})
	return true
}

// claim makes a segment part of the opening, since it is what the agent was asked to say.
func (o *opening) claim(c *Call, s *leg.Segment, now time.Time) {
	if s == nil || s.Opening || !c.outbound() || !o.wantsSpeech() {
		return
	}
	s.Opening = true
	o.parts = append(o.parts, s)
	var others []heldSound
	for _, h := range o.held {
		if h.seg == s {
			c.sound(h, now)
		} else {
			others = append(others, h)
		}
	}
	o.held = others
	o.extend(s, &c.play, now)
}

// release plays what was held.
func (o *opening) release(c *Call, now time.Time) {
	for _, h := range o.held {
		c.sound(h, now)
	}
	o.forget()
}

// forget drops what was held: the person spoke, or nobody shall.
func (o *opening) forget() { o.held, o.heldSize = nil, 0 }

// sound plays what was held.
func (st *stream) sound(h heldSound, now time.Time) {
	s := h.seg
	if h.ulaw == nil {
		s.Ended = true
		return
	}
	if !slices.Contains(st.play.Live, s) {
		st.play.Begin(s)
	}
	over := s.Ended // its agent is gone; what came of it is heard
	s.Ended = false
	st.play.Add(s, h.ulaw, now)
	s.Ended = over
}
