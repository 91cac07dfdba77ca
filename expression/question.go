package expression

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// QuestionType is what kind of answer a question has.
// See https://dev.hume.ai/audio-decisions/docs/primitives.
type QuestionType string

// The types of questions.
const (
	Noul   QuestionType = "noul"   // the share of listeners who would say yes
	Choice QuestionType = "choice" // one of the options
	Score  QuestionType = "score"  // a place on a scale of levels, the lowest first
	Span   QuestionType = "span"   // whether, and how surely, something occurs in the clip
)

// Question is one question that [Decisions] asks about each turn.
type Question struct {
	ID      string // names the answer: up to 64 letters, digits, - and _
	Type    QuestionType
	Ask     string   // the question, in plain language
	Options []string // of a choice, or the levels of a score
}

// Bounds of one request: https://dev.hume.ai/audio-decisions/docs/limits.
const (
	maxQuestions = 20 // of noul, choice and score together
	maxSpans     = 5
	maxOptions   = 20
	maxAsk       = 1000 // bytes; our own
)

var questionID = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,63}$`)

// DefaultQuestions are asked where none are configured.
func DefaultQuestions() []Question {
	return []Question{
		{ID: "frustrated", Type: Noul, Ask: "Does the speaker sound frustrated?"},
		{ID: "confused", Type: Noul, Ask: "Does the speaker sound confused?"},
		{ID: "distressed", Type: Noul, Ask: "Does the speaker sound distressed?"},
		{ID: "satisfied", Type: Noul, Ask: "Does the speaker sound satisfied?"},
	}
}

// Check says what is wrong with a question. The error names field and bound.
func (q Question) Check() error {
	switch {
	case !questionID.MatchString(q.ID):
		return fmt.Errorf("id %.80q: want 1 to 64 letters, digits, - and _, starting with a letter", q.ID)
	case strings.TrimSpace(q.Ask) == "":
		return fmt.Errorf("field ask is empty: want the question in plain language")
	case len(q.Ask) > maxAsk || !utf8.ValidString(q.Ask):
		return fmt.Errorf("field ask has %d bytes: want at most %d of UTF-8", len(q.Ask), maxAsk)
	}
	switch q.Type {
	case Noul, Span:
		if len(q.Options) > 0 {
			return fmt.Errorf("field options: a %s question must not have options", q.Type)
		}
		return nil
	case Choice, Score:
		if len(q.Options) < 2 || len(q.Options) > maxOptions {
			return fmt.Errorf("field options has %d: a %s question must have 2 to %d", len(q.Options), q.Type, maxOptions)
		}
		seen := map[string]bool{}
		for _, o := range q.Options {
			if strings.TrimSpace(o) == "" || len(o) > maxAsk || seen[o] || strings.ContainsAny(o, "[]\r\n") {
				return fmt.Errorf("field options: %.80q is empty, longer than %d bytes, a duplicate, or has brackets", o, maxAsk)
			}
			seen[o] = true
		}
		return nil
	}
	return fmt.Errorf("field type is %.40q: want noul, choice, score or span", q.Type)
}

// checkQuestions checks a list as a whole.
func checkQuestions(list []Question) error {
	ids, spans := map[string]bool{}, 0
	for _, q := range list {
		if err := q.Check(); err != nil {
			return fmt.Errorf("question %.80q: %w", q.ID, err)
		}
		if ids[q.ID] {
			return fmt.Errorf("duplicate question %q", q.ID)
		}
		ids[q.ID] = true
		if q.Type == Span {
			spans++
		}
	}
	switch {
	case spans > maxSpans:
		return fmt.Errorf("%d questions of type span: want at most %d", spans, maxSpans)
	case len(list)-spans > maxQuestions:
		return fmt.Errorf("%d questions of types other than span: want at most %d", len(list)-spans, maxQuestions)
	}
	return nil
}

// wire is a question as the service takes it. A choice's options are an object whose
// order counts, which Go's maps don't keep.
func (q Question) wire() json.RawMessage {
	b := append([]byte(`{"type":`), quote(string(q.Type))...)
	b = append(append(b, `,"instructions":`...), quote(q.Ask)...)
	switch q.Type {
	case Choice:
		b = append(b, `,"criteria":{`...)
		for i, o := range q.Options {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, quote(o)...), `:null`...)
		}
		b = append(b, '}')
	case Score:
		b = append(b, `,"criteria":`...)
		levels, err := json.Marshal(q.Options)
		if err != nil {
			panic("expression: internal error: strings do not encode: " + err.Error())
		}
		b = append(b, levels...)
	case Noul, Span:
	}
	return append(b, '}')
}

// wireQuestions is the request's JSON, with the questions in their order: an answer
// may change when they are reordered.
func wireQuestions(list []Question) []byte {
	b := []byte(`{"questions":{`)
	for i, q := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, quote(q.ID)...), ':'), q.wire()...)
	}
	return append(b, `}}`...)
}

func quote(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic("expression: internal error: a string does not encode: " + err.Error())
	}
	return b
}
