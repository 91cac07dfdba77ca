package tools

import "unicode/utf8"

// Error is a tool's failure in two texts. A handler that returns a plain error has its text logged and the agent told the
// tool's Failure; with an Error it chooses both.
type Error struct {
	Say string // what the agent may be told; empty for the tool's Failure
	Err error  // what happened, for the log; it must quote no speech, number or secret
}

// Error is the text for the log.
func (e *Error) Error() string {
	if e.Err == nil {
		return "the tool refused"
	}
	return e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

const (
	maxText   = 1024 // bytes of Answer.Err and Answer.Say
	maxReason = 300  // bytes of a schema's or a decoder's reason within Say
)

// cut shortens s to at most limit bytes without splitting a character.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
