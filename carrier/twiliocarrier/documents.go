package twiliocarrier

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twiml"
)

// Documents writes steps as TwiML, for a service that Twilio reaches at a public URL.
type Documents struct {
	PublicURL string // without a slash at its end
}

// Write is the TwiML of a step. The error says what of it Twilio would refuse.
func (d Documents) Write(s carrier.Step) (string, error) {
	switch s := s.(type) {
	case carrier.Connect:
		return twiml.ConnectStream(twiml.Stream{
			URL:            "ws" + strings.TrimPrefix(d.PublicURL, "http") + "/twilio/media", // http → ws, https → wss
			Action:         d.PublicURL + "/twilio/next",
			StatusCallback: d.PublicURL + "/twilio/stream",
			Params:         map[string]string{tokenParameter: s.Token},
			Digits:         s.Digits,
		})
	case carrier.Reject:
		if s.Busy {
			return twiml.Reject(twiml.Busy)
		}
		return twiml.Reject(twiml.Rejected)
	case carrier.HangUp:
		return twiml.Hangup(), nil
	case carrier.Say:
		return twiml.Fallback(s.Text, string(s.Then)), nil
	case carrier.Transfer:
		return d.transfer(s), nil
	case carrier.Screen:
		return twiml.Screen(s.Text, d.whisper(s.Call, s.Try)+"&accepted=1", s.Patience), nil
	case carrier.Join:
		return twiml.Empty(), nil
	case carrier.Document:
		return s.Text, nil
	}
	return "", fmt.Errorf("twiliocarrier: there is no step of type %T", s)
}

// transfer is a <Dial>. A conference would let somebody be told who calls, too, but its
// second leg has to be created over REST, which rings somebody without a consent permit and
// is what nothing here may do; <Dial> rings on behalf of who is on the line already.
func (d Documents) transfer(s carrier.Transfer) string {
	dial := twiml.Dial{Number: s.To.E164(), CallerID: string(s.CallerID), Timeout: s.Ring,
		Action: d.PublicURL + "/twilio/next"}
	if s.Screened {
		dial.Screen = d.whisper(s.Call, s.Try)
	} else {
		dial.Answered = d.whisper(s.Call, s.Try) + "&answered=1"
	}
	return twiml.PutThrough(dial)
}

// whisper is the webhook about whoever answers a transfer.
func (d Documents) whisper(call string, try int) string {
	return d.PublicURL + "/twilio/whisper?call=" + url.QueryEscape(call) + "&try=" + strconv.Itoa(try)
}
