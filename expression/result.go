package expression

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Source says which service or method made a score. Scores of different sources must
// not be compared: their names and scales differ.
type Source string

// The sources of results.
const (
	SourceDecisions   Source = "hume-decisions"
	SourceMeasurement Source = "hume-measurement"
	SourceProsody     Source = "prosody"
)

// Emotions tells whether scores of the source may be called emotions. Those of
// [SourceProsody] are measures.
func (s Source) Emotions() bool { return s != SourceProsody }

// Result is how one turn of the caller's sounded.
type Result struct {
	Turn   int       // the number that End was given
	At     time.Time // when the result was there
	Scores map[string]float64
	Labels map[string]string // of choice questions: the option that was chosen
	Source Source

	// Context is a note for the voice, such as "[sounds frustrated, 0.82]". It is empty
	// if no score is high enough, and for measures. It has no text of a server's but
	// names of expressions, which are letters and spaces.
	Context string
}

// maxContext is how many scores a context names.
const maxContext = 3

// remark is one part of a context.
type remark struct {
	text  string
	score float64
}

// describe joins the remarks that reach the threshold, the strongest first.
func describe(remarks []remark, threshold float64) string {
	remarks = slices.DeleteFunc(remarks, func(r remark) bool { return r.score < threshold })
	if len(remarks) == 0 {
		return ""
	}
	slices.SortFunc(remarks, func(a, b remark) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.text, b.text))
	})
	var parts []string
	for _, r := range remarks[:min(len(remarks), maxContext)] {
		parts = append(parts, fmt.Sprintf("%s, %.2f", r.text, r.score))
	}
	return "[" + strings.Join(parts, "; ") + "]"
}

// words is a name as it is read: "in_a_hurry" becomes "in a hurry".
func words(name string) string { return strings.NewReplacer("_", " ", "-", " ").Replace(name) }
