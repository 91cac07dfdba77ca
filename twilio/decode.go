package twilio

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
)

// maxName bounds what Unknown repeats of a name from the wire, in bytes.
const maxName = 64

// parse turns a text message into its event.
func parse(b []byte) Event {
	m := newMedia()
	if m.scan(b) {
		return m
	}
	m.Release()
	return decode(b)
}

// decode reads any message. Twilio writes some numbers as strings and some as numbers;
// either is taken everywhere. What an event does not need is not looked at.
func decode(b []byte) Event {
	var msg struct {
		Event     text `json:"event"`
		StreamSID text `json:"streamSid"`
		Protocol  text `json:"protocol"`
		Version   text `json:"version"`

		Start json.RawMessage `json:"start"`
		Media json.RawMessage `json:"media"`
		DTMF  json.RawMessage `json:"dtmf"`
		Mark  json.RawMessage `json:"mark"`
		Stop  json.RawMessage `json:"stop"`
	}
	if err := json.Unmarshal(b, &msg); err != nil {
		return Malformed{Reason: "not the JSON object that a message is", Err: err}
	}
	switch msg.Event {
	case "":
		return Malformed{Reason: "no event"}
	case "connected":
		return Connected{Protocol: string(msg.Protocol), Version: string(msg.Version)}
	case "start":
		return decodeStart(msg.Start, string(msg.StreamSID))
	case "media":
		return decodeMedia(msg.Media)
	case "dtmf":
		return decodeDTMF(msg.DTMF)
	case "mark":
		return decodeMark(msg.Mark)
	case "stop":
		return decodeStop(msg.Stop)
	}
	name := string(msg.Event)
	return Unknown{Name: strings.ToValidUTF8(name[:min(len(name), maxName)], "")}
}

func decodeStart(b []byte, outer string) Event {
	var start struct {
		StreamSID  text            `json:"streamSid"`
		AccountSID text            `json:"accountSid"`
		CallSID    text            `json:"callSid"`
		Tracks     []text          `json:"tracks"`
		Params     map[string]text `json:"customParameters"`
		Format     struct {
			Encoding   text   `json:"encoding"`
			SampleRate number `json:"sampleRate"`
			Channels   number `json:"channels"`
		} `json:"mediaFormat"`
	}
	if bad := body("start", b, &start); bad != nil {
		return *bad
	}
	sid := string(start.StreamSID)
	if sid == "" {
		sid = outer
	}
	if sid == "" || start.CallSID == "" {
		return Malformed{Reason: "start: no streamSid or no callSid"}
	}
	ev := Start{
		StreamSID: StreamSID(sid), AccountSID: string(start.AccountSID), CallSID: CallSID(start.CallSID),
		Encoding: string(start.Format.Encoding), SampleRate: int(start.Format.SampleRate), Channels: int(start.Format.Channels),
	}
	for _, track := range start.Tracks {
		ev.Tracks = append(ev.Tracks, string(track))
	}
	if len(start.Params) > 0 {
		ev.Params = make(map[string]string, len(start.Params))
		for name, value := range start.Params {
			ev.Params[name] = string(value)
		}
	}
	return ev
}

func decodeMedia(b []byte) Event {
	var media struct {
		Track     text   `json:"track"`
		Chunk     number `json:"chunk"`
		Timestamp number `json:"timestamp"`
		Payload   text   `json:"payload"`
	}
	if bad := body("media", b, &media); bad != nil {
		return *bad
	}
	if media.Payload == "" {
		return Malformed{Reason: "media: no payload"}
	}
	m := newMedia()
	var err error
	m.Payload, err = base64.StdEncoding.AppendDecode(m.Payload[:0], []byte(media.Payload))
	if err != nil || len(m.Payload) == 0 {
		m.Release()
		return Malformed{Reason: "media: payload is not base64", Err: err}
	}
	m.Track, m.Chunk, m.Timestamp = string(media.Track), int64(media.Chunk), int64(media.Timestamp)
	return m
}

func decodeDTMF(b []byte) Event {
	var dtmf struct {
		Digit text `json:"digit"`
	}
	if bad := body("dtmf", b, &dtmf); bad != nil {
		return *bad
	}
	if len(dtmf.Digit) != 1 || !strings.Contains("0123456789*#ABCD", string(dtmf.Digit)) {
		return Malformed{Reason: "dtmf: digit is not one of 0-9, *, # and A-D"}
	}
	return DTMF{Digit: string(dtmf.Digit)}
}

func decodeMark(b []byte) Event {
	var mark struct {
		Name text `json:"name"`
	}
	if bad := body("mark", b, &mark); bad != nil {
		return *bad
	}
	if mark.Name == "" {
		return Malformed{Reason: "mark: no name"}
	}
	return Mark{Name: string(mark.Name)}
}

// decodeStop takes a stop without a body too: that it came is what matters.
func decodeStop(b []byte) Event {
	var stop struct {
		AccountSID text `json:"accountSid"`
		CallSID    text `json:"callSid"`
	}
	if len(b) > 0 {
		if bad := body("stop", b, &stop); bad != nil {
			return *bad
		}
	}
	return Stop{AccountSID: string(stop.AccountSID), CallSID: CallSID(stop.CallSID)}
}

// body decodes the object that an event carries under its own name.
func body(event string, b []byte, into any) *Malformed {
	if len(b) == 0 {
		return &Malformed{Reason: event + ": no " + event + " object"}
	}
	if err := json.Unmarshal(b, into); err != nil {
		return &Malformed{Reason: event + ": a field is of the wrong type", Err: err}
	}
	return nil
}

// text is a string that may be written as a number or a boolean.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, (*string)(t))
	case '{', '[':
		return errors.New("want a string")
	case 'n': // null
		return nil
	}
	*t = text(b)
	return nil
}

// number is a whole number that may be written as a string or with a fraction, which is
// cut off. An absent or empty one is 0.
type number int64

func (n *number) UnmarshalJSON(b []byte) error {
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return errNumber
	}
	if t == "" {
		return nil
	}
	if i, err := strconv.ParseInt(string(t), 10, 64); err == nil {
		*n = number(i)
		return nil
	}
	f, err := strconv.ParseFloat(string(t), 64)
	if err != nil || !(math.Abs(f) < 1<<53) { // NaN fails the comparison too
		return errNumber
	}
	*n = number(f)
	return nil
}

var errNumber = errors.New("want a number, or a number in a string")
