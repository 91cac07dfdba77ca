package builtin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ScheduleCallback has the caller called back.
const ScheduleCallback = "schedule_callback"

const (
	callbackBound = 6 * time.Second // for the ledger and the reminder together
	maxCallbacks  = 3               // of one call
	maxTopic      = 100             // bytes: a consent's subject
	maxWhen       = 64              // bytes of a time, and of a zone
)

type callbackIn struct {
	At    string `json:"at" jsonschema:"When: such as 2026-11-24T15:00:00-08:00, or 2026-11-24T15:00 on the caller's own clock. In the future, at most 60 days away."`
	Topic string `json:"topic" jsonschema:"What the call will be about, in a few words, at most 100 bytes. They agree to a call about this and nothing else."`
	Zone  string `json:"zone,omitempty" jsonschema:"The time zone that the caller is in, such as America/Chicago, if they said where they are."`
}

var callbackForm = form[callbackIn](ScheduleCallback,
	"Schedules a call back to the number that the caller is using now. "+
		"Use it only when they have just said, in their own words, that they want that, and when: their words are kept as "+
		"the proof. Never use it for a call that sells. "+
		"Tell them the time that it answers with; if it says that a call is not allowed then, offer the time that it names.")

func (in callbackIn) check() error {
	topic := strings.TrimSpace(in.Topic)
	switch {
	case topic == "", len(topic) > maxTopic, !utf8.ValidString(topic), strings.ContainsFunc(topic, unicode.IsControl):
		return fmt.Errorf("topic: want 1 to %d bytes on one line", maxTopic)
	case len(in.At) > maxWhen:
		return fmt.Errorf("at: want a time such as 2026-11-24T15:00:00-08:00, at most %d bytes", maxWhen)
	case len(in.Zone) > maxWhen:
		return fmt.Errorf("zone: want a time zone such as America/New_York, at most %d bytes", maxWhen)
	}
	return nil
}

// scheduleCallback writes down the consent that the caller has just given, then the call to be placed. Nothing is
// written if the gate would refuse that call all the same.
func scheduleCallback(s *State, c Controls, t Invocation, in callbackIn, now time.Time) {
	topic := strings.TrimSpace(in.Topic)
	err := in.check()
	var at time.Time
	if err == nil {
		at, err = whenAsked(strings.TrimSpace(in.At), strings.TrimSpace(in.Zone), c.Clock(), now)
	}
	if err != nil {
		field, _, _ := strings.Cut(err.Error(), ":")
		c.Refuse(t, "The arguments are not valid: "+err.Error()+".", fmt.Errorf("%w: %s", errArguments, field), now)
		return
	}
	said := c.Said(now)
	arrange, err := c.Callback(t, topic, at, now)
	if err == nil {
		err = said.consents()
	}
	switch done := s.callbacks.find(topic, at); {
	case err != nil:
	case s.callbacks.arranging:
		err = errArranging
	case done != nil:
		c.Answer(t, done.json(), now)
		return
	case len(s.callbacks.list)+s.callbacks.earlier >= maxCallbacks:
		err = errMaxCallbacks
	}
	if err != nil {
		c.Refuse(t, sayOfCallback(err), err, now)
		return
	}
	note := "asked to be called back at " + at.Format(time.RFC3339) + " about: " + topic
	if said.After != "" {
		note += "\nthe agent had said: " + said.After
	}
	s.callbacks.arranging = true
	c.Background(callbackBound, func(ctx context.Context) Then {
		a, err := arrange(ctx, said.Words, note)
		return func(c Controls, now time.Time) {
			s.callbacks.arranged(c, t, callback{topic: topic, at: at}, a, err, now)
		}
	})
}

var (
	errArranging    = errors.New("another callback is being scheduled")
	errMaxCallbacks = errors.New("one call may not schedule more callbacks")
)
