package calllog

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxText is the longest text of an entry, in bytes. The agents' wires and the
// tools have bounds of their own below it; this one keeps a mistake in them
// from filling the queue.
const maxText = 64 << 10

// clean returns a copy that shares nothing with c and that any store can take:
// Postgres has no text with NUL or with bytes that are not UTF-8, and JSON has
// no numbers that are not finite.
func (c Change) clean() Change {
	out := Change{CallID: cleanText(c.CallID), Epoch: c.Epoch}
	if c.Call != nil {
		out.Call = cleanCall(*c.Call)
	}
	if c.Entry != nil {
		out.Entry = cleanEntry(*c.Entry)
	}
	return out
}

func cleanCall(c Call) *Call {
	for _, s := range []*string{
		&c.ID, &c.Direction, &c.TwilioCallSID, &c.From, &c.To, &c.Attestation, &c.Agent, &c.Voice,
		&c.ChatGroupID, &c.Status, &c.Outcome, &c.Instance,
	} {
		*s = cleanText(*s)
	}
	c.ChatIDs = slices.Clone(c.ChatIDs)
	for i, id := range c.ChatIDs {
		c.ChatIDs[i] = cleanText(id)
	}
	c.Voices = slices.Clone(c.Voices) // names of the configuration
	c.StartedAt = cleanTime(c.StartedAt)
	c.AnsweredAt, c.EndedAt = cleanTimeAt(c.AnsweredAt), cleanTimeAt(c.EndedAt)
	c.DecisionSeq = clone(c.DecisionSeq)
	if c.Opening = clone(c.Opening); c.Opening != nil {
		c.Opening.Text = cleanText(c.Opening.Text)
		c.Opening.PlayedAt = cleanTimeAt(c.Opening.PlayedAt)
	}
	c.Usage = slices.Clone(c.Usage)
	for i := range c.Usage {
		u := &c.Usage[i]
		u.Model, u.Seconds, u.USD = cleanText(u.Model), finite(u.Seconds), finite(u.USD)
	}
	if c.Quality = clone(c.Quality); c.Quality != nil {
		c.Quality.AddedMS = Spread{P50: finite(c.Quality.AddedMS.P50), P99: finite(c.Quality.AddedMS.P99)}
	}
	if c.Order = clone(c.Order); c.Order != nil {
		o := c.Order
		for _, s := range []*string{&o.PermitID, &o.Purpose, &o.Subject, &o.State, &o.Zone, &o.Say} {
			*s = cleanText(*s)
		}
		o.Variables = cleanTexts(o.Variables)
	}
	if c.Variables != nil {
		c.Variables = cleanTexts(c.Variables)
	}
	c.Entries, c.Chats = nil, nil
	return &c
}

func cleanTexts(texts map[string]string) map[string]string {
	out := make(map[string]string, len(texts))
	for name, value := range texts {
		out[cleanText(name)] = cleanText(value)
	}
	return out
}

func cleanEntry(e Entry) *Entry {
	for _, s := range []*string{&e.Text, &e.Digit, &e.Name, &e.Result, &e.Error, &e.EmotionsSource} {
		*s = cleanText(*s)
	}
	e.Kind, e.Heard, e.Event = Kind(cleanText(string(e.Kind))), Heard(cleanText(string(e.Heard))), Event(cleanText(string(e.Event)))
	e.Arguments = cleanJSON(e.Arguments)
	e.Emotions, e.Measures = cleanScores(e.Emotions), cleanScores(e.Measures)
	if e.EmotionLabels != nil {
		labels := make(map[string]string, len(e.EmotionLabels))
		for name, label := range e.EmotionLabels {
			labels[cleanText(name)] = cleanText(label)
		}
		e.EmotionLabels = labels
	}
	return &e
}

func cleanScores(scores map[string]float64) map[string]float64 {
	if scores == nil {
		return nil
	}
	out := make(map[string]float64, len(scores))
	for name, score := range scores {
		out[cleanText(name)] = finite(score)
	}
	return out
}

// cleanText cuts s at maxText and puts U+FFFD, the replacement character, for
// what no store can take.
func cleanText(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		s = s[:max(0, len(s)-1)] + "…" // the last rune may have been cut
	}
	if utf8.ValidString(s) && !strings.Contains(s, "\x00") {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// cleanJSON is cleanText for a JSON document. What is not JSON, or too long, is
// kept as a JSON string of its beginning.
func cleanJSON(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	if len(raw) <= maxText && json.Valid(raw) {
		if utf8.Valid(raw) && !bytes.Contains(raw, []byte(`\u`)) {
			return bytes.Clone(raw) // the usual case: nothing in it can be escaped badly
		}
		if value, ok := decode(raw); ok {
			return encode(cleanValue(value))
		}
	}
	return encode(cleanText(string(raw)))
}

func decode(raw []byte) (value any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // an order number of twenty digits must not become 1.2e+19
	return value, d.Decode(&value) == nil
}

func encode(value any) json.RawMessage {
	b, err := json.Marshal(value)
	if err != nil {
		panic("calllog: internal error: decoded JSON does not encode: " + err.Error())
	}
	return b
}

func cleanValue(value any) any {
	switch v := value.(type) {
	case string:
		return cleanText(v)
	case []any:
		for i := range v {
			v[i] = cleanValue(v[i])
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out[cleanText(key)] = cleanValue(v[key])
		}
		return out
	}
	return value
}

func finite(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// cleanTime returns t in UTC. A year that RFC 3339 cannot write becomes the
// zero time, which both JSON and Postgres take.
func cleanTime(t time.Time) time.Time {
	t = t.UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

func cleanTimeAt(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	v := cleanTime(*t)
	return &v
}

func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
