package call

import (
	"strings"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

const (
	// keyGap is how long after a key the agent is told of it: keys that follow each other faster
	// are told as one. People dial three or four keys a second.
	keyGap = 600 * time.Millisecond
	// keysMost bounds the keys that wait: as many as one collection may have.
	keysMost = 32
)

// keypad is the keys that the caller presses and the agent is to be told of.
type keypad struct {
	waiting []pressed // of which the agent is not told yet
	last    time.Time // when the newest of them was pressed
}

// pressed is a key and its line in the log.
type pressed struct {
	digit string
	entry calllog.Entry
}

// press keeps a key for the agent.
func (k *keypad) press(digit string, entry calllog.Entry, now time.Time) {
	if len(k.waiting) < keysMost {
		k.waiting = append(k.waiting, pressed{digit, entry})
	}
	k.last = now
}

// due is when the agent is to be told; zero if there is nothing to tell.
func (k *keypad) due() time.Time {
	if len(k.waiting) == 0 {
		return time.Time{}
	}
	return k.last.Add(keyGap)
}

// tell tells the agent of the keys that were pressed, when no more follow.
func (k *keypad) tell(l *link, now time.Time) error {
	if len(k.waiting) == 0 || l.agent == nil || now.Before(k.due()) && len(k.waiting) < keysMost {
		return nil
	}
	if err := l.giveKeys(k.waiting); err != nil {
		return err
	}
	k.waiting = nil
	return nil
}

// giveKeys gives the agent keys: as they are, or in words.
func (l *link) giveKeys(keys []pressed) error {
	digits := make([]string, len(keys))
	for i, k := range keys {
		digits[i] = k.digit
	}
	if a, ok := l.agent.(agent.Keypad); ok {
		return a.Press(strings.Join(digits, ""))
	}
	return l.agent.SendTurn(sayKeys(digits))
}

func sayKeys(keys []string) string {
	word := "key "
	if len(keys) > 1 {
		word = "keys "
	}
	return "The caller pressed the " + word + strings.Join(keys, " ") + "."
}

// keys does what time brings to the keypad.
func (c *Call) keys(now time.Time) {
	c.errands.builtins.Tick(controls{c}, c.play.Dry, now)
	c.loseAgent(c.keypad.tell(c.link, now), now)
}

// wake is when [Call.keys] has something to do.
func (k *keypad) wake(connected bool) time.Time {
	if connected {
		return k.due()
	}
	return time.Time{}
}

// collects takes a key if it belongs to a collection. The key by which people opt out never does.
func (c *Call) collects(key string, now time.Time) bool {
	return (key != stopKey || !c.outbound()) && c.errands.builtins.Key(controls{c}, key, now)
}

// TakeKeys implements builtin.Controls.
func (a controls) TakeKeys(secret bool, take func(key string) (more bool)) {
	k := &a.c.keypad
	for more := true; more && len(k.waiting) > 0; {
		p := k.waiting[0]
		k.waiting = k.waiting[1:]
		if secret {
			p.entry.Digit = builtin.KeyMasked
			a.c.journal.rewrite(p.entry)
		}
		more = take(p.digit)
	}
}
