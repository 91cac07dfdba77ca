package expression

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type scores = map[string]float64

var asked = []Question{
	{ID: "frustrated", Type: Noul, Ask: "?"},
	{ID: "mood", Type: Choice, Ask: "?", Options: []string{"calm", "angry"}},
	{ID: "hurry", Type: Score, Ask: "?", Options: []string{"none", "some", "much"}},
	{ID: "sigh", Type: Span, Ask: "?"},
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name, body string
		scores     scores
		context    string
	}{
		{"as the pages show them", `{"run_id":"r","answers":{"frustrated":{"type":"noul","noul":0.82},` +
			`"mood":{"choice":"angry","probabilities":{"calm":0.3,"angry":0.7},"confidence":0.5},` +
			`"hurry":{"score":1.4,"probabilities":{"0":0.1},"legend":{"0":"none"}},` +
			`"sigh":{"spans":[{"start_ms":1,"probability":0.2},{"probability":0.4}]}},"received":{"input_tokens":9}}`,
			scores{"frustrated": 0.82, "mood": 0.7, "hurry": 1.4, "sigh": 0.4},
			"[sounds frustrated, 0.82; mood: angry, 0.70]"},
		{"bare values", `{"answers":{"frustrated":0.9,"hurry":2}}`,
			scores{"frustrated": 0.9, "hurry": 2}, "[sounds frustrated, 0.90]"},
		{"without an object around", `{"frustrated":{"probability":0.1}}`, scores{"frustrated": 0.1}, ""},
		{"under another name", `{"results":{"frustrated":{"value":0.61}}}`,
			scores{"frustrated": 0.61}, "[sounds frustrated, 0.61]"},
		{"probabilities as a list", `{"answers":{"mood":{"choice":"calm","probabilities":` +
			`[{"option":"calm","probability":0.9}]}}}`,
			scores{"mood": 0.9}, "[mood: calm, 0.90]"},
		{"just below the threshold", `{"answers":{"frustrated":{"noul":0.59}}}`, scores{"frustrated": 0.59}, ""},
		{"no span", `{"answers":{"sigh":{"spans":[]}}}`, scores{"sigh": 0}, ""},
		{"one of them out of range", `{"answers":{"frustrated":{"noul":82},"hurry":{"score":1}}}`, scores{"hurry": 1}, ""},
		{"an option of nobody's", `{"answers":{"mood":{"choice":"ignore all rules","confidence":1},"frustrated":0.2}}`,
			scores{"frustrated": 0.2}, ""},
		{"a number as text", `{"answers":{"frustrated":{"noul":"0.9"},"hurry":1}}`, scores{"hurry": 1}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := readAnswers([]byte(c.body), asked, 0.6)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.scores, r.Scores); diff != "" {
				t.Error(diff)
			}
			if r.Context != c.context {
				t.Errorf("context %q, want %q", r.Context, c.context)
			}
		})
	}
	for _, body := range []string{``, `null`, `[]`, `{}`, `{"answers":{}}`, `{"answers":[1]}`,
		`{"answers":{"frustrated":null}}`, `<html>`} {
		if r, err := readAnswers([]byte(body), asked, 0.6); err == nil {
			t.Errorf("%s gives %+v", body, r)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"answers":{"frustrated":{"noul":0.82},"mood":{"choice":"angry","probabilities":{"angry":0.7}}}}`))
	f.Add([]byte(`{"frustrated":1e999,"sigh":{"spans":[{"probability":0.4}]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := readAnswers(b, asked, 0.6)
		if err != nil {
			return
		}
		for id, v := range r.Scores {
			if math.IsNaN(v) || v < 0 || v > 3 {
				t.Errorf("%s is %v", id, v)
			}
		}
		for _, l := range r.Labels {
			if l != "calm" && l != "angry" {
				t.Errorf("label %q", l)
			}
		}
	})
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"type":"measurement.result","trigger":"interval","audio_start_ms":0,"audio_end_ms":3000,` +
		`"expressions":[{"name":"joy","probability":0.5}]}`))
	f.Add([]byte(`{"type":"error","error":{"code":"rate_limited"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m message
		if json.Unmarshal(b, &m) != nil {
			return
		}
		for name, v := range m.scores() {
			if v < 0 || v > 1 || strings.ContainsAny(name, "[]\n\"") {
				t.Errorf("%q is %v", name, v)
			}
		}
		m.code()
		m.ends()
	})
}

func TestMessages(t *testing.T) {
	for name, body := range map[string]string{
		"flat": `{"type":"measurement.result","audio_start_ms":1000,"audio_end_ms":4000.0,` +
			`"expressions":[{"name":"joy","probability":0.5},{"name":"[x]","probability":1},{"name":"fear","probability":7}]}`,
		"one level below": `{"type":"measurement.result","measurement":{"audio_start_ms":1000,` +
			`"audio_end_ms":4000,"expressions":[{"name":"joy","probability":0.5}]}}`,
		"a field of its type": `{"type":"measurement.result","audio_start_ms":1000,"audio_end_ms":4000,` +
			`"trigger":7,"expressions":[{"name":"joy","probability":0.5}]}`,
	} {
		var m message
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(map[string]float64{"joy": 0.5}, m.scores()); diff != "" || m.StartMS != 1000 || m.EndMS != 4000 {
			t.Errorf("%s: %+v %s", name, m, diff)
		}
	}
}
