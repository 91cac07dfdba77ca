package realtime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seeds are deltas at the edges between the two decoders.
var seeds = []string{
	`{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,
		"content_index":0,"delta":"UklGRg=="}`,
	`{"type":"response.audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,
		"delta":"UklGRg=="}`,
	`{"type": "response.output_audio.delta" , "item_id" : "i", "output_index": 12, "delta": "UklGRg==" } `,
	`{"type":"response.output_audio.delta","item_id":"i\u002d1","delta":"UklGRg=="}`,
	`{"type":"response.output_audio.delta","item_id":"é","delta":"\/\/8="}`,
	`{"type":"response.output_audio.delta","delta":"UklGRg==","extra":"x","more":null,"n":3,"b":true}`,
	`{"type":"response.output_audio.delta","delta":"UklGRg==","extra":{"type":"error"}}`,
	`{"type":"response.output_audio.delta","delta":"UklGRg==","delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","delta":"` + "\x01" + `","delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","item_id":"i","item_id":"j","output_index":0,"output_index":1,"delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","item_id":"i","item_id":null,"delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","item_id":"i","Item_ID":"j","delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","type":"error","delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","output_index":01,"delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","output_index":-1,"delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","output_index":1e2,"delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","output_index":9999999999,"delta":"AAAA"}`,
	`{"type":"response.output_audio.delta","delta":"UklGRg="}`,
	`{"type":"response.output_audio.delta","delta":"Ukl` + "\n" + `GRg=="}`,
	`{"type":"response.output_audio.delta","delta":"UklGRg==",}`,
	`{"type":"response.output_audio.delta"}`, `{"delta":nullx}`, `{"":""}`, `{`, `{"type"`, `{"delta":"`, ``,
}

// Where the scanner decides, encoding/json must decide the same.
func FuzzAudioDelta(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var fast, slow decoder
		got := fast.scan(raw)
		if got == nil {
			return
		}
		var head struct{ Type string }
		if err := json.Unmarshal(raw, &head); err != nil || gaName(head.Type) != deltaKind {
			t.Fatalf("%q is scanned as %+v, encoding/json says %q, %v", raw, got, head.Type, err)
		}
		if diff := cmp.Diff(slow.audio(fields[audioDelta](raw)), Event(got)); diff != "" {
			t.Fatalf("%q: %s", raw, diff)
		}
	})
}

// Whatever comes makes an event; what is no JSON makes a Malformed one; and what an event
// is encoded as is decoded as the same event.
func FuzzDecode(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	for kind := range decoders {
		f.Add(fmt.Appendf(nil, `{"type":%q,"event_id":1,"item":{"content":[{}],"tools":null,"approve":3},"session":{
			"audio":{"input":{"turn_detection":{}}},"tool_choice":{},"truncation":{"type":"auto"},"tracing":{}},"usage":{
			"type":7},"audio_start_ms":-1e300}`, kind))
		f.Add(fmt.Appendf(nil, `{"type":%q,"response":{"output":[{"type":"function_call"}],"status_details":{"error":{}},
			"metadata":{"a":1},"usage":{}},"part":{"audio":"?"},"error":[],"rate_limits":[null]}`, kind))
	}
	for _, kind := range []string{"error", "mcp_list_tools.failed", "response.mcp_call.", "other"} {
		f.Add(fmt.Appendf(nil, `{"type":%q,"error":{"code":"x","event_id":null}}`, kind))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		e := DecodeEvent(raw)
		switch e := e.(type) {
		case Malformed:
			return
		case Unknown:
			if string(e.Raw) != string(raw) {
				t.Fatalf("%q is kept as %q", raw, e.Raw)
			}
		}
		if !json.Valid(raw) {
			t.Fatalf("%q makes a %T", raw, e)
		}
		once, err := EncodeEvent(e)
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		again := DecodeEvent(once)
		twice, err := EncodeEvent(again)
		if err != nil || !bytes.Equal(once, twice) || fmt.Sprintf("%T", e) != fmt.Sprintf("%T", again) {
			t.Fatalf("%q makes a %T, %s, which makes a %T, %s, %v", raw, e, once, again, twice, err)
		}
	})
}

// The usual shapes must take the fast way: the fuzz test can't see that.
func TestScanTakesTheUsualShapes(t *testing.T) {
	for _, raw := range []string{
		`{"type":"response.output_audio.delta","event_id":"event_65","response_id":"resp_1","item_id":"item_a1",
			"output_index":0,"content_index":0,"delta":"/////w=="}`,
		`{"type":"response.audio.delta","event_id":"event_65","response_id":"resp_1","item_id":"item_a1","output_index":0,
			"content_index":0,"delta":"/////w==","obfuscation":"x"}`,
		`{"type": "response.output_audio.delta", "previous_item_id": null, "delta": "UklGRg==", "final": false, "ms": 40}`,
		" {\n\t\"type\":\"response.output_audio.delta\",\r\"delta\":\"\"} ",
	} {
		if d := new(decoder); d.scan([]byte(raw)) == nil {
			t.Errorf("%s is left to encoding/json", raw)
		}
	}
}

// Every event has the name that it is decoded by.
func TestKinds(t *testing.T) {
	for kind, decode := range decoders {
		b, err := EncodeEvent(decode([]byte(`{}`)))
		if err != nil {
			t.Fatal(err)
		}
		if got := TypeOf(DecodeEvent(b)); got != kind || !strings.HasPrefix(string(b), `{"type":"`+kind+`"`) {
			t.Errorf("%s is encoded as %s, and that is a %q", kind, b, got)
		}
	}
	if b, err := EncodeEvent(Malformed{}); err == nil {
		t.Errorf("a malformed event is encoded as %s", b)
	}
}
