package call

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
)

// ToolSendDigits presses keys, for whatever answers on the other side to hear.
const ToolSendDigits = "send_digits"

// Bounds of the keys that a call may press. They are there for a phone menu that an agent
// can't find its way out of.
const (
	sentMost   = 20 // times a call
	digitsSame = 4  // times the same keys in a row
)

type digitsIn struct {
	Digits string `json:"digits" jsonschema:"the keys, 1 to 32: 0-9, * and #; w waits half a second, W a whole one"`
}

var (
	digitsForm = form[digitsIn](ToolSendDigits,
		"Presses keys on the telephone line, such as for the menu of another telephone system. You can't hear the line while it does.")
	digitsShape = regexp.MustCompile(`^[0-9*#wW]{1,32}$`)

	errDigits     = errors.New("digits: want 1 to 32 of 0-9, *, #, w and W")
	errDigitsLoop = errors.New("the same keys were pressed again and again")
	errDigitsMost = errors.New("too many keys were pressed in this call")
)

const digitsSent = "The keys are pressed now. Say nothing, and listen to what follows."

// pressing is the keys that a call has pressed.
type pressing struct {
	times int
	last  string
	same  int // times that last was pressed in a row
}

// note counts keys that are pressed.
func (p *pressing) note(digits string) {
	if digits != p.last {
		p.same = 0
	}
	p.times, p.last, p.same = p.times+1, digits, p.same+1
}

// circling tells whether keys were pressed so often in a row that once more is no use.
func (p *pressing) circling(digits string) bool { return digits == p.last && p.same >= digitsSame }

// sendDigits presses keys. A media stream has no way to: it is left for as long as
// Twilio needs to play them, and the call goes on with another, and the agent with the
// same conversation. It is answered first, so that the answer is surely in that; what it
// said before, and at once, is heard before the stream is left.
func (c *Call) sendDigits(t builtin.Invocation, in digitsIn, now time.Time) {
	switch {
	case !digitsShape.MatchString(in.Digits):
		c.refused(t, "digits must be 1 to 32 of 0-9, *, #, w and W.", errDigits, now)
		return
	case c.ending != nil:
		c.refused(t, "The call is ending already.", errEnding, now)
		return
	case c.pressing.times >= sentMost:
		c.refused(t, "You have pressed keys too often in this call. Do something else, or end it.", errDigitsMost, now)
		return
	case c.pressing.circling(in.Digits):
		c.refused(t, "You are going in circles: the same keys led nowhere four times. Try others, ask for a person, or end the call.", errDigitsLoop, now)
		return
	}
	c.pressing.note(in.Digits)
	c.endAfterPlaying(steppedAway, "", now)
	c.ending.out = Outcome{Reason: steppedAway, next: nextDigits, digits: in.Digits}
	c.ending.settled = now.Add(goodbyeGrace)
	c.answered(t, digitsSent, now)
}

// pressTime is how long keys take to press, generously.
func pressTime(digits string) time.Duration {
	wait := time.Duration(strings.Count(digits, "w"))*500*time.Millisecond + time.Duration(strings.Count(digits, "W"))*time.Second
	return wait + time.Duration(len(digits))*300*time.Millisecond
}
