package realtime

import (
	"errors"
	"testing"
	"time"
)

func TestClasses(t *testing.T) {
	for code, want := range map[Code]Class{
		ErrResponseActive: Benign, ErrNothingToCancel: Benign, ErrTruncateItem: Benign, ErrDeleteItem: Benign,
		ErrRetrieveItem: Benign, ErrCommitEmpty: Benign,
		ErrInvalidValue: Misuse, ErrUnknownParameter: Misuse, ErrMissingParameter: Misuse, ErrInvalidEvent: Misuse,
		ErrInvalidJSON: Misuse, ErrVoiceFixed: Misuse, ErrItemExists: Misuse, ErrItemNotFound: Misuse,
		ErrRateLimit: RateLimited, ErrInferenceRateLimit: RateLimited, ErrSessionLimit: RateLimited,
		ErrSessionExpired: Expired,
		ErrAPIKey:         Fatal, ErrQuota: Fatal, ErrDeactivated: Fatal, ErrBillingLimit: Fatal, ErrBetaShape: Fatal,
		ErrModelNotFound: Fatal, ErrModelLoad: Fatal,
		ErrServer: Retry, "": Other, "moon_phase": Other,
	} {
		e := &Error{Code: code}
		if e.Class() != want || e.Fatal() != (want == Fatal) {
			t.Errorf("%q: got %v, want %v", code, e.Class(), want)
		}
	}
	for c, want := range map[Class]string{Other: "other", RateLimited: "rate limited", Fatal: "fatal", 99: "unknown",
		-1: "unknown"} {
		if got := c.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Errors say what a program and a person need, and nothing of what was said.
func TestErrorTexts(t *testing.T) {
	cause := &Error{Type: "invalid_request_error", Code: ErrInvalidValue, Param: "session.audio",
		Message: "said +14155550142"}
	for want, err := range map[string]error{
		"realtime error invalid_value (session.audio)":                                                           cause,
		"realtime error of type server_error":                                                                    &Error{Type: "server_error", Message: "said +14155550142"},
		"realtime error without a code":                                                                          &Error{Message: "said +14155550142"},
		"the server rejected the handshake with status 401 Unauthorized":                                         &HandshakeError{Status: 401},
		"the server rejected the handshake with status 429 Too Many Requests, realtime error insufficient_quota": &HandshakeError{Status: 429, Code: ErrQuota, RetryAfter: time.Second},
		"the server refused the session: realtime error invalid_value (session.audio)":                           &RefusedError{Cause: cause},
		"closed with 1011": newCloseError(1011, "said +14155550142", nil),
		"closed with 1000, after realtime error invalid_value (session.audio)": newCloseError(1000, "", cause),
		"closed with 4000, after realtime error invalid_value (session.audio)": newCloseError(4000,
			"invalid_request_error.invalid_value", cause),
		"closed with 3000, after realtime error invalid_api_key": newCloseError(3000,
			"invalid_request_error.invalid_api_key", cause),
		"connection lost: reset, after realtime error invalid_value (session.audio)": newCloseError(1006, "reset", cause),
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if e := (&HandshakeError{Status: 429, Code: ErrQuota}); !e.Fatal() || !errors.Is(e, ErrQuota) {
		t.Errorf("a quota that is gone is a limit that passes: %v", e.Class())
	}
}
