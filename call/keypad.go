package call

import (
	"strings"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

const (
	// keyGap is how long after a key the agent is told of it: keys that follow each other faster
	// are told as one. People dial three or four keys a second.
	keyGap = 600 * time.Millisecond
	// keysMost bounds the keys that wait: as many as one collection may have.
	keysMost = 32
)

// keyMasked stands for a key in the log that nobody may read.
const keyMasked = "•"

// keypad is the keys that the caller presses: those that the agent is to be told of, those that
// are being collected, and those that were collected for a tool alone.
type keypad struct {
	waiting    []pressed // of which the agent is not told yet
	last       time.Time // when the newest of them was pressed
	collection *collection
	after      aftermath
	vault      vault
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
	if d := c.keypad.collection; d != nil && !now.Before(d.due(c.play.Dry)) {
		c.collected(byTimeout, now)
	}
	c.loseAgent(c.keypad.tell(c.link, now), now)
}

// wake is when [Call.keys] has something to do.
func (k *keypad) wake(connected bool, dry time.Time) time.Time {
	var next time.Time
	if connected {
		next = k.due()
	}
	if d := k.collection; d != nil {
		if due := d.due(dry); next.IsZero() || due.Before(next) {
			next = due
		}
	}
	return next
}

// secret tells whether keys are being pressed that nobody may know of. Their tones may be heard, so
// the agent gets silence meanwhile.
func (k *keypad) secret(now time.Time) bool {
	if k.collection != nil {
		return k.collection.want.Secret
	}
	return k.after.want.Secret && !now.After(k.after.deaf)
}

// begin gives whoever keys something in the time that they had without a stream.
func (k *keypad) begin(now time.Time) {
	if d := k.collection; d != nil && d.last.IsZero() {
		d.since = now
	} else if d != nil {
		d.last = now
	}
}
