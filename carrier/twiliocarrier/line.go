package twiliocarrier

import (
	"context"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twilio"
)

// tokenParameter is the <Parameter> of a stream that carries a [carrier.Connect]'s token.
const tokenParameter = "token"

// line is a media stream: what it sends is the stream's own.
type line struct{ *twilio.Stream }

// NewLine makes a line of a media stream, whose owner it becomes.
func NewLine(s *twilio.Stream) carrier.Line { return line{s} }

func (line) Format() carrier.Format { return carrier.Telephony }

func (l line) Receive(ctx context.Context) (carrier.Event, error) {
	ev, err := l.Stream.Receive(ctx)
	if err != nil {
		return nil, err
	}
	return event(ev), nil
}

// event is Twilio's event as every carrier has it.
func event(ev twilio.Event) carrier.Event {
	switch ev := ev.(type) {
	case *twilio.Media:
		m := carrier.NewMedia()
		m.Timestamp = ev.Timestamp
		m.Payload, ev.Payload = ev.Payload, m.Payload // so that nothing is copied
		ev.Release()
		return m
	case twilio.Mark:
		return carrier.Mark(ev)
	case twilio.DTMF:
		return carrier.Key(ev)
	case twilio.Start:
		return carrier.Start{Call: carrier.CallID(ev.CallSID), Account: ev.AccountSID, Token: ev.Params[tokenParameter]}
	case twilio.Stop:
		return carrier.Stop{}
	case twilio.Malformed:
		return carrier.Malformed{Reason: ev.Reason}
	case twilio.Connected:
		return carrier.Unknown{Name: "connected"}
	case twilio.Unknown:
		return carrier.Unknown(ev)
	}
	panic("twiliocarrier: internal error: an event of no known type")
}

func (l line) Close(why carrier.Closing) error {
	code := twilio.CloseNormal
	if why == carrier.Refused {
		code = twilio.ClosePolicy
	}
	return l.Stream.Close(code, "")
}
