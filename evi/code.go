package evi

import "strings"

// Code is the code of an [Error], such as "E0714". Its first letter says whose
// doing it is: E the client's, I Hume's own, W nobody's, a mere warning. Codes
// are errors so that errors.Is can look for one.
type Code string

// The codes that a program may want to tell apart. EVI knows more.
const (
	ErrChatGroupNotFound    Code = "E0708" // nothing to resume: start fresh
	ErrResumeFailed         Code = "E0710" // could not be resumed: start fresh
	ErrLanguageModelTimeout Code = "E0712" // a custom language model was too slow; the chat goes on
	ErrInactivityTimeout    Code = "E0714" // nobody spoke for too long; closes with 1000
	ErrMaxDuration          Code = "E0715" // the chat became too old; closes with 1000
	ErrInternal             Code = "I0100" // Hume's own fault, or a bad configuration
	ErrTranscription        Code = "I0116" // audio in another encoding than declared; closes with 1000
)

// Error is the code, said to be one of EVI's.
func (c Code) Error() string {
	if c == "" {
		return "EVI error without a code"
	}
	return "EVI error " + string(c)
}

// Retryable tells whether dialling again may help: after Hume's own faults and
// warnings, and after those of the client's that a new chat puts right (a
// timeout; a group that can't be resumed, see StartFresh). A code without one
// of the known letters is taken for Hume's fault.
func (c Code) Retryable() bool {
	switch c {
	case ErrChatGroupNotFound, ErrResumeFailed, ErrLanguageModelTimeout, ErrInactivityTimeout, ErrMaxDuration:
		return true
	}
	return !strings.HasPrefix(string(c), "E")
}

// StartFresh tells that the chat group can't be resumed: dial again without
// ResumeChatGroupID.
func (c Code) StartFresh() bool {
	return c == ErrChatGroupNotFound || c == ErrResumeFailed
}

// Warning tells that nothing is broken.
func (c Code) Warning() bool { return strings.HasPrefix(string(c), "W") }
