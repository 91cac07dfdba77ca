package evi

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The usual shapes must take the fast way: the fuzz test can't see that.
func TestScanTakesTheUsualShapes(t *testing.T) {
	for _, raw := range []string{
		`{"type":"audio_output","id":"s-1","index":0,"data":"UklGRg=="}`,
		`{"data":"UklGRg==","id":"s-1","index":12,"type":"audio_output"}`,
		`{"type": "audio_output", "custom_session_id": null, "id": "s-1", "index": 0, "data": "UklGRg=="}`,
		`{"type":"audio_output","id":"s-1","index":0,"data":"UklGRg==","is_final_chunk":false,"request_id":"r","ms":40}`,
		" {\n\t\"type\":\"audio_output\",\r\"id\":\"\",\"index\":0,\"data\":\"\"} ",
	} {
		if d := new(decoder); d.scan([]byte(raw)) == nil {
			t.Errorf("%s is left to encoding/json", raw)
		}
	}
}

// seeds are messages at the edges between the two decoders.
var seeds = []string{
	`{"type":"audio_output","id":"s-1","index":0,"data":"UklGRg=="}`,
	`{"data":"UklGRg==","index":7,"id":"s-1","type":"audio_output"}`,
	`{"type": "audio_output" , "id" : "s-1", "index": 0, "data": "UklGRg==" } `,
	`{"type":"audio_output","id":"s\u002d1","index":0,"data":"UklGRg=="}`,
	`{"type":"audio_output","id":"sé","index":0,"data":"\/\/8="}`,
	`{"type":"audio_output","id":"s","index":0,"data":"UklGRg==","extra":"x","more":null,"n":3,"b":true}`,
	`{"type":"audio_output","id":"s","index":0,"data":"UklGRg==","extra":{"type":"error"}}`,
	`{"type":"audio_output","id":"s","index":0,"data":"UklGRg==","data":"AAAA"}`,
	`{"type":"audio_output","id":"s","index":0,"data":"` + "\x01" + `","data":"AAAA"}`,
	`{"type":"audio_output","id":"s","id":"t","index":0,"index":1,"data":"AAAA"}`,
	`{"type":"audio_output","id":"s","id":null,"index":0,"data":"UklGRg=="}`,
	`{"type":"audio_output","id":"s","ID":"t","index":0,"data":"UklGRg=="}`,
	`{"type":"audio_output","type":"error","id":"s","index":0,"data":"UklGRg=="}`,
	`{"type":"audio_output","id":"s","index":01,"data":"UklGRg=="}`,
	`{"type":"audio_output","id":"s","index":-1,"data":"UklGRg=="}`,
	`{"type":"audio_output","id":"s","index":1e2,"data":"UklGRg=="}`,
	`{"type":"audio_output","id":"s","index":9999999999,"data":"UklGRg=="}`,
	`{"type":"audio_output","id":"s","index":"0","data":"UklGRg=="}`,
	`{"type":"audio_output","id":"s","index":0,"data":"UklGRg="}`,
	`{"type":"audio_output","id":"s","index":0,"data":"Ukl` + "\n" + `GRg=="}`,
	`{"type":"audio_output","id":"s","index":0,"data":"Ukl\nGRg=="}`,
	`{"type":"audio_output","id":"s","index":0,"data":"UklGRg==",}`,
	`{"type":"audio_output","id":"s","index":0,"data":"UklGRg=="}}`,
	`{"type":"audio_output"}`, `{"index":nullx}`, `{"":""}`, `{`, `{"type"`, `{"data":"`, ``,
}

// Where the scanner decides, encoding/json must decide the same.
func FuzzAudioOutput(f *testing.F) {
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
		if err := json.Unmarshal(raw, &head); err != nil || head.Type != "audio_output" {
			t.Fatalf("%q is scanned as %+v, encoding/json says %q, %v", raw, got, head.Type, err)
		}
		if diff := cmp.Diff(slow.audio(fields[audioOutput](raw)), Event(got)); diff != "" {
			t.Fatalf("%q: %s", raw, diff)
		}
	})
}

// Whatever comes makes an event, and what is no JSON makes a Malformed one.
func FuzzDecode(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	for _, kind := range []string{"chat_metadata", "session_settings", "user_message", "user_interruption",
		"assistant_message",
		"assistant_prosody", "assistant_end", "tool_call", "tool_response", "tool_error", "error", "other"} {
		f.Add(fmt.Appendf(nil, `{"type":%q,"id":1,"message":[],"models":{"prosody":{"scores":{"Joy":null}}},"time":{"begin":-1e300},"tools":[{}],"variables":{"a":{}}}`, kind))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d decoder
		e := d.decode(raw)
		if _, malformed := e.(Malformed); !malformed && !json.Valid(raw) {
			t.Fatalf("%q makes a %T", raw, e)
		}
		if u, ok := e.(Unknown); ok && string(u.Raw) != string(raw) {
			t.Fatalf("%q is kept as %q", raw, u.Raw)
		}
	})
}

func BenchmarkAudioOutput(b *testing.B) {
	data := base64.StdEncoding.EncodeToString(make([]byte, 1964)) // 20 ms at 48 kHz
	usual := `{"type":"audio_output","id":"s-1","index":0,"data":"` + data + `"}`
	for name, raw := range map[string]string{
		"scanned":       usual,
		"encoding_json": strings.Replace(usual, "s-1", `s\u002d1`, 1),
	} {
		b.Run(name, func(b *testing.B) {
			var d decoder
			message := []byte(raw)
			for b.Loop() {
				d.decode(message)
			}
		})
	}
}
