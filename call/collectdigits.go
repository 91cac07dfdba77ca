package call

import (
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// ToolCollectDigits has the caller key in a number.
const ToolCollectDigits = "collect_digits"

// Bounds of a collection.
const (
	digitsDefault  = 16 // a payment card's
	digitsMost     = 32
	keyWait        = 5 * time.Second // for the next key; for the first, twice that
	keyWaitLeast   = time.Second
	keyWaitMost    = 30 * time.Second
	firstKeyMost   = 2 * time.Minute // however long the agent goes on talking
	surplusWait    = 2 * time.Second // for the tone of a key too many; the caller is not heard meanwhile
	digitsNameMost = 32              // bytes
)

// How a collection ends, in the words of its answer.
const (
	byTerminator = "terminator"
	byMax        = "max"
	byTimeout    = "timeout"
)

type collectIn struct {
	Name       string  `json:"name,omitempty" jsonschema:"What the digits are, such as card_number or pin; it names them in the log."`
	Max        int     `json:"max,omitempty" jsonschema:"How many digits at most, 1 to 32; with the last of them it is over. 16 if you do not say."`
	Min        int     `json:"min,omitempty" jsonschema:"How many digits at least; 1 if you do not say."`
	Terminator *string `json:"terminator,omitempty" jsonschema:"The key that ends it: # if you do not say, or *, or an empty text for none."`
	TimeoutMS  int     `json:"timeout_ms,omitempty" jsonschema:"How long to wait for the next key, 1000 to 30000 ms; 5000 if you do not say. For the first key it is twice that."`
	Secret     bool    `json:"secret,omitempty" jsonschema:"True for what nobody may see, such as a card number or a PIN. You get a reference in the place of the digits; give that to another tool as an argument, exactly as it is, and the tool gets the digits."`
}

var collectForm = form[collectIn](ToolCollectDigits,
	"Has the caller key in a number on their telephone, such as an account, a date or a PIN. Ask for it yourself, saying which key ends it, and use this at once. "+
		"You are told of no key while it runs; the answer comes when the caller is done, or has stopped. While something secret is keyed in you do not hear the caller. "+
		"On a call that we placed, the key 9 means that the person wants no more calls, and ends the call: there, do not ask for a number that may have a 9 in it.")

// check is the arguments with their defaults, or what is wrong with them.
func (in collectIn) check() (collectIn, error) {
	wrong := func(field, want string) (collectIn, error) {
		return in, fmt.Errorf("%s: want %s", field, want)
	}
	if in.Max == 0 {
		in.Max = digitsDefault
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
	case in.Max < 1 || in.Max > digitsMost:
		return wrong("max", fmt.Sprintf("1 to %d", digitsMost))
	case in.Min < 1 || in.Min > in.Max:
		return wrong("min", fmt.Sprintf("1 to max, which is %d", in.Max))
	case *in.Terminator != "" && *in.Terminator != "#" && *in.Terminator != "*":
		return wrong("terminator", "#, * or an empty text")
	case wait < keyWaitLeast || wait > keyWaitMost:
		return wrong("timeout_ms", "1000 to 30000")
	}
	in.Name = slug(in.Name)
	return in, nil
}

var (
	errCollecting = errors.New("digits are being collected already")
	errArguments  = errors.New("an argument is out of its bounds")
)

// collectDigits begins a collection. Keys that were pressed a moment ago, while the agent was
// still asking, are the first of it.
func (c *Call) collectDigits(t builtin.Invocation, in collectIn, now time.Time) {
	k := &c.keypad
	want, err := in.check()
	switch {
	case err != nil:
		c.refused(t, "The arguments are not valid: "+err.Error()+".", fmt.Errorf("%w: %w", errArguments, err), now)
		return
	case k.collection != nil:
		c.refused(t, "Digits are being collected already. Wait for that answer.", errCollecting, now)
		return
	}
	k.collection, k.after = &collection{tool: t, want: want, since: now}, aftermath{}
	early := k.waiting
	k.waiting = nil
	for _, p := range early {
		if k.collection == nil { // it is over: these are of no collection any more
			k.waiting = append(k.waiting, p)
			continue
		}
		if want.Secret {
			p.entry.Digit = keyMasked
			c.journal.rewrite(p.entry)
		}
		if by := k.collection.press(p.digit, now); by != "" {
			c.collected(by, now)
		}
	}
}

// collects takes a key if it belongs to a collection. The key by which people opt out never does.
func (c *Call) collects(key string, now time.Time) bool {
	k := &c.keypad
	if key == stopKey && c.outbound() {
		return false
	}
	d, secret := k.collection, k.after.want.Secret
	switch {
	case d != nil:
		secret = d.want.Secret
	case !k.after.takes(key, now):
		return false
	}
	shown := key
	if secret {
		shown = keyMasked
	}
	c.journal.add(calllog.Entry{Kind: calllog.KindDTMF, Digit: shown}, now)
	if d != nil {
		if by := d.press(key, now); by != "" {
			c.collected(by, now)
		}
	}
	return true
}
