package demo

import "time"

// The parts of those who are called, and of the agent that calls them.

func movesAppointment(c *caller, l *lines) {
	c.hear(l.reminder)
	c.speak(l.moveAppointment)
	c.hear(l.rescheduled)
	c.speak(l.thanksGoodbye)
	c.hear(l.goodbye)
	c.hangUp()
}

func reminds(a *agent, l *lines) {
	a.answer()
	a.hearLine()
	a.listen()
	a.useTool(moveTool, `{"day":"Thursday","part":"afternoon"}`)
	a.awaitTool()
	a.say(l.rescheduled)
	a.listen()
	a.say(l.goodbye)
}

func saysStop(c *caller, l *lines) {
	c.hearFor(l.reminder, l.reminder.length()-time.Second)
	c.hearFor(l.firstVisit[1], time.Second) // it comes without a pause
	c.speak(l.stopCalling)
	c.hearFor(l.removed, l.removed.length()/2)
	c.beHungUpOn()
}

// talksOn is an agent that has no ear for what it is told: whether somebody is called
// again is not left to it.
func talksOn(a *agent, l *lines) {
	a.answer()
	a.hearLine()
	a.insist(l.firstVisit[1:]...)
}
