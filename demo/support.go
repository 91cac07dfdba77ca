package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// beingHeld is the time in which the line that holds the caller is heard.
const beingHeld = 1500 * time.Millisecond

// The support call: the caller talks into the opening's end, asks for an order, which the
// agent looks up with a tool, interrupts the agent's long story, notices that the agent
// is gone for a moment, and says goodbye. That is when the voice fails for good, and the
// other one answers in its place.
func playSupport(ctx context.Context, p *play) (*performance, error) {
	p.begin("")
	s := p.set(ctx, participants{caller: supportCaller, agent: supportAgent})
	defer s.over(errOver)
	p.tell("%s calls %s", callerNumber, calledNumber)
	call, err := p.stage.phone.Dial(ctx, callerNumber, calledNumber)
	if err != nil {
		return nil, fmt.Errorf("the call: %w", err)
	}
	e, err := s.perform(ctx, call, "")
	if err != nil {
		return nil, err
	}
	f := measureSupport(e, p.lines)
	return &performance{claims: supportClaims(f), figures: f, late: f.PhoneLateMS, wav: stereo(e.said, e.heard), call: e.log.ID}, nil
}

// measureSupport works the figures of the support call out.
func measureSupport(e *evidence, l *lines) figures {
	kinds := []calllog.Kind{calllog.KindTool, calllog.KindInterruption, calllog.KindReconnect, calllog.KindReconnect}
	return measure(e, expected{opening: l.greeting, kinds: kinds})
}

func supportCaller(c *caller, l *lines) {
	c.hearFor(l.greeting, l.greeting.length()-time.Second)
	if c.err == nil {
		c.tell("the caller begins to speak over the opening")
	}
	c.speak(l.orderWhere)
	c.hear(l.askNumber)
	c.speak(l.orderNumber)
	c.hearFor(l.firstVisit[1], time.Second)
	c.speak(l.readAgain)
	c.hear(l.stillThere)
	c.speak(l.thanksGoodbye)
	c.hear(l.goodbye)
	c.hangUp()
}

func supportAgent(a *agent, l *lines) {
	a.answer()
	a.listen()
	a.say(l.askNumber)
	a.listen()
	a.useTool(orderTool, `{"order_id":"A17"}`)
	a.speak(l.lookingUp)
	a.awaitTool()
	a.ramble(append([]*line{l.orderStatus}, l.firstVisit...)...)
	a.listen()
	a.say(l.orderStatus)
	a.beHeard()
	a.drop()
	a.resume()
	a.pause(beingHeld)
	a.say(l.stillThere)
	a.listen()
	a.pause(reaction) // and it has no answer
	a.fail()
	a.takeOver()
	a.pause(beingHeld)
	a.say(l.goodbye)
}
