package builtin

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"
)

// SendDigits presses keys, for whatever answers on the other side to hear.
const SendDigits = "send_digits"

// Bounds of the keys that a call may press. They are there for a phone menu that an agent can't find its way out of.
const (
	maxSent       = 20 // times a call
	maxSameDigits = 4  // times the same keys in a row
)

type digitsIn struct {
	Digits string `json:"digits" jsonschema:"the keys, 1 to 32: 0-9, * and #; w waits half a second, W a whole one"`
}

var (
	digitsForm = form[digitsIn](SendDigits,
		"Presses keys on the telephone line, such as for the menu of another telephone system. "+
			"You can't hear the line while it does.")
	digitsShape = regexp.MustCompile(`^[0-9*#wW]{1,32}$`)

	errDigits     = errors.New("digits: want 1 to 32 of 0-9, *, #, w and W")
	errDigitsLoop = errors.New("the same keys were pressed again and again")
	errMaxDigits  = errors.New("too many keys were pressed in this call")
)

// ErrEnding refuses what a call that is ending can't do any more.
var ErrEnding = errors.New("the call is ending already")

// SayEnding tells an agent of [ErrEnding].
const SayEnding = "The call is ending already."

// sentDigits is the keys that a call has pressed.
type sentDigits struct {
	times int
	last  string
	same  int // times that last was pressed in a row
}

// note counts keys that are pressed.
func (d *sentDigits) note(digits string) {
	if digits != d.last {
		d.same = 0
	}
	d.times, d.last, d.same = d.times+1, digits, d.same+1
}

// check refuses keys if there are too many, or if once more is no use: say is for the agent.
func (d *sentDigits) check(digits string) (say string, err error) {
	switch {
	case !digitsShape.MatchString(digits):
		return "digits must be 1 to 32 of 0-9, *, #, w and W.", errDigits
	case d.times >= maxSent:
		return "You have pressed keys too often in this call. Do something else, or end it.", errMaxDigits
	case digits == d.last && d.same >= maxSameDigits:
		return "You are going in circles: the same keys led nowhere four times. Try others, ask for a person, or end " +
			"the call.", errDigitsLoop
	}
	return "", nil
}

func pressDigits(s *State, c Controls, t Invocation, in digitsIn, now time.Time) {
	say, err := s.sent.check(in.Digits)
	if err == nil {
		say, err = SayEnding, c.SendDigits(in.Digits, now)
	}
	if err != nil {
		c.Refuse(t, say, err, now)
		return
	}
	s.sent.note(in.Digits)
	c.Answer(t, "The keys are pressed now. Say nothing, and listen to what follows.", now)
}

// SentDigits counts keys that were pressed: the arguments are those that the tool had.
func (h *History) SentDigits(arguments json.RawMessage) {
	var in digitsIn
	if json.Unmarshal(arguments, &in) == nil {
		h.sent.note(in.Digits)
	}
}

// PressTime is how long keys take to press, generously.
func PressTime(digits string) time.Duration {
	halves, wholes := strings.Count(digits, "w"), strings.Count(digits, "W")
	wait := time.Duration(halves)*500*time.Millisecond + time.Duration(wholes)*time.Second
	return wait + time.Duration(len(digits))*300*time.Millisecond
}
