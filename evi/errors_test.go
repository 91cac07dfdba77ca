package evi

import (
	"errors"
	"fmt"
	"testing"
)

func TestCodes(t *testing.T) {
	for _, test := range []struct {
		code                       Code
		retry, startFresh, warning bool
	}{
		{"E0100", false, false, false},
		{ErrChatGroupNotFound, true, true, false},
		{ErrResumeFailed, true, true, false},
		{ErrLanguageModelTimeout, true, false, false},
		{ErrInactivityTimeout, true, false, false},
		{ErrMaxDuration, true, false, false},
		{"E9999", false, false, false},
		{ErrInternal, true, false, false},
		{ErrTranscription, true, false, false},
		{"I9999", true, false, false},
		{"W0101", true, false, true},
		{"X1", true, false, false},
		{"", true, false, false},
	} {
		e := &Error{Code: test.code}
		if e.Retryable() != test.retry || e.StartFresh() != test.startFresh || e.Code.Warning() != test.warning {
			t.Errorf("%q: retryable %v, start fresh %v, warning %v", test.code, e.Retryable(), e.StartFresh(), e.Code.Warning())
		}
	}
}

// Errors say what a program and a person need, and nothing of what was said.
func TestErrorTexts(t *testing.T) {
	cause := &Error{Code: ErrInternal, Slug: "internal", RequestID: "r-1", Message: "said +14155550142"}
	for want, err := range map[string]error{
		"EVI error I0100 internal (request r-1)":                         cause,
		"EVI error without a code":                                       &Error{Message: "said +14155550142"},
		"the server rejected the handshake with status 401 Unauthorized": &HandshakeError{Status: 401},
		"closed with 1011": &CloseError{Code: 1011,
			Text: "said +14155550142"},
		"closed with 1000, after EVI error I0100 internal (request r-1)": &CloseError{Code: 1000, Cause: cause},
		"connection lost: reset, after EVI error I0100 internal (request r-1)": &CloseError{Code: 1006, Text: "reset",
			Cause: cause},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestErrorsAreFound(t *testing.T) {
	err := fmt.Errorf("call: %w", &CloseError{Code: 1000, Cause: &Error{Code: "E0710"}})
	var e *Error
	if !errors.Is(err, ErrResumeFailed) || errors.Is(err, ErrInternal) || !errors.As(err, &e) {
		t.Errorf("%v: ErrResumeFailed is not found in it, or ErrInternal is", err)
	}
	if errors.As(fmt.Errorf("call: %w", &CloseError{Code: 1000}), &e) {
		t.Errorf("found %v where there is no cause", e)
	}
}
