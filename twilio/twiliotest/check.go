package twiliotest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// message is what may be sent to Twilio on a media socket.
type message struct {
	event   string // "media", "mark" or "clear"
	payload []byte // of media
	name    string // of a mark
}

// check reads a message as strictly as Twilio's pages describe it: these fields and no
// others. The error begins with the code that Twilio would report; it does not repeat
// the message.
func check(kind int, raw []byte, streamSID string) (message, error) {
	if kind != websocket.TextMessage {
		return message{}, fmt.Errorf("31950: a binary frame")
	}
	var outer map[string]json.RawMessage
	if err := json.Unmarshal(raw, &outer); err != nil || outer == nil {
		return message{}, fmt.Errorf("31951: not a JSON object")
	}
	m := message{event: stringIn(outer, "event")}
	want := []string{"event", "streamSid"}
	switch m.event {
	case "media", "mark":
		want = []string{"event", m.event, "streamSid"}
	case "clear":
	default:
		return message{}, fmt.Errorf("31951: unknown event %.40q", m.event)
	}
	if got := keys(outer); !slices.Equal(got, want) {
		return message{}, fmt.Errorf("31951: %s has the fields %.100q, not %q", m.event, got, want)
	}
	if stringIn(outer, "streamSid") != streamSID {
		return message{}, fmt.Errorf("31951: %s with the streamSid of another stream", m.event)
	}
	switch m.event {
	case "media":
		text, err := only(outer["media"], "media", "payload")
		if err != nil {
			return message{}, err
		}
		m.payload, err = sound(text)
		return m, err
	case "mark":
		name, err := only(outer["mark"], "mark", "name")
		if err == nil && name == "" {
			err = fmt.Errorf("31951: mark without a name")
		}
		m.name = name
		return m, err
	}
	return m, nil
}

// only returns the one field that an object may have.
func only(raw json.RawMessage, event, field string) (string, error) {
	var inner map[string]json.RawMessage
	if err := json.Unmarshal(raw, &inner); err != nil {
		return "", fmt.Errorf("31951: %s is not an object", event)
	}
	if got := keys(inner); !slices.Equal(got, []string{field}) {
		return "", fmt.Errorf("31951: %s has the fields %.100q, not %q alone", event, got, field)
	}
	return stringIn(inner, field), nil
}

// sound decodes a payload: µ-law with nothing around it.
func sound(text string) ([]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("31951: the payload is not base64")
	case len(b) == 0:
		return nil, fmt.Errorf("31924: an empty payload, which ends a stream")
	case bytes.Contains(b, []byte("RIFF")) && bytes.Contains(b, []byte("WAVE")):
		return nil, fmt.Errorf("31951: a WAV header in the payload, which is heard as a click")
	}
	return b, nil
}

func keys(m map[string]json.RawMessage) []string { return slices.Sorted(maps.Keys(m)) }

// stringIn is a field's value, or "" if it is no string.
func stringIn(m map[string]json.RawMessage, key string) string {
	var s string
	if json.Unmarshal(m[key], &s) != nil {
		return ""
	}
	return s
}

// checkStream lists what Twilio would refuse about a <Stream> inside a <Connect>.
func checkStream(v Verb) []string {
	var faults []string
	u, err := url.Parse(v.Attrs["url"])
	switch {
	case err != nil || u.Host == "":
		faults = append(faults, "31923: the Stream's url is not absolute")
	case u.Scheme != "wss" && !(u.Scheme == "ws" && isLoopback(u.Hostname())):
		faults = append(faults, "31922: the Stream's url is not wss, nor ws to this machine")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		faults = append(faults, "31920: the Stream's url has a query or a fragment")
	}
	if track := v.Attrs["track"]; track != "" && track != "inbound_track" {
		faults = append(faults, "31941: the Stream's track is not inbound_track")
	}
	for _, p := range v.Children {
		if n := utf8.RuneCountInString(p.Attrs["name"] + p.Attrs["value"]); p.Name == "Parameter" && n >= 500 {
			faults = append(faults, fmt.Sprintf("12200: Parameter %.40q has %d characters, not fewer than 500", p.Attrs["name"], n))
		}
	}
	return faults
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
