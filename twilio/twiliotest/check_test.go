package twiliotest

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

var messages = []struct{ text, fault string }{
	{`{"event":"media","streamSid":"MZ1","media":{"payload":"//8="}}`, ""},
	{`{"event":"mark","streamSid":"MZ1","mark":{"name":"a"}}`, ""},
	{` { "streamSid" : "MZ1" , "event" : "clear" } `, ""},
	{`{"event":"media","streamSid":"MZ2","media":{"payload":"//8="}}`, "31951"},
	{`{"event":"media","streamSid":"MZ1","media":{"payload":""}}`, "31924"},
	{`{"event":"media","streamSid":"MZ1","media":{"payload":"*"}}`, "31951"},
	{`{"event":"media","streamSid":"MZ1","media":{"payload":"//8"}}`, "31951"},
	{`{"event":"media","streamSid":"MZ1","media":{"payload":"//8=","track":"x"}}`, "31951"},
	{`{"event":"media","streamSid":"MZ1","media":{"Payload":"//8="}}`, "31951"},
	{`{"event":"media","streamSid":"MZ1","x":1,"media":{"payload":"//8="}}`, "31951"},
	{`{"event":"media","streamSid":"MZ1","media":{"payload":"UklGRiQAAABXQVZF"}}`, "WAV header"},
	{`{"event":"media","streamSid":"MZ1","media":"//8="}`, "31951"},
	{`{"event":"media","streamsid":"MZ1","media":{"payload":"//8="}}`, "31951"},
	{`{"event":"mark","streamSid":"MZ1"}`, "31951"},
	{`{"event":"mark","streamSid":"MZ1","mark":{}}`, "31951"},
	{`{"event":"mark","streamSid":"MZ1","mark":{"name":""}}`, "31951"},
	{`{"event":"mark","streamSid":"MZ1","mark":{"name":7}}`, "31951"},
	{`{"event":"clear","streamSid":"MZ1","media":{"payload":"//8="}}`, "31951"},
	{`{"event":"audio","streamSid":"MZ1"}`, "31951"},
	{`null`, "31951"},
	{`not json`, "31951"},
	{``, "31951"},
}

func TestCheck(t *testing.T) {
	for _, tt := range messages {
		_, err := check(websocket.TextMessage, []byte(tt.text), "MZ1")
		if tt.fault == "" && err != nil || tt.fault != "" && (err == nil || !strings.Contains(err.Error(), tt.fault)) {
			t.Errorf("%s: %v, want %q", tt.text, err, tt.fault)
		}
	}
	if _, err := check(websocket.BinaryMessage, []byte(messages[0].text), "MZ1"); err == nil || !strings.HasPrefix(err.Error(), "31950") {
		t.Errorf("a binary frame: %v", err)
	}
}

func FuzzCheck(f *testing.F) {
	for _, tt := range messages {
		f.Add([]byte(tt.text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := check(websocket.TextMessage, raw, "MZ1")
		if err != nil {
			return
		}
		if m.event == "media" && len(m.payload) == 0 || m.event == "mark" && m.name == "" {
			t.Errorf("%q is taken as %+v", raw, m)
		}
	})
}

func TestCheckStream(t *testing.T) {
	for url, fault := range map[string]string{
		"wss://h.example/m":   "",
		"ws://127.0.0.1:1/m":  "",
		"ws://localhost/m":    "",
		"ws://[::1]:1/m":      "",
		"ws://h.example/m":    "31922",
		"https://h.example/m": "31922",
		"/m":                  "31923",
		"wss://h.example/m?x": "31920",
		"wss://h.example/m?":  "31920",
		"wss://h.example/m#x": "31920",
	} {
		got := checkStream(Verb{Name: "Stream", Attrs: map[string]string{"url": url}})
		if fault == "" && len(got) > 0 || fault != "" && (len(got) != 1 || !strings.HasPrefix(got[0], fault)) {
			t.Errorf("%s: %q, want %q", url, got, fault)
		}
	}
	long := Verb{Name: "Parameter", Attrs: map[string]string{"name": "token", "value": strings.Repeat("x", 495)}}
	got := checkStream(Verb{Attrs: map[string]string{"url": "wss://h.example/m", "track": "both_tracks"}, Children: []Verb{long}})
	if len(got) != 2 || !strings.HasPrefix(got[0], "31941") || !strings.Contains(got[1], "500") {
		t.Errorf("a wrong track and a long parameter: %q", got)
	}
}

// The vector is the one that Twilio's libraries are tested with.
func TestSign(t *testing.T) {
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"},
		"To": {"+18005551212"}, "Reason": {"Participant"}, "ReasonConferenceEnded": {"test"},
	}
	const want = "vOEb5UThFn24KEfnOFLQY2AE5FY="
	if got := Sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	twice := url.Values{"a": {"2", "1", "2"}}
	if got, want := Sign("k", "u", twice), Sign("k", "ua1a2", nil); got != want {
		t.Errorf("repeated fields are not signed as their distinct values, sorted")
	}
}
