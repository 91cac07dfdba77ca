package server

import (
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// validate finds what a fact that is of the right form still lacks.
func validate(f consent.Fact, now time.Time) []FieldError {
	var wrong []FieldError
	if f.Number.IsZero() {
		wrong = append(wrong, FieldError{"number", "it is required"})
	}
	if !told(f.Type) {
		wrong = append(wrong, FieldError{"type", "it is required"})
	}
	return wrong
}

var stopWords = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT"}

func textOptOut(body string) bool { return slices.Contains(stopWords, word(body)) }

func textHelp(body string) bool { w := word(body); return w == "HELP" || w == "INFO" }

func word(body string) string {
	return strings.Trim(strings.ToUpper(strings.TrimSpace(body)), ".!\"' ")
}
