package call

import (
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Bounds of the caller's sound that is kept for the agent.
const (
	holdDuringOpening = 10_000 * leg.BytesPerMS // while the opening can't be talked over
	holdWithoutAgent  = 2_000 * leg.BytesPerMS  // while there is no agent
)

// readCaller hands over what comes from Twilio until nothing more can. Sound that
// may pass to the agent does so here.
func (s *stream) readCaller(m *Metrics) {
	for {
		ev, err := s.line.Receive(s.ctx)
		at := time.Now()
		if frame, ok := ev.(*carrier.Media); ok && s.pass(frame) {
			m.measure(&s.passed, uplinkAdded, time.Since(at))
			s.taps.Caller(frame.Timestamp, frame.Payload, at)
			frame.Release()
			continue
		}
		select {
		case s.caller <- callerEvent{ev, err, at}:
		case <-s.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// pass sends a frame without run, if that may be and the agent takes it.
func (s *stream) pass(m *carrier.Media) bool {
	return s.bypass.Pass(func(to agent.Agent) bool {
		before := s.up.Clock
		err := s.forward(to, m)
		if err != nil {
			s.up.Clock = before // run sees the frame for the first time
		}
		return err == nil
	})
}

// forward sends a frame to the agent, behind the silence that is missing before it.
func (s *stream) forward(to agent.Agent, m *carrier.Media) error {
	if hole := s.up.Hole(m.Timestamp, len(m.Payload)); len(hole) > 0 {
		if err := to.SendAudio(hole); err != nil {
			return err
		}
	}
	return to.SendAudio(m.Payload)
}

// onCaller takes one event of the caller's side.
func (c *Call) onCaller(e callerEvent) (Outcome, bool) {
	if e.err != nil {
		if c.ctx.Err() != nil { // reading was ended by us
			return c.onCancel(), true
		}
		return lineLost(e.err), true
	}
	switch ev := e.event.(type) {
	case *carrier.Media:
		err := c.hear(ev, e.at)
		c.bypass.Done()
		ev.Release()
		if err != nil {
			c.loseAgent(err, e.at)
		}
	case carrier.Mark:
		for _, s := range c.play.Reached(ev.Name, e.at) {
			if c.journal.heard(s); s.Opening {
				c.opening.check(c, e.at)
			}
			if s.Complete() {
				c.play.Settle(s)
			}
		}
	case carrier.Key:
		c.notice.heard(e.at)
		if c.collects(ev.Digit, e.at) {
			return Outcome{}, false
		}
		entry := c.journal.add(calllog.Entry{Kind: calllog.KindDTMF, Digit: ev.Digit}, e.at)
		if ev.Digit == stopKey && c.outbound() && c.optOut(byKey, "", e.at) {
			return Outcome{}, false
		}
		c.keypad.press(ev.Digit, entry, e.at)
		return c.pressed(ev.Digit, e.at)
	case carrier.Stop:
		return Outcome{Reason: CallerHungUp}, true
	case carrier.Malformed:
		c.metrics.malformed.WithLabelValues("caller").Inc()
		if c.quality.malformed++; c.quality.malformed == 1 { // one line a call, however many come
			c.log.Warn().Str("what", ev.Reason).Msg("malformed message from the carrier ignored")
		}
	case carrier.Start, carrier.Unknown:
		// A second start changes nothing; what is new to us means nothing yet.
	}
	return Outcome{}, false
}

// hear carries a frame of the caller's sound to the agent, or keeps it while the
// opening can't be talked over or there is no agent.
func (c *Call) hear(m *carrier.Media, at time.Time) error {
	if c.errands.builtins.KeysSecret(at) { // the tones of the keys may be in it
		copy(m.Payload, leg.Silence)
	}
	c.taps.Caller(m.Timestamp, m.Payload, at)
	if to := c.hearer(); to != nil {
		if err := c.forward(to, m); err != nil {
			return err
		}
		c.metrics.measure(&c.quality.added, uplinkAdded, time.Since(at))
		return nil
	}
	hole := c.up.Hole(m.Timestamp, len(m.Payload))
	bound := holdWithoutAgent
	if c.opening.running() || len(c.up.Kept) > bound { // what the opening held back stays whole
		bound = holdDuringOpening
	}
	c.up.Keep(hole, bound)
	c.up.Keep(m.Payload, bound)
	return nil
}

// passer is whom the caller's sound may go to as it is.
func (s *stream) passer(secret bool) agent.Agent {
	if secret {
		return nil
	}
	return s.hearer()
}

// hearer is the agent, if there is one and it may hear the caller.
func (s *stream) hearer() agent.Agent {
	if s.opening.running() {
		return nil
	}
	return s.link.agent
}

// deliver gives the agent what was kept for it.
func (s *stream) deliver() error {
	to := s.hearer()
	if to == nil || len(s.up.Kept) == 0 {
		return nil
	}
	return s.up.Deliver(to.SendAudio)
}
