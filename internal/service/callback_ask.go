package service

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twilio"
)

// Of callbacks that wait for a text.
const (
	askedADay  = 2                // of one number
	askedStale = 10 * time.Second // a place that was taken and never used is free again
)

// asked is a call back that waits for the person's YES. Numbers hide themselves in JSON; in here
// they must not, for all of it is sealed.
type asked struct {
	Key, To, From, Agent, Seller string
	Purpose                      consent.Purpose
	Subject                      string
	Variables                    map[string]string
	Location                     consent.Location
	At                           time.Time
	Text                         string // what was asked
}

// order is the call back again.
func (a asked) order() (o call.CallbackOrder, err error) {
	o = call.CallbackOrder{Key: a.Key, At: a.At, Order: call.Order{Agent: a.Agent, Purpose: a.Purpose, Subject: a.Subject, Variables: a.Variables, Location: a.Location}}
	if o.To, err = phone.Parse(a.To); err == nil {
		o.From, err = phone.Parse(a.From)
	}
	return o, err
}

// Ask implements call.Callbacks: the number is asked by a text from its seller whether it may be
// called. What the caller wants to be called about is not in it, for they may be somebody else. The
// order waits for a day, in the database, sealed.
func (c Callbacks) Ask(ctx context.Context, o call.CallbackOrder) error {
	req, err := c.Service.Switchboard.Request(o.Order)
	if err != nil {
		return err
	}
	from := c.Service.TextsFrom[req.Seller.Name]
	if from.IsZero() || c.Service.texter == nil {
		return builtin.ErrNoTexts
	}
	key, err := c.place(ctx, o)
	if err != nil {
		return err
	}
	a := asked{Key: o.Key, To: o.To.E164(), From: o.From.E164(), Agent: o.Agent, Seller: req.Seller.Name, Purpose: o.Purpose, Subject: o.Subject,
		Variables: o.Variables, Location: o.Location, At: o.At, Text: askText(req.Seller, o.At)}
	if err = c.Service.texter.SendText(ctx, from, o.To, a.Text); err == nil || twilio.Ambiguous(err) {
		err = c.keep(ctx, key, a, o.To)
	}
	if err != nil {
		return errors.Join(err, c.Service.DB.DropClaim(ctx, key))
	}
	return nil
}

func askText(s consent.Seller, at time.Time) string {
	return fmt.Sprintf("%s: somebody who called us asked for a call to this number on %s. May our AI assistant call you then? Reply YES. Reply STOP for no calls.",
		s.RegisteredName, at.Format("Mon Jan 2 at 3:04 PM MST"))
}

// places is where the calls back of a number wait.
func (c Callbacks) places(n phone.Number) (list [askedADay][32]byte) {
	for i := range list {
		h := hmac.New(sha256.New, c.Service.Gate.key)
		io.WriteString(h, fmt.Sprintf("callback %d %s", i, n.E164()))
		list[i] = [32]byte(h.Sum(nil))
	}
	return list
}

// place takes one for an order; the same order has the same.
func (c Callbacks) place(ctx context.Context, o call.CallbackOrder) ([32]byte, error) {
	body := sha256.Sum256([]byte(o.Key))
	for _, key := range c.places(o.To) {
		claim, err := c.Service.DB.Claim(ctx, key, body, "", askedStale)
		if err != nil || claim.Mine {
			return key, err
		}
	}
	return [32]byte{}, builtin.ErrAskedEnough
}

func (c Callbacks) keep(ctx context.Context, key [32]byte, a asked, to phone.Number) error {
	plain, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("callbacks: %w", err)
	}
	box, err := c.aead()
	if err != nil {
		return err
	}
	return c.Service.DB.KeepAnswer(ctx, key, box.Seal(nil, nil, plain, key[:]), c.Service.erasures.Person(to))
}

func (c Callbacks) aead() (cipher.AEAD, error) {
	h := hmac.New(sha256.New, c.Service.Gate.key)
	h.Write([]byte("calls back that wait"))
	block, err := aes.NewCipher(h.Sum(nil))
	if err != nil {
		return nil, fmt.Errorf("callbacks: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// done stands in the place of a call back that was agreed to.
var done = []byte{1}

// Confirm implements server.Confirmer: the person has answered YES. The consent is written down
// with the question and the answer, and the call scheduled.
func (c Callbacks) Confirm(ctx context.Context, from phone.Number, seller func(name string) bool, answer string, now time.Time) (confirmed int, err error) {
	for _, key := range c.places(from) {
		a, found, err := c.waiting(ctx, key)
		if err != nil {
			return confirmed, err
		}
		if !found || !seller(a.Seller) || !a.At.After(now) {
			continue
		}
		o, err := a.order()
		if err != nil || o.To != from {
			return confirmed, errors.New("callbacks: can't read the waiting ones")
		}
		if err := c.Check(o); err != nil { // the agent is another one by now
			return confirmed, err
		}
		grant := consent.Fact{Type: consent.Grant, Number: o.To, Seller: a.Seller, OccurredAt: now, Source: "sms", Actor: "sms", Via: consent.ViaSMS, Subject: o.Subject,
			Tier: consent.Express, Purposes: []consent.Purpose{o.Purpose}, Channels: []string{consent.VoiceAI},
			Evidence: &consent.Evidence{Method: "sms", Text: a.Text + "\n" + answer, VerifiedBy: "a text from the number itself"}}
		if _, err = c.Service.Gate.Record(ctx, grant); err == nil {
			_, err = c.Schedule(ctx, o)
		}
		if err == nil {
			err = c.Service.DB.KeepAnswer(ctx, key, done, c.Service.erasures.Person(from))
		}
		if err != nil {
			return confirmed, err
		}
		confirmed++
	}
	return confirmed, nil
}

// waiting is the call back that waits at a place, if there is one.
func (c Callbacks) waiting(ctx context.Context, key [32]byte) (a asked, found bool, err error) {
	claim, err := c.Service.DB.Claim(ctx, key, [32]byte{}, "", time.Hour)
	switch {
	case err != nil:
		return a, false, err
	case claim.Mine: // nothing was there
		return a, false, c.Service.DB.DropClaim(ctx, key)
	case len(claim.Answer) <= len(done):
		return a, false, nil
	}
	box, err := c.aead()
	if err != nil {
		return a, false, err
	}
	plain, err := box.Open(nil, nil, claim.Answer, key[:])
	if err == nil {
		err = json.Unmarshal(plain, &a)
	}
	if err != nil {
		return a, false, errors.New("callbacks: can't decrypt a waiting one")
	}
	return a, true, nil
}
