package twilio

import (
	"context"
	"fmt"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/patchcord/patchcord/phone"
)

// Text is a message that somebody sent to a number of the account.
type Text struct {
	SID      string
	From, To Party
	Body     string
	At       time.Time // whole seconds, by Twilio's clock; zero if it did not say
}

// Bounds of reading the log of messages.
const (
	textsAtOnce = 200
	textsMost   = 10_000
)

// ListTexts is the texts that came in at a number since a time, by Twilio's log of messages.
// More than 10,000 are an error: a refusal may be among those that were left out.
//
// https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
func (c *Client) ListTexts(ctx context.Context, to phone.Number, since time.Time) ([]Text, error) {
	var texts []Text
	params := new(api.ListMessageParams).SetTo(to.E164()).SetDateSentAfter(since.UTC()).SetPageSize(textsAtOnce).SetLimit(textsMost + 1)
	err := c.do(ctx, "list messages", func(s *api.ApiService) error {
		list, err := s.ListMessage(params)
		if err != nil {
			return err
		}
		if len(list) > textsMost {
			return fmt.Errorf("there are more than %d", textsMost)
		}
		for i := range list {
			if m := &list[i]; value(m.Direction) == "inbound" {
				texts = append(texts, textFrom(m))
			}
		}
		return nil
	})
	return texts, err
}

func textFrom(m *api.ApiV2010Message) Text {
	t := Text{SID: value(m.Sid), From: Party(value(m.From)), To: Party(value(m.To)), Body: value(m.Body)}
	if at, err := time.Parse(time.RFC1123Z, value(m.DateSent)); err == nil {
		t.At = at
	}
	return t
}
