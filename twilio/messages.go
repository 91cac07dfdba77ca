package twilio

import (
	"context"
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/phone"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// textMost is the longest text that Twilio takes, in characters.
const textMost = 1600

// SendText sends a text from one of the account's numbers. Nothing is repeated here: after an
// error that is [Ambiguous] it may have been sent all the same.
func (c *Client) SendText(ctx context.Context, from, to phone.Number, body string) error {
	if from.IsZero() || to.IsZero() || body == "" || len(body) > textMost {
		return fmt.Errorf("twilio: send text: %w: %w", errUnsent, errors.New("want From, To and a body of at most 1600 bytes"))
	}
	params := new(api.CreateMessageParams).SetFrom(from.E164()).SetTo(to.E164()).SetBody(body)
	return c.do(ctx, "send text", func(s *api.ApiService) error {
		_, err := s.CreateMessage(params)
		return err
	})
}
