package demo

import (
	"fmt"
	"strings"
	"time"
)

// script is a call: what the two ends do, each reacting to what it hears of the other, and
// what that proves.
type script struct {
	name   string
	caller func(*caller, *lines)
	agent  func(*agent, *lines)
	claims func(figures) []claim
}

// scripts are all there are; the first is the default.
var scripts = []script{{"support", supportCaller, supportAgent, supportClaims}}

// Scripts names them.
func Scripts() []string {
	var names []string
	for _, s := range scripts {
		names = append(names, s.name)
	}
	return names
}

// CheckScript is an error that lists the names unless name is one of them.
func CheckScript(name string) error {
	_, err := findScript(name)
	return err
}

func findScript(name string) (script, error) {
	for _, s := range scripts {
		if s.name == name || name == "" {
			return s, nil
		}
	}
	return script{}, fmt.Errorf("there is no script %q: want one of %s", name, strings.Join(Scripts(), ", "))
}

// The support call: the caller talks into the opening's end, asks for an order, which the
// agent looks up with a tool, interrupts the agent's long story, notices that the agent
// is gone for a moment, and says goodbye.

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
	a.pause(1200 * time.Millisecond) // in which the line that holds the caller is heard
	a.say(l.stillThere)
	a.listen()
	a.say(l.goodbye)
}
