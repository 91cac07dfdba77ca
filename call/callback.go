package call

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/patchcord/patchcord/call/builtin"
)

// ToolScheduleCallback has the caller called back.
const ToolScheduleCallback = "schedule_callback"

const (
	callbackBound = 6 * time.Second // for the ledger and the reminder together
	callbacksMost = 3               // of one call
	topicMost     = 100             // bytes: a consent's subject
	keyMost       = 200             // bytes of a reminder's key
	whenMost      = 64              // bytes of a time, and of a zone
)

type callbackIn struct {
	At    string `json:"at" jsonschema:"When: such as 2026-11-24T15:00:00-08:00, or 2026-11-24T15:00 on the caller's own clock. In the future, at most 60 days away."`
	Topic string `json:"topic" jsonschema:"What the call will be about, in a few words, at most 100 bytes. They agree to a call about this and nothing else."`
	Zone  string `json:"zone,omitempty" jsonschema:"The time zone that the caller is in, such as America/Chicago, if they said where they are."`
}

var callbackForm = form[callbackIn](ToolScheduleCallback,
	"Has us call the caller back, at the number they are on now and no other. Use it only when they have just said, in their own words, that they want that, and when: their words are kept as the proof. "+
		"Never use it for a call that sells. Tell them the time that it answers with; if it says that a call is not allowed then, offer the time that it names.")

// scheduled is a call back that was arranged in this call.
type scheduled struct {
	topic string
	at    time.Time
	out   callbackOut
}

// callbackOut is what the agent is told.
type callbackOut struct {
	At       string `json:"at"`                 // on the caller's clock, if it is known
	Callback string `json:"callback,omitempty"` // by what name it can be found
	Note     string `json:"note"`
}

func (in callbackIn) check() error {
	topic := strings.TrimSpace(in.Topic)
	switch {
	case topic == "" || len(topic) > topicMost || !utf8.ValidString(topic) || strings.ContainsFunc(topic, unicode.IsControl):
		return fmt.Errorf("topic: want 1 to %d bytes on one line", topicMost)
	case len(in.At) > whenMost:
		return fmt.Errorf("at: want a time such as 2026-11-24T15:00:00-08:00, at most %d bytes", whenMost)
	case len(in.Zone) > whenMost:
		return fmt.Errorf("zone: want a time zone such as America/New_York, at most %d bytes", whenMost)
	}
	return nil
}

// scheduleCallback writes down the consent that the caller has just given, then the call to be
// placed. Nothing is written if the gate would refuse that call all the same.
func (c *Call) scheduleCallback(t builtin.Invocation, in callbackIn, now time.Time) {
	topic := strings.TrimSpace(in.Topic)
	err := in.check()
	var at time.Time
	if err == nil {
		at, err = whenAsked(strings.TrimSpace(in.At), strings.TrimSpace(in.Zone), c.dossier.request, now)
	}
	if err != nil {
		field, _, _ := strings.Cut(err.Error(), ":")
		c.refused(t, "The arguments are not valid: "+err.Error()+".", fmt.Errorf("%w: %s", errArguments, field), now)
		return
	}
	order, err := c.callback(topic, at, callbackKey(c.journal.head.ID, t.ID))
	words := c.wishes.words(now)
	switch {
	case err != nil:
	case c.stop.begun():
		err = builtin.ErrEnding
	case words == "":
		err = errNoWords
	case c.wishes.last().declines():
		err = errDeclined
	case c.wishes.asking:
		err = errAsking
	case c.wishes.find(topic, at) != nil:
		c.answered(t, c.wishes.find(topic, at).out.json(), now)
		return
	case len(c.wishes.callbacks)+c.wishes.earlier >= callbacksMost:
		err = errCallbacks
	}
	if err != nil {
		c.refused(t, cmp.Or(sayOfCallback[err], sayNoCallback), err, now)
		return
	}
	d := c.dossier
	note := "asked to be called back at " + at.Format(time.RFC3339) + " about: " + topic
	if q := c.wishes.last().after; q != "" {
		note += "\nthe agent had said: " + q
	}
	grant := d.granted(order, words, note, now)
	c.wishes.asking = true
	c.aside(callbackBound, func(ctx context.Context) func(*Call, time.Time) {
		a, err := d.arrange(ctx, order, grant, now)
		return func(c *Call, now time.Time) {
			c.wishes.asking = false
			c.arranged(t, order, a, err, now)
		}
	})
}

// callbackKey names a call back for ever.
func callbackKey(callID, toolID string) string {
	key := "callback/" + callID + "/" + toolID
	if len(key) <= keyMost {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "callback/" + hex.EncodeToString(sum[:])
}

func (o callbackOut) json() string {
	b, err := json.Marshal(o)
	if err != nil {
		panic("internal error: call: " + err.Error())
	}
	return string(b)
}
