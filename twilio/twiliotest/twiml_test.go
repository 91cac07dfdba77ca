package twiliotest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var documents = []string{
	`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<Response><Say voice="x">a &amp; b</Say><Connect action="/n?x=1&amp;y=2"><Stream url="wss://h/m">` +
		`<Parameter name="token" value="&lt;t&gt;"/></Stream></Connect><Dial callerId="+1"><Number> +14155550199 </Number></Dial><Hangup/></Response>`,
	`<Response/>`,
	``,
	`hello`,
	`<Say/>`,
	"\n" + `<?xml version="1.0"?><Response/>`,
	`<Response><Say></Response>`,
}

func TestParseTwiML(t *testing.T) {
	got, err := ParseTwiML([]byte(documents[0]))
	if err != nil {
		t.Fatal(err)
	}
	want := []Verb{
		{Name: "Say", Attrs: map[string]string{"voice": "x"}, Text: "a & b"},
		{Name: "Connect", Attrs: map[string]string{"action": "/n?x=1&y=2"}, Children: []Verb{
			{Name: "Stream", Attrs: map[string]string{"url": "wss://h/m"}, Children: []Verb{
				{Name: "Parameter", Attrs: map[string]string{"name": "token", "value": "<t>"}},
			}},
		}},
		{Name: "Dial", Attrs: map[string]string{"callerId": "+1"}, Children: []Verb{{Name: "Number", Text: "+14155550199"}}},
		{Name: "Hangup"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got[2].Number() != "+14155550199" || (Verb{Text: "+1"}).Number() != "+1" {
		t.Error("whom a Dial rings is not read")
	}
	if verbs, err := ParseTwiML([]byte(documents[1])); err != nil || len(verbs) != 0 {
		t.Errorf("an empty Response: %v, %v", verbs, err)
	}
	for _, doc := range documents[2:] {
		if verbs, err := ParseTwiML([]byte(doc)); err == nil || !strings.HasPrefix(err.Error(), "12100") {
			t.Errorf("%q: %v, %v", doc, verbs, err)
		}
	}
}

func FuzzParseTwiML(f *testing.F) {
	for _, doc := range documents {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		verbs, err := ParseTwiML(doc)
		if err != nil && verbs != nil {
			t.Errorf("verbs with an error: %v, %v", verbs, err)
		}
		for _, v := range verbs {
			if v.Name == "" {
				t.Errorf("a verb without a name in %q", doc)
			}
		}
	})
}
