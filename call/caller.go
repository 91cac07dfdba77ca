package call

import (
	"fmt"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio"
)

// readCaller hands over what comes from Twilio until nothing more can.
func (c *Call) readCaller() {
	for {
		ev, err := c.stream.Receive(c.ctx)
		select {
		case c.caller <- callerEvent{ev, err, time.Now()}:
		case <-c.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
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
	case *twilio.Media:
		err := c.hear(ev, e.at)
		ev.Release()
		if err != nil {
			c.loseAgent(err, e.at)
		}
	case twilio.Mark:
		for _, s := range c.play.reached(ev.Name, e.at) {
			c.heard(s, e.at)
		}
	case twilio.DTMF:
		c.notice.heard(e.at)
		c.journal.add(calllog.Entry{Kind: calllog.KindDTMF, Digit: ev.Digit}, e.at)
		if ev.Digit == stopKey && c.outbound() && c.optOut(byKey, "", e.at) {
			return Outcome{}, false
		}
		if len(c.keys) < keysMost {
			c.keys = append(c.keys, ev.Digit)
		}
		c.tellKeys(e.at)
	case twilio.Stop:
		return Outcome{Reason: CallerHungUp}, true
	case twilio.Malformed:
		c.metrics.malformed.WithLabelValues("caller").Inc()
		if c.malformed++; c.malformed == 1 { // one line a call, however many come
			c.log.Warn().Str("what", ev.Reason).Msg("a message from Twilio could not be read and is ignored")
		}
	case twilio.Start, twilio.Connected, twilio.Unknown:
		// A second start changes nothing; what is new to us means nothing yet.
	}
	return Outcome{}, false
}

// keysMost bounds the keys that wait for an agent.
const keysMost = 32

// tellKeys tells the agent of the keys that were pressed.
func (c *Call) tellKeys(now time.Time) {
	for len(c.keys) > 0 && c.link.agent != nil {
		if err := c.link.agent.Tell(fmt.Sprintf("The caller pressed the key %s.", c.keys[0])); err != nil {
			c.loseAgent(err, now)
			return
		}
		c.keys = c.keys[1:]
	}
}

// hear carries a frame of the caller's sound to the agent, or keeps it while the
// opening can't be talked over or there is no agent.
func (c *Call) hear(m *twilio.Media, at time.Time) error {
	hole := c.up.hole(m.Timestamp, len(m.Payload))
	if c.opening.running() || c.link.agent == nil {
		bound := holdWithoutAgent
		if c.opening.running() || len(c.up.kept) > bound { // what the opening held back stays whole
			bound = holdDuringOpening
		}
		c.up.keep(hole, bound)
		c.up.keep(m.Payload, bound)
		return nil
	}
	if len(hole) > 0 {
		if err := c.link.agent.SendAudio(hole); err != nil {
			return err
		}
	}
	if err := c.link.agent.SendAudio(m.Payload); err != nil {
		return err
	}
	c.measure(uplinkAdded, time.Since(at))
	return nil
}

// deliver gives the agent what was kept for it.
func (c *Call) deliver(now time.Time) {
	if c.opening.running() || c.link.agent == nil || len(c.up.kept) == 0 {
		return
	}
	if err := c.up.deliver(c.link.agent.SendAudio); err != nil {
		c.loseAgent(err, now)
	}
}
