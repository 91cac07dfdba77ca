package builtin

import (
	"errors"
	"fmt"
	"time"
)

// CollectDigits has the caller key in a number.
const CollectDigits = "collect_digits"

// Bounds of a collection.
const (
	defaultDigits = 16 // a payment card's
	maxDigits     = 32
	keyWait       = 5 * time.Second // for the next key; for the first, twice that
	minKeyWait    = time.Second
	maxKeyWait    = 30 * time.Second
	maxFirstKey   = 2 * time.Minute // however long the agent goes on talking
	surplusWait   = 2 * time.Second // for the tone of a key too many; the caller is not heard meanwhile
	maxDigitsName = 32              // bytes
)

// KeyMasked stands for a key in the log that nobody may read.
const KeyMasked = "•"

// How a collection ends, in the words of its answer.
const (
	byTerminator = "terminator"
	byMax        = "max"
	byTimeout    = "timeout"
)

type collectIn struct {
	Name       string  `json:"name,omitempty" jsonschema:"What the digits are, such as card_number; it names them in the log."`
	Max        int     `json:"max,omitempty" jsonschema:"How many digits at most, 1 to 32; it ends with the last. 16 by default."`
	Min        int     `json:"min,omitempty" jsonschema:"How many digits at least; 1 by default."`
	Terminator *string `json:"terminator,omitempty" jsonschema:"The key that ends it: # by default, *, or an empty text for none."`
	TimeoutMS  int     `json:"timeout_ms,omitempty" jsonschema:"How long to wait for the next key, 1000 to 30000 ms; 5000 by default. For the first key it is twice that."`
	Secret     bool    `json:"secret,omitempty" jsonschema:"True for what nobody may see, such as a card number or a PIN. You get a reference instead of the digits; give that to another tool as an argument, exactly as it is, and the tool gets the digits."`
}

var collectForm = form[collectIn](CollectDigits,
	"Has the caller key in a number on their telephone, such as an account, a date or a PIN. "+
		"Ask for it yourself, saying which key ends it, and use this at once. "+
		"You don't hear of any key while it runs; the answer comes when the caller is done, or has stopped. "+
		"While something secret is keyed in you don't hear the caller. On a call that we placed, the key 9 means that the "+
		"person wants no more calls, and ends the call: there, don't ask for a number that may have a 9 in it.")

// check is the arguments with their defaults, or what is wrong with them.
func (in collectIn) check() (collectIn, error) {
	wrong := func(field, want string) (collectIn, error) {
		return in, fmt.Errorf("%s: want %s", field, want)
	}
	if in.Max == 0 {
		in.Max = defaultDigits
	}
	if in.Min == 0 {
		in.Min = 1
	}
	if in.TimeoutMS == 0 {
		in.TimeoutMS = int(keyWait / time.Millisecond)
	}
	if in.Terminator == nil {
		hash := "#"
		in.Terminator = &hash
	}
	switch wait := time.Duration(in.TimeoutMS) * time.Millisecond; {
	case in.Max < 1 || in.Max > maxDigits:
		return wrong("max", fmt.Sprintf("1 to %d", maxDigits))
	case in.Min < 1 || in.Min > in.Max:
		return wrong("min", fmt.Sprintf("1 to max, which is %d", in.Max))
	case *in.Terminator != "" && *in.Terminator != "#" && *in.Terminator != "*":
		return wrong("terminator", "#, * or an empty text")
	case wait < minKeyWait || wait > maxKeyWait:
		return wrong("timeout_ms", "1000 to 30000")
	}
	in.Name = slug(in.Name)
	return in, nil
}

var (
	errCollecting = errors.New("digits are being collected already")
	errArguments  = errors.New("an argument is out of its bounds")
)

// collectDigits begins a collection. Keys that were pressed a moment ago, while the agent was still asking, are the
// first of it.
func collectDigits(s *State, c Controls, t Invocation, in collectIn, now time.Time) {
	want, err := in.check()
	switch {
	case err != nil:
		c.Refuse(t, "The arguments are not valid: "+err.Error()+".", fmt.Errorf("%w: %w", errArguments, err), now)
		return
	case s.collection != nil:
		c.Refuse(t, "Digits are being collected already. Wait for that answer.", errCollecting, now)
		return
	}
	s.collection, s.late = &collection{tool: t, want: want, since: now}, lateKeys{}
	c.TakeKeys(want.Secret, func(key string) (more bool) {
		if by := s.collection.press(key, now); by != "" {
			s.collected(c, by, now)
		}
		return s.collection != nil
	})
}
