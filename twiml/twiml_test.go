package twiml

import (
	"encoding/xml"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// node is any XML element, so that a document is compared by what it says.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

// String writes a node with its attributes sorted.
func (n node) String() string {
	attrs := map[string]string{}
	for _, a := range n.Attrs {
		attrs[a.Name.Local] = a.Value
	}
	var b strings.Builder
	b.WriteString("<" + n.XMLName.Local)
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		b.WriteString(" " + name + "=" + attrs[name])
	}
	b.WriteString(">" + n.Text)
	for _, c := range n.Children {
		b.WriteString(c.String())
	}
	return b.String() + "</>"
}

func parse(t interface{ Fatalf(string, ...any) }, doc string) node {
	if !strings.HasPrefix(doc, "<?xml") {
		t.Fatalf("no XML declaration at the start of %q", doc)
	}
	var n node
	if err := xml.Unmarshal([]byte(doc), &n); err != nil {
		t.Fatalf("%v in %q", err, doc)
	}
	return n
}

func TestConnectStream(t *testing.T) {
	doc, err := ConnectStream(Stream{
		URL:            "wss://voice.example.test/twilio/media",
		Action:         "https://voice.example.test/twilio/next?a=1&b=2",
		StatusCallback: "https://voice.example.test/twilio/stream",
		Params:         map[string]string{"token": `<"k3&'>`, "agent": "support", "empty": ""},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `<Response>` +
		`<Connect action=https://voice.example.test/twilio/next?a=1&b=2>` +
		`<Stream statusCallback=https://voice.example.test/twilio/stream url=wss://voice.example.test/twilio/media>` +
		`<Parameter name=agent value=support></><Parameter name=token value=<"k3&'>></>` +
		`</></><Hangup></></>`
	if diff := cmp.Diff(want, parse(t, doc).String()); diff != "" {
		t.Error(diff)
	}
}

func TestConnectStreamAlone(t *testing.T) {
	doc, err := ConnectStream(Stream{URL: "ws://127.0.0.1:8080/m"})
	if err != nil {
		t.Fatal(err)
	}
	want := `<Response><Connect><Stream url=ws://127.0.0.1:8080/m></></><Hangup></></>`
	if diff := cmp.Diff(want, parse(t, doc).String()); diff != "" {
		t.Error(diff)
	}
}

func TestConnectStreamRefuses(t *testing.T) {
	const good = "wss://voice.example.test/m"
	for name, tt := range map[string]struct {
		url, name, value string
		want             string
	}{
		"no URL":                {"", "", "", "scheme"},
		"https":                 {"https://voice.example.test/m", "", "", "want wss"},
		"relative":              {"/twilio/media", "", "", "scheme"},
		"no host":               {"wss:///m", "", "", "no host"},
		"port without host":     {"wss://:443/m", "", "", "no host"},
		"query":                 {good + "?token=1", "", "", "query"},
		"empty query":           {good + "?", "", "", "query"},
		"fragment":              {good + "#rc=2", "", "", "fragment"},
		"user":                  {"wss://user:pass@voice.example.test/m", "", "", "user"},
		"not a URL":             {"wss://[::1/m", "", "", "parse"},
		"parameter of 500":      {good, "token", strings.Repeat("x", 495), "500"},
		"parameter, no name":    {good, "", "x", "no name"},
		"newline in value":      {good, "token", "a\nb", "control"},
		"NUL in name":           {good, "to\x00ken", "s3cret", "control"},
		"not a character":       {good, "token", "a\uffffb", "control"},
		"broken UTF-8 in value": {good, "token", "a\xff", "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			s := Stream{URL: tt.url}
			if tt.name+tt.value != "" {
				s.Params = map[string]string{tt.name: tt.value}
			}
			doc, err := ConnectStream(s)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %q, %v; want an error with %q", doc, err, tt.want)
			}
			if tt.value != "" && strings.Contains(err.Error(), tt.value) {
				t.Errorf("the value is in the error: %v", err)
			}
			if strings.Contains(err.Error(), "user:pass") {
				t.Errorf("the password is in the error: %v", err)
			}
		})
	}
	if _, err := ConnectStream(Stream{URL: good, Params: map[string]string{"token": strings.Repeat("é", 494)}}); err != nil {
		t.Errorf("499 characters of more bytes: %v", err)
	}
}

// Any parameter that is taken arrives as it was.
func TestParametersSurviveXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		params := rapid.MapOfN(rapid.StringN(1, 20, -1), rapid.StringN(1, 50, -1), 0, 4).Draw(t, "params")
		doc, err := ConnectStream(Stream{URL: "wss://h.example/m", Params: params})
		if err != nil {
			return
		}
		got := map[string]string{}
		for _, p := range parse(t, doc).Children[0].Children[0].Children {
			attrs := map[string]string{}
			for _, a := range p.Attrs {
				attrs[a.Name.Local] = a.Value
			}
			got[attrs["name"]] = attrs["value"]
		}
		if !maps.Equal(params, got) {
			t.Fatalf("sent %q, got %q", params, got)
		}
	})
}

func TestReject(t *testing.T) {
	for _, reason := range []Reason{Busy, Rejected} {
		doc, err := Reject(reason)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := parse(t, doc).String(), "<Response><Reject reason="+string(reason)+"></></>"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if doc, err := Reject("tired"); err == nil {
		t.Errorf("a reason that Twilio does not know gives %s", doc)
	}
}

func TestDocuments(t *testing.T) {
	const say = `We can't take "your" call & are <sorry>.`
	for _, tt := range []struct{ doc, want string }{
		{Empty(), "<Response></>"},
		{Hangup(), "<Response><Hangup></></>"},
		{Message(say), "<Response><Message>" + say + "</></>"},
		{Fallback("", ""), "<Response><Hangup></></>"},
		{Fallback(say, ""), "<Response><Say>" + say + "</><Hangup></></>"},
		{Fallback("", "+14155550199"), "<Response><Dial>+14155550199</><Hangup></></>"},
		{Fallback(say, "+14155550199"), "<Response><Say>" + say + "</><Dial>+14155550199</><Hangup></></>"},
	} {
		if got := parse(t, tt.doc).String(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
