package call

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// arrangement is a call back that is scheduled.
type arrangement struct {
	id    string // of the reminder
	row   int64  // of the consent, in the ledger
	held  bool   // a fact is missing without which the call will not be placed
	asked bool   // it waits for the person's answer to a text
}

// arrange finds out what would become of a call back, writes down the consent, and schedules it, in
// this order: without the ledger nothing is scheduled, and who may not be called agrees to nothing.
// A caller ID proves nobody: of whom the carrier does not vouch for no consent is written down, and
// the number itself is asked.
func (d dossier) arrange(ctx context.Context, o CallbackOrder, grant consent.Fact, now time.Time) (arrangement, error) {
	if err := d.keeper.callbacks.Check(o); err != nil {
		return arrangement{}, fmt.Errorf("nothing is scheduled: %w", err)
	}
	switch n, err := d.spokenToday(ctx, o.To, now); {
	case err != nil:
		return arrangement{}, err
	case n >= callbacksADay:
		return arrangement{}, ErrAskedEnough
	}
	ask := !d.holdsNumber()
	if ask {
		grant.Via, grant.Attestation = consent.ViaSMS, "" // as it will be, if it ever is
	}
	decision, err := d.keeper.gate.DecideAt(ctx, d.callback(o), o.At, d.until(now, grant)...)
	if err != nil {
		return arrangement{}, err
	}
	held, err := foreseen(decision, o.At)
	if err != nil {
		return arrangement{}, err
	}
	if ask {
		return arrangement{held: held, asked: true}, d.keeper.callbacks.Ask(ctx, o)
	}
	receipts, err := d.keeper.gate.Record(ctx, grant)
	if err != nil {
		return arrangement{}, err
	}
	a := arrangement{row: receipts[0].Seq, held: held}
	if a.id, err = d.keeper.callbacks.Schedule(ctx, o); err != nil {
		return a, fmt.Errorf("nothing is scheduled: %w", err)
	}
	return a, nil
}

// foreseenError is a call back that the gate would not let through: never, or not at that time.
type foreseenError struct {
	say   string
	rules []string
}

func (e *foreseenError) Error() string {
	return "the gate would not let it through: " + strings.Join(e.rules, ", ")
}

// foreseen says whether a decision about a time to come wants facts that may still be brought. The
// error is a *foreseenError.
func foreseen(d consent.Decision, at time.Time) (held bool, err error) {
	var blocked, late []string
	var from time.Time
	for _, r := range d.Failing() {
		switch {
		case r.Status == consent.Unknown || r.Effect == consent.EffectHold:
			held = true
		case r.Effect == consent.EffectDefer:
			late = append(late, r.Rule)
			if r.RetryAt != nil {
				from = later(from, *r.RetryAt)
			}
		default:
			blocked = append(blocked, r.Rule)
		}
	}
	switch {
	case len(blocked) > 0:
		say := sayNotAllowed
		for _, rule := range blocked {
			if rule == "revoked" || rule == "dnc.internal" {
				say = sayOnTheList
			}
		}
		return false, &foreseenError{say, blocked}
	case len(late) > 0:
		if d.NotBefore != nil {
			from = *d.NotBefore
		}
		if from.IsZero() {
			return false, &foreseenError{"We may not call them at that time, nor soon after. Nothing is scheduled. Ask for a time on another day.", late}
		}
		return false, &foreseenError{"We may not call them at that time. Nothing is scheduled. The earliest after it is " + clockTime(from.In(at.Location())) +
			". Ask whether that suits; if they say so, use the tool again with it.", late}
	}
	return held, nil
}

// What the agent is told of a call back that is not scheduled.
const (
	sayNoCallback = "No call back can be scheduled just now, and none is. Say so, and offer to take a message instead."
	sayNotAllowed = "We may not call this number. Nothing is scheduled. Say so, and offer to take a message instead."
	sayOnTheList  = "They have asked us before not to call them, and are on our list: nothing is scheduled. Say so; they can have a person here take them off it, and call us meanwhile."
)

var errAsking = errors.New("another callback is being scheduled")

var sayOfCallback = map[error]string{
	errNobody:         "Their number is not known here, so we cannot call it. Say so, and offer to take a message with a number.",
	errNoCalls:        "You place no calls. Say so, and offer to take a message instead.",
	errSells:          "A call that sells takes more than a spoken yes, so none is scheduled. Offer to take a message instead.",
	errNoWords:        "They have not said anything yet that asks for it. Ask them whether and when they want to be called back; when they have answered in words, use the tool again.",
	errDeclined:       "The last thing they said was no, so nothing is scheduled. Do not press them.",
	errAsking:         "One call back is being scheduled already. Wait for that answer.",
	errCallbacks:      "Enough calls back are scheduled in this call. Say which, and schedule no more.",
	builtin.ErrEnding: "The call is ending.",

	ErrNoTexts:     "It is not sure that this number is theirs, and we can't send it a text to ask. Nothing is scheduled. Say that you can't arrange it, and offer to take a message or to put them through.",
	ErrAskedEnough: "Enough calls back were asked for this number today. Nothing more is scheduled. Say so, and offer to take a message.",
}

// arranged answers the tool, and leaves a note where the proof is.
func (c *Call) arranged(t builtin.Invocation, o CallbackOrder, a arrangement, err error, now time.Time) {
	if a.row > 0 {
		c.journal.event(calllog.EventCallback, fmt.Sprintf("the caller asked to be called back: their consent is row %d of the ledger", a.row), now)
	}
	if err != nil {
		say := sayNoCallback
		if f, ok := errors.AsType[*foreseenError](err); ok {
			say = f.say
		}
		for is, text := range sayOfCallback {
			if errors.Is(err, is) {
				say = text
			}
		}
		c.refused(t, say, err, now)
		return
	}
	out := callbackOut{At: clockTime(o.At), Callback: a.id, Note: "It is scheduled. Tell them the day and the time."}
	switch {
	case a.asked:
		c.journal.event(calllog.EventCallback, "the caller asked to be called back: the number they call from was asked by a text whether it may be", now)
		out.Callback, out.Note = "", "It is not scheduled yet: a text was sent to the number that they call from. We call only when they answer it with YES. Tell them the day, the time, and that."
	case a.held:
		out.Note = "It is noted. Before we may call, something about the number has still to be checked: tell them the day and the time, and that it is not sure yet."
	}
	c.wishes.callbacks = append(c.wishes.callbacks, scheduled{o.Subject, o.At, out})
	c.answered(t, out.json(), now)
}
