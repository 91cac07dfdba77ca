package evi

import (
	"math"
	"net/url"
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	const host = "wss://api.hume.ai/v0/evi/chat"
	for _, test := range []struct {
		name string
		o    DialOptions
		want string // with the escapes of the query undone
	}{
		{"nothing", DialOptions{}, host},
		{"http", DialOptions{URL: "http://127.0.0.1:8080"}, "ws://127.0.0.1:8080/v0/evi/chat"},
		{"https with a slash", DialOptions{URL: "https://evi.test/"}, "wss://evi.test/v0/evi/chat"},
		{"ws with a path", DialOptions{URL: "ws://evi.test/proxy/chat"}, "ws://evi.test/proxy/chat"},
		{"wss with a query", DialOptions{URL: "wss://evi.test?region=eu#top", ConfigID: "c"},
			"wss://evi.test/v0/evi/chat?config_id=c&region=eu"},
		{"key in the header", DialOptions{APIKey: "k"}, host},
		{"key in the query", DialOptions{APIKey: "k", KeyInQuery: true}, host + "?api_key=k"},
		{"token", DialOptions{AccessToken: "t"}, host + "?access_token=t"},
		{"chat", DialOptions{ConfigID: "c-1", ConfigVersion: 2, ResumeChatGroupID: "g-1", VerboseTranscription: true,
			AllowConnection: true, EventLimit: 100},
			host + "?allow_connection=true&config_id=c-1&config_version=2&event_limit=100&resumed_chat_group_id=g-1&verbose_transcription=true"},
		{"audio", DialOptions{Settings: &ConnectSettings{Audio: Linear16(8000)}},
			host + "?session_settings[audio][channels]=1&session_settings[audio][encoding]=linear16&session_settings[audio][sample_rate]=8000"},
		{"settings", DialOptions{Settings: &ConnectSettings{Context: &Context{Text: "Line 3.", Type: PersistentContext},
			CustomSessionID: "CA1", EventLimit: 9,
			LanguageModelAPIKey: "lk", SystemPrompt: "Be brief & kind + 100%.", VoiceID: "v"}},
			host + "?session_settings[context][text]=Line " +
				"3.&session_settings[context][type]=persistent&session_settings[custom_session_id]=CA1" +
				"&session_settings[event_limit]=9&session_settings[language_model_api_key]=lk" +
				"&session_settings[system_prompt]=Be brief %26 kind %2B 100%25.&session_settings[voice_id]=v"},
		{"variables", DialOptions{Settings: &ConnectSettings{Variables: Variables{"name": "Dana", "age": 30, "vip": false,
			"share": 0.25, "big": 1e21}}},
			host + "?session_settings[variables][age]=30&session_settings[variables][big]=1000000000000000000000" +
				"&session_settings[variables][name]=Dana&session_settings[variables][share]=0.25&session_settings[variables][vip]=false"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.o.address()
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(got, "[]+ ") {
				t.Errorf("%s is not escaped", got)
			}
			for escape, plain := range map[string]string{"%5B": "[", "%5D": "]", "%20": " "} {
				got = strings.ReplaceAll(got, escape, plain)
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// What the address says is what a server reads.
func FuzzAddress(f *testing.F) {
	f.Add("caller_name", "Dana & Co + 100%", "CA1")
	f.Add("a=b", "\x00é☎\n", "")
	f.Fuzz(func(t *testing.T, name, value, session string) {
		o := DialOptions{Settings: &ConnectSettings{Variables: Variables{name: value}, CustomSessionID: session}}
		address, err := o.address()
		if err != nil {
			return
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q, err := url.ParseQuery(u.RawQuery)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Get("session_settings[variables][" + name + "]"); got != value {
			t.Errorf("variable %q: got %q, want %q", name, got, value)
		}
		if got := q.Get("session_settings[custom_session_id]"); got != session {
			t.Errorf("session: got %q, want %q", got, session)
		}
	})
}

func TestOptionsRefused(t *testing.T) {
	settings := func(s ConnectSettings) DialOptions { return DialOptions{Settings: &s} }
	for _, test := range []struct {
		o    DialOptions
		want string // the field, and the bound
	}{
		{DialOptions{URL: "ftp://evi.test"}, "field URL"},
		{DialOptions{URL: "evi.test"}, "field URL"},
		{DialOptions{URL: "https://"}, "field URL"},
		{DialOptions{URL: "https://user:secret@evi.test"}, "field URL"},
		{DialOptions{URL: "https://evi.test:secret/"}, "field URL"},
		{DialOptions{APIKey: "secret", AccessToken: "t"}, "both APIKey and AccessToken"},
		{DialOptions{APIKey: "secret\n"}, "field APIKey"},
		{DialOptions{ConfigVersion: -1}, "field ConfigVersion is negative"},
		{DialOptions{EventLimit: -1}, "field EventLimit is negative"},
		{DialOptions{PingInterval: -1}, "field PingInterval is negative"},
		{settings(ConnectSettings{SystemPrompt: strings.Repeat("é", 1001)}),
			"SystemPrompt has 1001 characters: want at most 1000"},
		{settings(ConnectSettings{CustomSessionID: strings.Repeat("x", 9000)}), "at most 8000"},
		{settings(ConnectSettings{EventLimit: -1}), "EventLimit is -1"},
		{settings(ConnectSettings{Audio: &Audio{Encoding: "mulaw", SampleRate: 8000, Channels: 1}}), "Audio.Encoding"},
		{settings(ConnectSettings{Audio: Linear16(0)}), "want 1 to 192000 Hz"},
		{settings(ConnectSettings{Audio: &Audio{Encoding: "linear16", SampleRate: 8000}}), "Audio.Channels"},
		{settings(ConnectSettings{Context: &Context{}}), "Context.Text is empty"},
		{settings(ConnectSettings{Context: &Context{Text: "x", Type: "editable"}}), "Context.Type"},
		{settings(ConnectSettings{Variables: Variables{"a]": "x"}}), `variable name "a]"`},
		{settings(ConnectSettings{Variables: Variables{"list": []int{1}}}), `variable "list" is a []int`},
		{settings(ConnectSettings{Variables: Variables{"n": math.NaN()}}), "finite number"},
	} {
		_, err := Dial(t.Context(), &test.o)
		switch {
		case err == nil:
			t.Errorf("%+v is accepted", test.o)
		case !strings.HasPrefix(err.Error(), "evi: dial: "), !strings.Contains(err.Error(), test.want):
			t.Errorf("got %q, want %q in it", err, test.want)
		case strings.Contains(err.Error(), "secret"):
			t.Errorf("%q shows a secret", err)
		}
	}
}
