package twiliocarrier

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twilio"
)

// Carrier places and ends calls in a Twilio account. It is a [carrier.Carrier].
type Carrier struct {
	client    *twilio.Client
	documents Documents
}

// New makes a carrier of an account's client, for a service whose webhooks Twilio reaches
// as the documents say.
func New(client *twilio.Client, documents Documents) *Carrier { return &Carrier{client, documents} }

var _ carrier.Carrier = (*Carrier)(nil)

// HangUp ends a call, ringing or answered.
func (c *Carrier) HangUp(ctx context.Context, id carrier.CallID) error {
	return failure("hang up", c.client.HangUp(ctx, twilio.CallSID(id)))
}

// Cancel ends a call that nobody has answered.
func (c *Carrier) Cancel(ctx context.Context, id carrier.CallID) error {
	return failure("cancel", c.client.Cancel(ctx, twilio.CallSID(id)))
}

// Continue gives a live call the TwiML of a step.
func (c *Carrier) Continue(ctx context.Context, id carrier.CallID, s carrier.Step) error {
	document, err := c.documents.Write(s)
	if err == nil {
		err = c.client.Redirect(ctx, twilio.CallSID(id), document)
	}
	return failure("continue", err)
}

// Find asks for one call.
func (c *Carrier) Find(ctx context.Context, id carrier.CallID) (carrier.Found, error) {
	call, err := c.client.FetchCall(ctx, twilio.CallSID(id))
	return found(call), failure("find", err)
}

// Search is the newest calls that were placed to a number since a time, at most 50.
func (c *Carrier) Search(ctx context.Context, to phone.Number, since time.Time) ([]carrier.Found, error) {
	calls, err := c.client.ListCalls(ctx, to, since)
	list := make([]carrier.Found, 0, len(calls))
	for _, call := range calls {
		list = append(list, found(call))
	}
	return list, failure("search", err)
}

func found(p twilio.Placed) carrier.Found {
	return carrier.Found{Call: carrier.CallID(p.SID), From: p.From, State: carrier.State(p.Status)}
}
