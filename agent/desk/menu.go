package desk

import (
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/agent"
)

// item is one thing that the menu offers.
type item struct {
	key    byte
	clip   clip
	tool   string // without which it is not offered
	choose func(*desk, time.Time)
}

// items is all of the menu, in its order.
var items []item

func init() {
	items = []item{
		{'1', message, "take_message", (*desk).prompt},
		{'2', callback, "take_message", (*desk).callBack},
		{'3', person, "transfer_call", (*desk).putThrough},
		{'9', stop, "stop_calling", (*desk).stopCalls},
	}
}

// menuOf is what is offered where these tools are there.
func menuOf(tools []agent.Tool) []item {
	return slices.DeleteFunc(slices.Clone(items), func(i item) bool {
		return !slices.ContainsFunc(tools, func(t agent.Tool) bool { return t.Name == i.tool })
	})
}

// offer says the menu. A desk that has nothing to offer says goodbye.
func (d *desk) offer() {
	if len(d.menu) == 0 {
		d.say(clip{"goodbye", "Goodbye."})
		d.leave()
		return
	}
	for _, i := range d.menu {
		d.say(i.clip)
	}
	d.say(again)
	d.emit(agent.TurnEnd{})
	d.state, d.due = choosing, d.played.Add(keyWait)
}

// leave ends the conversation when all was said.
func (d *desk) leave() {
	d.emit(agent.TurnEnd{})
	d.due, d.ended = time.Time{}, true
}

// Press takes keys of the caller's: the last of them counts.
func (d *desk) Press(digits string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if digits == "" || d.ended {
		return nil
	}
	now := time.Now()
	switch d.state {
	case choosing:
		d.hush(now)
		d.choose(digits[len(digits)-1], now)
	case prompting: // they know how it goes
		d.hush(now)
		d.beep()
	case recorded:
		d.deliver(now)
	case delivering:
	}
	return nil
}

// hush has what was said so far no longer be played.
func (d *desk) hush(now time.Time) {
	d.queue = slices.DeleteFunc(d.queue, func(ev agent.Event) bool { // no tool call waits here
		_, ends := ev.(agent.TurnEnd)
		_, spoken := ev.(agent.Spoken)
		return !ends && !spoken
	})
	d.emit(agent.Interrupted{})
	d.played = now
}

func (d *desk) choose(key byte, now time.Time) {
	d.menus = 0
	for _, i := range d.menu {
		if i.key == key {
			i.choose(d, now)
			return
		}
	}
	d.offer() // 0, and whatever means nothing
}

// waited does what is due when nobody did anything.
func (d *desk) waited(now time.Time) {
	switch d.state {
	case choosing:
		if d.menus++; d.menus >= menusMax {
			d.say(silent)
			d.leave()
			return
		}
		d.say(there)
		d.offer()
	case prompting:
		d.state, d.due = recorded, now.Add(messageMax)
	case recorded:
		d.deliver(now)
	case delivering: // a tool that never answers
		d.say(failed)
		d.leave()
	}
}

func (d *desk) callBack(now time.Time) {
	d.call("take_message", `{"message":"The caller pressed 2: they want to be called back at the number they called from."}`, now)
}

func (d *desk) putThrough(now time.Time) {
	d.say(moment)
	d.emit(agent.TurnEnd{})
	d.call("transfer_call", "{}", now)
}

func (d *desk) stopCalls(now time.Time) { d.call("stop_calling", "{}", now) }

// call asks for a tool and waits for its answer.
func (d *desk) call(name, arguments string, now time.Time) {
	d.serial++
	d.emit(agent.ToolCall{ID: fmt.Sprintf("%s-%d", d.id, d.serial), Name: name, Arguments: arguments, WantAnswer: true})
	d.state, d.due = delivering, now.Add(hangUpWait)
}

// AnswerTool says how it went. A transfer and a stop end the call by themselves.
func (d *desk) AnswerTool(t agent.ToolAnswer) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.state != delivering || d.ended:
	case t.Error != "":
		d.say(failed)
		d.offer()
	case t.Name == "take_message":
		if d.message.sent {
			d.say(kept)
		} else {
			d.say(noted)
		}
		d.leave()
	default:
		d.due = time.Time{}
	}
	return nil
}
