package call

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
)

// collection is digits that are being keyed in.
type collection struct {
	tool   builtin.Invocation
	want   collectIn
	digits string
	since  time.Time // when it was asked for, or went on with another stream
	last   time.Time // when the last key came; zero before the first
}

func (d *collection) wait() time.Duration { return time.Duration(d.want.TimeoutMS) * time.Millisecond }

// due is when the caller has waited too long with a key. The time for the first one begins when
// they have heard what is asked of them: dry is when the line has nothing left to play.
func (d *collection) due(dry time.Time) time.Time {
	if !d.last.IsZero() {
		return d.last.Add(d.wait())
	}
	due := later(d.since, dry).Add(2 * d.wait())
	if most := d.since.Add(firstKeyMost); due.After(most) {
		return most
	}
	return due
}

// press takes a key and says what it ends the collection by; nothing if it goes on. A key that is
// neither a digit nor the terminator is passed over.
func (d *collection) press(key string, now time.Time) (by string) {
	d.last = now
	switch {
	case key == *d.want.Terminator:
		return byTerminator
	case len(key) == 1 && digit(key[0]):
		d.digits += key
	}
	if len(d.digits) >= d.want.Max {
		return byMax
	}
	return ""
}

// aftermath is the keys that may still come of a collection that is over: the terminator out of
// habit after the last digit, or the rest of a number that nobody may see, keyed in too slowly.
type aftermath struct {
	until time.Time
	deaf  time.Time // until when the agent hears silence, if the keys are secret
	want  collectIn
	whole bool // as many came as were asked for: a further one is not likely
}

// wait lets keys come for so long.
func (a *aftermath) wait(bound time.Duration, now time.Time) {
	a.until, a.deaf = now.Add(bound), now.Add(bound)
	if a.whole {
		a.deaf = now.Add(min(bound, surplusWait))
	}
}

// takes tells whether a key belongs to what is over.
func (a *aftermath) takes(key string, now time.Time) bool {
	if now.After(a.until) {
		return false
	}
	if a.want.Secret {
		a.wait(time.Duration(a.want.TimeoutMS)*time.Millisecond, now)
		return true
	}
	a.until = time.Time{} // one key alone
	return key == *a.want.Terminator
}

// collectOut is what the agent is told: the digits, or, of those that it may not see, by what
// reference another tool gets them.
type collectOut struct {
	Digits    *string `json:"digits,omitempty"`
	Collected int     `json:"collected"`
	EndedBy   string  `json:"ended_by"`
	Complete  bool    `json:"complete"`
	Reference string  `json:"reference,omitempty"`
	Note      string  `json:"note,omitempty"`
}

// collected ends a collection and answers its tool.
func (c *Call) collected(by string, now time.Time) {
	k := &c.keypad
	d := k.collection
	k.collection = nil
	n := len(d.digits)
	out := collectOut{Collected: n, EndedBy: by, Complete: n >= d.want.Min}
	switch {
	case n == 0:
		out.Note = "The caller pressed no key. Ask whether they need help."
	case !out.Complete:
		out.Note = fmt.Sprintf("At least %d digits are needed. Ask the caller to key them in again from the beginning, and use the tool again.", d.want.Min)
	}
	switch {
	case !d.want.Secret:
		out.Digits = &d.digits
	case out.Complete:
		out.Reference = k.vault.put(d.want.Name, d.digits, now)
	}
	if by != byTerminator && n > 0 || d.want.Secret && !out.Complete {
		k.after = aftermath{want: d.want, whole: by == byMax}
		k.after.wait(2*d.wait(), now)
	}
	content, err := json.Marshal(out)
	if err != nil {
		panic("internal error: call: " + err.Error())
	}
	c.answered(d.tool, string(content), now)
}

// slug makes a name of letters, digits and low lines.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case b.Len() >= digitsNameMost:
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	if s := strings.Trim(b.String(), "_"); s != "" {
		return s
	}
	return "number"
}
