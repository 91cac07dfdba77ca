package twilio

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/phone"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// MachineDetection is how Twilio listens for an answering machine, beside the call:
// nobody waits for its verdict.
type MachineDetection string

// What may be asked for. None costs nothing and tells nothing.
const (
	DetectNone       MachineDetection = ""
	DetectMachine    MachineDetection = "Enable"           // as soon as it is known: for hanging up
	DetectMessageEnd MachineDetection = "DetectMessageEnd" // at the end of the machine's greeting: for leaving a message
)

// CallParams describes a call that Twilio shall place.
type CallParams struct {
	To, From phone.Number

	// URL is asked for TwiML when the call is answered, StatusCallback told how it
	// goes: initiated, ringing, answered, completed. Our own id of the call belongs
	// into both: they may be the only news of a call whose creation got no answer.
	URL, StatusCallback string

	Detect         MachineDetection
	DetectCallback string // is told what Detect found; must be there if Detect is

	Ring time.Duration // to let it ring; whole seconds, 1 s to 600 s. Twilio may add 5 s
	Max  time.Duration // of the whole call, 1 s to 24 h; there is no call without a limit
}

func (p CallParams) check() error {
	var errs []error
	missing := func(name string, is bool) {
		if is {
			errs = append(errs, fmt.Errorf("%s is missing", name))
		}
	}
	missing("To", p.To.IsZero())
	missing("From", p.From.IsZero())
	missing("URL", p.URL == "")
	missing("StatusCallback", p.StatusCallback == "")
	missing("DetectCallback", p.Detect != DetectNone && p.DetectCallback == "")
	if p.Ring < time.Second || p.Ring > 600*time.Second {
		errs = append(errs, errors.New("Ring: want 1 s to 600 s"))
	}
	if p.Max < time.Second || p.Max > 24*time.Hour {
		errs = append(errs, errors.New("Max: want 1 s to 24 h"))
	}
	return errors.Join(errs...)
}

// CreateCall places a call. Twilio knows no idempotency key: an error says by
// [Refused], [Retryable] and [Ambiguous] whether there may be a call all the same, and
// nothing is repeated here.
//
// In this program twiliocarrier.Carrier alone may use it, with a permit.
func (c *Client) CreateCall(ctx context.Context, p CallParams) (CallSID, error) {
	if err := p.check(); err != nil {
		return "", fmt.Errorf("twilio: create call: %w: %w", errUnsent, err)
	}
	params := new(api.CreateCallParams).SetTo(p.To.E164()).SetFrom(p.From.E164()).
		SetUrl(p.URL).SetMethod("POST").
		SetStatusCallback(p.StatusCallback).SetStatusCallbackMethod("POST").
		SetStatusCallbackEvent([]string{"initiated", "ringing", "answered", "completed"}).
		SetTimeout(int(p.Ring / time.Second)).SetTimeLimit(int(p.Max / time.Second))
	if p.Detect != DetectNone {
		params.SetMachineDetection(string(p.Detect)).SetAsyncAmd("true").
			SetAsyncAmdStatusCallback(p.DetectCallback).SetAsyncAmdStatusCallbackMethod("POST")
	}
	var sid CallSID
	err := c.do(ctx, "create call", func(s *api.ApiService) error {
		call, err := s.CreateCall(params)
		if err != nil {
			return err
		}
		sid, err = ParseCallSID(value(call.Sid))
		return err
	})
	return sid, err
}

// Placed is a call as the API shows it.
type Placed struct {
	SID       CallSID
	To, From  Party
	Status    CallStatus
	Direction string    // "inbound", "outbound-api", "outbound-dial"
	CreatedAt time.Time // whole seconds, by Twilio's clock; zero if it did not say
}

// FetchCall asks for one call. Of a call that the account does not have it is an
// [*APIError] that is Gone.
func (c *Client) FetchCall(ctx context.Context, sid CallSID) (Placed, error) {
	if _, err := ParseCallSID(string(sid)); err != nil {
		return Placed{}, fmt.Errorf("twilio: fetch call: call SID: %w", err)
	}
	var placed Placed
	err := c.do(ctx, "fetch call", func(s *api.ApiService) error {
		call, err := s.FetchCall(string(sid), nil)
		if err == nil {
			placed = placedFrom(call)
		}
		return err
	})
	return placed, err
}

// listSize is how many calls to one number are looked through, the newest first.
const listSize = 50

// ListCalls is the newest calls that were placed to a number by the API since a time,
// give or take a few seconds, at most 50. The API's own filter, StartTime, would leave
// out a call that is still queued: it has no start.
func (c *Client) ListCalls(ctx context.Context, to phone.Number, since time.Time) ([]Placed, error) {
	var calls []Placed
	params := new(api.ListCallParams).SetTo(to.E164()).SetPageSize(listSize)
	err := c.do(ctx, "list calls", func(s *api.ApiService) error {
		page, err := s.PageCall(params, "", "")
		if err != nil {
			return err
		}
		for i := range page.Calls {
			calls = append(calls, placedFrom(&page.Calls[i]))
		}
		return nil
	})
	since = since.Truncate(time.Second)
	calls = slices.DeleteFunc(calls, func(p Placed) bool {
		return p.Direction != "outbound-api" || !p.CreatedAt.IsZero() && p.CreatedAt.Before(since)
	})
	return calls, err
}

func placedFrom(call *api.ApiV2010Call) Placed {
	p := Placed{SID: CallSID(value(call.Sid)), To: Party(value(call.To)), From: Party(value(call.From)),
		Status: CallStatus(value(call.Status)), Direction: value(call.Direction)}
	if at, err := time.Parse(time.RFC1123Z, value(call.DateCreated)); err == nil {
		p.CreatedAt = at
	}
	return p
}
