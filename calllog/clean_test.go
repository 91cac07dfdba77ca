package calllog

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestCleanText(t *testing.T) {
	long := strings.Repeat("é", maxText)
	for in, want := range map[string]string{
		"":             "",
		"hello, Zoë":   "hello, Zoë",
		"nul \x00":     "nul \uFFFD",
		"bad \xff\xfe": "bad \uFFFD",
		long:           long[:maxText-2] + "…",
		long[:maxText]: long[:maxText],
	} {
		if got := cleanText(in); got != want {
			t.Errorf("cleanText(%.20q…) is %.20q… of %d bytes, want %.20q… of %d", in, got, len(got), want, len(want))
		}
	}
}

func TestCleanJSON(t *testing.T) {
	for in, want := range map[string]string{
		``:                                      ``,
		`{"order_id": "4417"}`:                  `{"order_id": "4417"}`,
		`{"n":12345678901234567890}`:            `{"n":12345678901234567890}`,
		`{"a":"\u0000b","\u0000":[1,"\u0000"]}`: `{"a":"` + "\uFFFD" + `b","` + "\uFFFD" + `":[1,"` + "\uFFFD" + `"]}`,
		`"\ud800"`:                              `"` + "\uFFFD" + `"`,
		"\"\xff\"":                              `"` + "\uFFFD" + `"`,
		`{"order_id":`:                          `"{\"order_id\":"`,
	} {
		if got := string(cleanJSON(json.RawMessage(in))); got != want {
			t.Errorf("cleanJSON(%s) is %s, want %s", in, got, want)
		}
	}
	if got := cleanJSON(json.RawMessage(`"` + strings.Repeat("x", maxText) + `"`)); len(got) > maxText+10 || !json.Valid(got) {
		t.Errorf("a document that is too long becomes %d bytes, valid JSON: %t", len(got), json.Valid(got))
	}
}

func TestCleanNumbersAndTimes(t *testing.T) {
	absurd := time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)
	zoned := time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("", -8*3600))
	c := Change{
		Call: &Call{
			ID: "call", StartedAt: absurd, AnsweredAt: &zoned, EndedAt: &absurd,
			Opening: &Opening{PlayedAt: &absurd}, Quality: &Quality{AddedMS: Spread{P50: math.NaN(), P99: 2}},
		},
		Entry: &Entry{Emotions: map[string]float64{"Joy": math.Inf(1), "Calm\x00": 0.5}, EmotionsSource: "a\x00",
			EmotionLabels: map[string]string{"m\x00": "\xff"}, Measures: map[string]float64{"pitch": math.NaN()}},
	}.clean()
	if !c.Call.StartedAt.IsZero() || !c.Call.EndedAt.IsZero() || !c.Call.Opening.PlayedAt.IsZero() {
		t.Errorf("absurd times are %v, %v, %v; want zero", c.Call.StartedAt, c.Call.EndedAt, c.Call.Opening.PlayedAt)
	}
	if got := c.Call.AnsweredAt.String(); got != "2026-11-22 20:00:00 +0000 UTC" {
		t.Errorf("AnsweredAt is %s", got)
	}
	if got := c.Call.Quality.AddedMS; got != (Spread{0, 2}) {
		t.Errorf("AddedMS is %v", got)
	}
	if diff := cmp.Diff(map[string]float64{"Joy": 0, "Calm\uFFFD": 0.5}, c.Entry.Emotions); diff != "" {
		t.Error(diff)
	}
	want := Entry{Emotions: c.Entry.Emotions, EmotionsSource: "a\uFFFD", EmotionLabels: map[string]string{"m\uFFFD": "\uFFFD"},
		Measures: map[string]float64{"pitch": 0}}
	if diff := cmp.Diff(want, *c.Entry); diff != "" {
		t.Error(diff)
	}
}

// Whatever is put, the spool can hold it and gives the same back.
func FuzzChange(f *testing.F) {
	f.Add("call", "hello", "Joy", 0.5, []byte(`{"a":1}`), int64(0))
	f.Add("", "nul \x00", "\xff", math.Inf(-1), []byte(`{"\u0000":"\ud800"}`), int64(math.MaxInt64))
	f.Add("c", "<&>", "", math.NaN(), []byte(`{"a":`), int64(math.MinInt64))
	f.Add("c", "", "é", 1.0, []byte("\"\xff\""), int64(1<<60))
	f.Fuzz(func(t *testing.T, id, text, emotion string, score float64, arguments []byte, unix int64) {
		at := time.Unix(unix, 0)
		c := Change{
			Call: &Call{ID: id, From: text, ChatIDs: []string{emotion}, StartedAt: at, Opening: &Opening{Text: text, PlayedAt: &at},
				Instance: id, Version: int(unix)},
			CallID: id,
			Entry: &Entry{Seq: int(unix), Kind: Kind(text), Text: text, Heard: Heard(emotion),
				Emotions: map[string]float64{emotion: score}, Measures: map[string]float64{text: score},
				EmotionsSource: emotion, EmotionLabels: map[string]string{text: emotion}, Arguments: arguments, Result: text, Error: emotion},
		}.clean()
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatalf("a clean change does not encode: %v", err)
		}
		if bytes.ContainsAny(line, "\n\x00") || !utf8.Valid(line) {
			t.Fatalf("the line is not one line of text: %q", line)
		}
		var back Change
		if err := json.Unmarshal(line, &back); err != nil {
			t.Fatalf("the line cannot be read: %v", err)
		}
		for _, text := range []string{back.Call.ID, back.Entry.Text, back.Entry.Error} {
			if strings.Contains(text, "\x00") {
				t.Fatalf("%q holds NUL", text)
			}
		}
		again, err := json.Marshal(back.clean())
		if err != nil || string(again) != string(line) {
			t.Fatalf("cleaned and written again, the line is %q, %v; it was %q", again, err, line)
		}
	})
}

// Of a line it is kept who wrote it: else the lines of a call's next owner are written over those of its last.
func TestCleanKeepsTheEpoch(t *testing.T) {
	if c := (Change{CallID: "call", Entry: &Entry{Seq: 5}, Epoch: 3}).clean(); c.Epoch != 3 {
		t.Errorf("the epoch becomes %d", c.Epoch)
	}
}
