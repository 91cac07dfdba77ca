package realtime

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddress(t *testing.T) {
	for _, test := range []struct {
		o    DialOptions
		want string
	}{
		{DialOptions{Model: "gpt-realtime-2.1"}, "wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1"},
		{DialOptions{}, "wss://api.openai.com/v1/realtime"},
		{DialOptions{URL: "https://r.openai.azure.com/openai/v1/realtime?x=a+b&y", Model: "m", Dialect: Azure},
			"wss://r.openai.azure.com/openai/v1/realtime?x=a+b&y&model=m"},
		{DialOptions{URL: "wss://h/v1/realtime?model=theirs", Model: "ours"}, "wss://h/v1/realtime?model=theirs"},
		{DialOptions{URL: "http://127.0.0.1:8080", Model: "a/b c"}, "ws://127.0.0.1:8080/v1/realtime?model=a%2Fb+c"},
		{DialOptions{URL: "ws://h/x#f"}, "ws://h/x"},
		{DialOptions{Dialect: XAI, Model: "grok-voice-latest", ResumeConversation: "conv/1"},
			"wss://api.x.ai/v1/realtime?model=grok-voice-latest&conversation_id=conv%2F1"},
		{DialOptions{ResumeConversation: "conv_1"}, "wss://api.openai.com/v1/realtime"},
		{DialOptions{Dialect: Inworld, Model: "m", URL: "wss://h/s?key=mine"}, "wss://h/s?key=mine&protocol=realtime"},
	} {
		if got, err := test.o.address(); err != nil || got != test.want {
			t.Errorf("got %s, %v, want %s", got, err, test.want)
		}
	}
	got, err := (&DialOptions{Dialect: Inworld, Model: "m"}).address()
	u, bad := url.Parse(got)
	if err != nil || bad != nil || !strings.HasPrefix(u.Query().Get("key"),
		"voice-") || u.Query().Get("protocol") != "realtime" || u.Query().Has("model") {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestAddressRefused(t *testing.T) {
	for raw, want := range map[string]string{
		"ftp://h/": "want the scheme", "h:80": "want scheme://", "https://u:secret@h/": "want scheme://",
		"https://h/?secret=%zz": "a query", "::": "want scheme://",
	} {
		if got, err := (&DialOptions{URL: raw}).address(); err == nil || !strings.Contains(err.Error(),
			want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %s, %v, want %q", raw, got, err, want)
		}
	}
	preview := DialOptions{Dialect: Azure, URL: "wss://r.openai.azure.com/openai/realtime?api-version=2025-04-01-preview"}
	if got, err := preview.address(); err == nil || !strings.Contains(err.Error(), "field URL has an api-version") {
		t.Errorf("got %s, %v", got, err)
	}
	for _, d := range []Dialect{Azure, Foundry} {
		if got, err := (&DialOptions{Dialect: d}).address(); err == nil || !strings.Contains(err.Error(),
			"field URL is empty") {
			t.Errorf("%s: got %s, %v", d, got, err)
		}
	}
}

func TestHeader(t *testing.T) {
	for d, want := range map[Dialect]http.Header{
		"":      {"Authorization": {"Bearer k"}, "Openai-Organization": {"o"}, "Openai-Project": {"p"}, "X-Trace": {"1"}},
		Azure:   {"Api-Key": {"k"}, "Openai-Organization": {"o"}, "Openai-Project": {"p"}, "X-Trace": {"1"}},
		Inworld: {"Authorization": {"Basic k"}, "Openai-Organization": {"o"}, "Openai-Project": {"p"}, "X-Trace": {"1"}},
		LocalAI: {"Authorization": {"Bearer k"}, "Openai-Organization": {"o"}, "Openai-Project": {"p"}, "X-Trace": {"1"}},
	} {
		o := DialOptions{Dialect: d, APIKey: "k", Organization: "o", Project: "p", Header: http.Header{"X-Trace": {"1"}}}
		if diff := cmp.Diff(want, o.header()); diff != "" {
			t.Errorf("%s: %s", d, diff)
		}
	}
	if got := (&DialOptions{Dialect: LocalAI}).header(); len(got) != 0 {
		t.Errorf("without a key: got %v", got)
	}
}

func TestOptionsRefused(t *testing.T) {
	for want, o := range map[string]DialOptions{
		"field APIKey has a space":               {APIKey: "a b"},
		"field HandshakeTimeout is negative":     {HandshakeTimeout: -1},
		"field PongTimeout is negative":          {PongTimeout: -1},
		`field Dialect is "cisco"`:               {Dialect: "cisco"},
		"field Session: MaxOutputTokens is 9999": {Session: Config{MaxOutputTokens: 9999}},
	} {
		if err := o.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// Each dialect is complete: nobody has to ask what an empty trait means.
func TestTraits(t *testing.T) {
	for _, d := range Dialects() {
		tr := d.Traits()
		if tr.Auth == "" || tr.Shape == "" || tr.Say == "" || tr.ItemAck == "" || tr.Format.check("Format") != nil ||
			tr.Format == (AudioFormat{}) {
			t.Errorf("%s: %+v", d, tr)
		}
	}
	if OpenAI.Traits() != Dialect("").Traits() {
		t.Error("the zero dialect is not OpenAI's")
	}
}

func TestFirstConfig(t *testing.T) {
	c := (&DialOptions{Dialect: XAI, Model: "m", Resumable: true}).firstConfig()
	if c.Model != "" || c.Audio.Input.Format != PCMU() || c.Audio.Output.Format != PCMU() || c.Extra["resumption"] == nil {
		t.Errorf("got %+v", c)
	}
	c = (&DialOptions{Dialect: Inworld, Model: "m", Resumable: true,
		Session: Config{Audio: Audio{Input: AudioInput{Format: PCM(16000)}}}}).firstConfig()
	if c.Model != "m" || c.Audio.Input.Format != PCM(16000) || c.Extra != nil {
		t.Errorf("got %+v", c)
	}
}

func TestFormats(t *testing.T) {
	for _, test := range []struct {
		f     AudioFormat
		bytes int
		ms    int64
		text  string
	}{{PCMU(), 1480 * 8, 1480, "audio/pcmu"}, {PCMA(), 8, 1, "audio/pcma"}, {PCM(24000), 48, 1,
		"audio/pcm at 24000 Hz"}, {AudioFormat{}, 100, 0, ""}} {
		if got := test.f.Duration(test.bytes).Milliseconds(); got != test.ms || test.f.String() != test.text {
			t.Errorf("%s: %d bytes are %d ms, want %d", test.f, test.bytes, got, test.ms)
		}
	}
}
