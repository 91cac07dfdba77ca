package twiml

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/twilio/twilio-go/twiml"
)

// maxParameter bounds the characters of a parameter's name and value together; they
// must stay below it (Twilio, TwiML <Stream>, "Custom parameters").
const maxParameter = 500

// Stream describes a bidirectional media stream.
type Stream struct {
	// URL is the socket that Twilio dials: absolute, ws or wss, without query, fragment
	// or user. Twilio drops a query; what a stream must know travels in Params.
	URL string

	// Action is the webhook that Twilio asks what comes after the stream. Without it the
	// call is hung up then.
	Action string

	// StatusCallback is the webhook that hears of the stream's start, end and errors,
	// among them a handshake that never reached us.
	StatusCallback string

	// Params come back in the start message. Twilio keeps TwiML in its logs: secrets in
	// it must be good for one use. A parameter without a value is left out.
	Params map[string]string

	// Digits are keys that are pressed for the far end to hear before the stream begins:
	// 0-9 * #, with w for half a second of silence and W for a whole one. Empty for none.
	Digits string
}

// ConnectStream hands the call to the stream until its socket closes:
//
//	<Connect action><Stream url statusCallback><Parameter/>…</Stream></Connect><Hangup/>
//
// With Digits a <Play digits> stands before it.
// A URL or parameter that Twilio would refuse or lose is an error that names it,
// without the parameter's value.
func ConnectStream(s Stream) (string, error) {
	if err := checkURL(s.URL); err != nil {
		return "", fmt.Errorf("twiml: stream URL: %w", err)
	}
	if strings.Trim(s.Digits, "0123456789*#wW") != "" {
		return "", errors.New("twiml: stream digits: want 0-9, *, #, w and W")
	}
	stream := twiml.VoiceStream{Url: s.URL, StatusCallback: s.StatusCallback}
	for _, name := range slices.Sorted(maps.Keys(s.Params)) {
		value := s.Params[name]
		if err := checkParameter(name, value); err != nil {
			return "", fmt.Errorf("twiml: stream parameter %.40q: %w", name, err)
		}
		if value != "" {
			stream.InnerElements = append(stream.InnerElements, twiml.VoiceParameter{Name: name, Value: value})
		}
	}
	verbs := []twiml.Element{twiml.VoiceConnect{Action: s.Action, InnerElements: []twiml.Element{stream}}, twiml.VoiceHangup{}}
	if s.Digits != "" {
		verbs = append([]twiml.Element{twiml.VoicePlay{Digits: s.Digits}}, verbs...)
	}
	return document(verbs...), nil
}

func checkURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return errors.New("does not parse")
	case u.Scheme != "wss" && u.Scheme != "ws":
		return fmt.Errorf("scheme is %q: want wss, or ws on one machine", u.Scheme)
	case u.Hostname() == "":
		return errors.New("has no host")
	case u.User != nil:
		return errors.New("has a user in it")
	case strings.ContainsAny(raw, "?#"):
		return errors.New("has a query or a fragment, which Twilio drops: use a parameter or the path")
	}
	return nil
}

func checkParameter(name, value string) error {
	unfit := func(r rune) bool { return unicode.IsControl(r) || r >= utf8.RuneError && r <= '\uffff' }
	switch n := utf8.RuneCountInString(name) + utf8.RuneCountInString(value); {
	case name == "":
		return errors.New("has no name")
	case n >= maxParameter:
		return fmt.Errorf("name and value have %d characters together: want fewer than %d", n, maxParameter)
	case strings.ContainsFunc(name, unfit) || strings.ContainsFunc(value, unfit):
		return errors.New("has a control character or broken UTF-8, which XML would change")
	}
	return nil
}
