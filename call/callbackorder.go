package call

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
)

// Callbacks schedules calls that were asked for in a call. It is declared here since a call needs
// it; the reminders are one.
type Callbacks interface {
	// Check tells whether the order could be scheduled or asked about: above all whether each
	// voice can be given its variables. It writes nothing.
	Check(o CallbackOrder) error

	// Schedule has a call placed later, through the gate, and returns by what name it can be
	// found. The same Key is scheduled once, and answers the same name.
	Schedule(ctx context.Context, o CallbackOrder) (id string, err error)

	// Ask holds a call until the person has agreed to it on a channel of their own: a text to
	// the number, answered YES. Nothing is scheduled before. The error may be [builtin.ErrNoTexts] or
	// [builtin.ErrAskedEnough].
	Ask(ctx context.Context, o CallbackOrder) error
}

// CallbackOrder is a call that a person asked for in another.
type CallbackOrder struct {
	Key string // at most 200 bytes
	Order
	At time.Time
}

// maxKey bounds the key of a reminder, in bytes.
const maxKey = 200

// callbackTopic is the variable by which the agent that calls back knows what for.
const callbackTopic = "callback_topic"

// Evidence of a consent that was spoken.
const (
	methodSpoken   = "spoken"
	verifiedCaller = "caller ID: the carrier vouches that the number is the caller's (" + carrier.PassedA + ")"
	verifiedCalled = "the person answered our call to this number"
)

// Callback implements builtin.Controls.
func (a controls) Callback(t builtin.Invocation, topic string, at, now time.Time) (builtin.Arrange, error) {
	d := a.c.dossier
	o, err := a.c.callback(topic, at)
	if err != nil {
		return nil, err
	}
	o.Key = callbackKey(a.c.journal.head.ID, t.ID)
	return func(ctx context.Context, words, note string) (builtin.Arrangement, error) {
		return d.arrange(ctx, o, d.granted(o, words, note, now), now)
	}, nil
}

// callback is the order for a call to whom we talk with, from our side of this call.
func (c *Call) callback(topic string, at time.Time) (CallbackOrder, error) {
	d := c.dossier
	switch {
	case !d.known():
		return CallbackOrder{}, builtin.ErrNobody
	case d.keeper.callbacks == nil, d.request.From.IsZero(), d.request.FromSeller != d.request.Seller.Name:
		return CallbackOrder{}, builtin.ErrNoCalls
	case c.profile.Purpose == consent.Telemarketing:
		return CallbackOrder{}, builtin.ErrSells
	case c.stop.begun():
		return CallbackOrder{}, builtin.ErrEnding
	}
	o := Order{To: d.request.To, From: d.request.From, Agent: c.profile.Name, Purpose: c.profile.Purpose, Subject: topic,
		Variables: map[string]string{}, Location: d.request.Location}
	if o.Purpose == "" || o.Purpose == consent.Emergency { // to be called back is no emergency
		o.Purpose = consent.Informational
	}
	maps.Copy(o.Variables, c.journal.head.Variables)
	if head := c.journal.head; head.Order != nil {
		maps.Copy(o.Variables, head.Order.Variables)
	}
	if _, there := o.Variables[callbackTopic]; there || len(o.Variables) < variablesMost {
		o.Variables[callbackTopic] = topic
	}
	return CallbackOrder{Order: o, At: at}, nil
}

// callbackKey names a callback for ever.
func callbackKey(callID, toolID string) string {
	key := "callback/" + callID + "/" + toolID
	if len(key) <= maxKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "callback/" + hex.EncodeToString(sum[:])
}

// request is the order as the gate will see it.
func (d dossier) callback(o CallbackOrder) consent.Request {
	r := d.request
	r.CallID, r.Purpose, r.Marketing, r.Subject, r.Location, r.AtAnswer = "", o.Purpose, false, o.Subject, o.Location, false
	return r
}

// granted is the consent that a person gives who asks to be called back: to calls about that
// alone, shown by what they said. Prior express consent may be spoken (47 CFR 64.1200(a)(1)); it
// covers no call that sells.
func (d dossier) granted(o CallbackOrder, words, note string, now time.Time) consent.Fact {
	f := d.fact(consent.Grant, now)
	f.Purpose, f.Marketing, f.Subject = "", false, o.Subject
	f.Tier, f.Purposes, f.Channels = consent.Express, []consent.Purpose{o.Purpose}, []string{consent.VoiceAI}
	f.Evidence = &consent.Evidence{Method: methodSpoken, Text: words, VerifiedBy: verifiedCaller}
	if f.PermitID = d.permit; d.permit != "" {
		f.Evidence.VerifiedBy = verifiedCalled
	}
	f.Note = note
	return f
}

// until is what the ledger will know when a call back is due: of the call that goes on now, that
// it is over.
func (d dossier) until(now time.Time, facts ...consent.Fact) []consent.Fact {
	if d.permit == "" {
		return facts
	}
	return append(facts, consent.Ended(d.request, d.permit, consent.PermitEnded, string(AgentEnded), now))
}
