package twilio

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	streamSID = "MZ0123456789abcdef0123456789abcdef"
	callSID   = "CA00000000000000000000000000000002"
	account   = "AC00000000000000000000000000000001"
)

var wholeStart = Start{
	StreamSID: streamSID, AccountSID: account, CallSID: callSID, Tracks: []string{"inbound"},
	Params: map[string]string{"token": "k3Jr", "agent": "support"}, Encoding: "audio/x-mulaw", SampleRate: 8000, Channels: 1,
}

// messages are what Twilio's documentation shows, and what it does not.
var messages = []struct {
	name, text string
	want       Event
}{
	{"connected", `{"event":"connected","protocol":"Call","version":"1.0.0"}`, Connected{Protocol: "Call", Version: "1.0.0"}},
	{"start", `{"event":"start","sequenceNumber":"1","streamSid":"` + streamSID + `","start":{"streamSid":"` + streamSID + `",` +
		`"accountSid":"` + account + `","callSid":"` + callSID + `","tracks":["inbound"],` +
		`"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{"token":"k3Jr","agent":"support"}}}`, wholeStart},
	{"start, other types", `{"event":"start","sequenceNumber":1,"streamSid":"` + streamSID + `","start":{` +
		`"accountSid":"` + account + `","callSid":"` + callSID + `","tracks":["inbound"],"unheard":{"of":1},` +
		`"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":"8000","channels":1.0},"customParameters":{"token":"k3Jr","agent":"support"}}}`, wholeStart},
	{"start, a number for a parameter", `{"event":"start","streamSid":"MZ1","start":{"callSid":"CA1","customParameters":{"n":7,"b":true,"z":null}}}`,
		Start{StreamSID: "MZ1", CallSID: "CA1", Params: map[string]string{"n": "7", "b": "true", "z": ""}}},
	{"media", `{"event":"media","sequenceNumber":"2","streamSid":"MZ1","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"//79/A=="}}`,
		&Media{Track: "inbound", Chunk: 1, Timestamp: 57, Payload: []byte{0xff, 0xfe, 0xfd, 0xfc}}},
	{"media as on the wire", `{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"//79/A=="},"streamSid":"MZ1"}`,
		&Media{Track: "inbound", Chunk: 1, Timestamp: 57, Payload: []byte{0xff, 0xfe, 0xfd, 0xfc}}},
	{"media with numbers", `{"event":"media","sequenceNumber":2,"streamSid":"MZ1","media":{"track":"inbound","chunk":1,"timestamp":57.0,"payload":"//79/A=="}}`,
		&Media{Track: "inbound", Chunk: 1, Timestamp: 57, Payload: []byte{0xff, 0xfe, 0xfd, 0xfc}}},
	{"media, escaped and spaced", `{ "event" : "media", "media" : { "payload" : "\/\/79\u002fA==", "track":"outbound", "timestamp":"1e3" } }`,
		&Media{Track: "outbound", Timestamp: 1000, Payload: []byte{0xff, 0xfe, 0xfd, 0xfc}}},
	{"dtmf", `{"event":"dtmf","sequenceNumber":"81","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"#"}}`, DTMF{Digit: "#"}},
	{"dtmf as a number", `{"event":"dtmf","dtmf":{"digit":5}}`, DTMF{Digit: "5"}},
	{"mark", `{"event":"mark","sequenceNumber":8,"streamSid":"MZ1","mark":{"name":"g3:7"},"extra":[1,2]}`, Mark{Name: "g3:7"}},
	{"stop", `{"event":"stop","sequenceNumber":"900","streamSid":"MZ1","stop":{"accountSid":"` + account + `","callSid":"` + callSID + `"}}`,
		Stop{AccountSID: account, CallSID: callSID}},
	{"stop, bare", `{"event":"stop"}`, Stop{}},
	{"unknown", `{"event":"weather","streamSid":"MZ1","weather":{"sky":"blue"},"media":7}`, Unknown{Name: "weather"}},
	{"unknown, long", `{"event":"` + strings.Repeat("é", 60) + `"}`, Unknown{Name: strings.Repeat("é", 32)}},

	{"nothing", ``, Malformed{Reason: "not the JSON object that a message is"}},
	{"half", `{"event":`, Malformed{Reason: "not the JSON object that a message is"}},
	{"array", `[]`, Malformed{Reason: "not the JSON object that a message is"}},
	{"event is an object", `{"event":{}}`, Malformed{Reason: "not the JSON object that a message is"}},
	{"no event", `{"streamSid":"MZ1"}`, Malformed{Reason: "no event"}},
	{"null", `null`, Malformed{Reason: "no event"}},
	{"start without a body", `{"event":"start","streamSid":"MZ1"}`, Malformed{Reason: "start: no start object"}},
	{"start without a call", `{"event":"start","streamSid":"MZ1","start":{}}`, Malformed{Reason: "start: no streamSid or no callSid"}},
	{"start without a stream", `{"event":"start","start":{"callSid":"CA1"}}`, Malformed{Reason: "start: no streamSid or no callSid"}},
	{"start is a list", `{"event":"start","start":[]}`, Malformed{Reason: "start: a field is of the wrong type"}},
	{"a rate in words", `{"event":"start","start":{"mediaFormat":{"sampleRate":"eight"}}}`, Malformed{Reason: "start: a field is of the wrong type"}},
	{"media without a body", `{"event":"media"}`, Malformed{Reason: "media: no media object"}},
	{"media without payload", `{"event":"media","media":{"timestamp":"1"}}`, Malformed{Reason: "media: no payload"}},
	{"media, null", `{"event":"media","media":null}`, Malformed{Reason: "media: no payload"}},
	{"empty payload", `{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":""},"streamSid":"MZ1"}`, Malformed{Reason: "media: no payload"}},
	{"bad base64", `{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"//7"},"streamSid":"MZ1"}`, Malformed{Reason: "media: payload is not base64"}},
	{"line end in base64", `{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"//79` + "\n" + `/A=="},"streamSid":"MZ1"}`, Malformed{Reason: "not the JSON object that a message is"}},
	{"quote in the SID", `{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"//8="},"streamSid":"MZ\"}`, Malformed{Reason: "not the JSON object that a message is"}},
	{"not base64 at all", `{"event":"media","media":{"payload":"****"}}`, Malformed{Reason: "media: payload is not base64"}},
	{"timestamp too large", `{"event":"media","media":{"payload":"//8=","timestamp":"1e300"}}`, Malformed{Reason: "media: a field is of the wrong type"}},
	{"timestamp is no number", `{"event":"media","media":{"payload":"//8=","timestamp":"NaN"}}`, Malformed{Reason: "media: a field is of the wrong type"}},
	{"dtmf without a digit", `{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"9","dtmf":{}}`, Malformed{Reason: "dtmf: digit is not one of 0-9, *, # and A-D"}},
	{"dtmf of two digits", `{"event":"dtmf","dtmf":{"digit":"12"}}`, Malformed{Reason: "dtmf: digit is not one of 0-9, *, # and A-D"}},
	{"mark without a name", `{"event":"mark","mark":{}}`, Malformed{Reason: "mark: no name"}},
	{"mark is a text", `{"event":"mark","mark":"g3:7"}`, Malformed{Reason: "mark: a field is of the wrong type"}},
	{"stop is a text", `{"event":"stop","stop":"now"}`, Malformed{Reason: "stop: a field is of the wrong type"}},
}

func TestParse(t *testing.T) {
	for _, tt := range messages {
		t.Run(tt.name, func(t *testing.T) {
			got := parse([]byte(tt.text))
			if m, ok := got.(Malformed); ok {
				m.Err = nil // the decoder's words are its own
				got = m
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The two usual shapes never reach encoding/json, and what is near them does.
func TestScanTakesTheUsualShapes(t *testing.T) {
	scanned := map[string]bool{"media": true, "media as on the wire": true}
	for _, tt := range messages {
		if got := new(Media).scan([]byte(tt.text)); got != scanned[tt.name] {
			t.Errorf("%s: scanned is %v", tt.name, got)
		}
	}
}

// A released Media keeps nothing of the message before but its buffer.
func TestReleaseForgets(t *testing.T) {
	m := &Media{Track: "inbound", Chunk: 7, Timestamp: 9, Payload: make([]byte, 160)}
	m.Release()
	if m.Track != "" || m.Chunk != 0 || m.Timestamp != 0 || len(m.Payload) != 0 || cap(m.Payload) != 160 {
		t.Errorf("%+v", m)
	}
}

func wireMedia(seq, chunk, timestamp int, payload []byte) []byte {
	return fmt.Appendf(nil, `{"event":"media","sequenceNumber":"%d","media":{"track":"inbound","chunk":"%d","timestamp":"%d","payload":"%s"},"streamSid":"%s"}`,
		seq, chunk, timestamp, base64.StdEncoding.EncodeToString(payload), streamSID)
}

// FuzzParse holds the scanner to encoding/json: what it accepts, decode accepts with the
// same result. And what is accepted as media survives being written and read again.
func FuzzParse(f *testing.F) {
	for _, tt := range messages {
		f.Add([]byte(tt.text))
	}
	f.Add(wireMedia(3, 2, 77, make([]byte, 160)))
	f.Fuzz(func(t *testing.T, b []byte) {
		decoded := decode(b)
		if scanned := new(Media); scanned.scan(b) {
			if diff := cmp.Diff(decoded, Event(scanned)); diff != "" {
				t.Fatalf("decode and scan differ on %q:\n%s", b, diff)
			}
		}
		switch ev := decoded.(type) {
		case *Media:
			if ev.Chunk < 0 || ev.Timestamp < 0 {
				return // Twilio counts up from 0
			}
			again := parse(wireMedia(1, int(ev.Chunk), int(ev.Timestamp), ev.Payload))
			ev.Track = "inbound"
			if diff := cmp.Diff(Event(ev), again); diff != "" {
				t.Fatalf("%q read again:\n%s", b, diff)
			}
		case Unknown:
			if len(ev.Name) > maxName || ev.Name == "" {
				t.Fatalf("an unknown event named %q", ev.Name)
			}
		}
	})
}
