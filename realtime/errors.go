package realtime

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// ErrClosed is returned by sends and by Receive after Close, and by sends after the
// server has closed the session.
var ErrClosed = errors.New("session is closed")

// Error is what the server says about trouble, by an "error" event or in a failed
// response. It is an [Event], and an error wherever it explains one ([Dial],
// [CloseError]). errors.Is finds its Code: errors.Is(err, realtime.ErrQuota).
type Error struct {
	EventID EventID `json:"-"`              // the server's, of the event
	Type    string  `json:"type,omitempty"` // such as "invalid_request_error" or "server_error"
	Code    Code    `json:"code,omitempty"` // may be empty
	Param   string  `json:"param,omitempty"`
	Cause   EventID `json:"event_id,omitempty"` // of the client's event that caused it, if the server says so

	// Message is prose for people. It may quote what was sent, and therefore stays
	// out of the text of Error.
	Message string `json:"message,omitempty"`
}

// Error is the code, or else the type, with the parameter, without the message.
func (e *Error) Error() string {
	text := e.Code.Error()
	if e.Code == "" && e.Type != "" {
		text = "realtime error of type " + e.Type
	}
	if e.Param != "" {
		text += " (" + e.Param + ")"
	}
	return text
}

// Unwrap is the code, for errors.Is.
func (e *Error) Unwrap() error { return e.Code }

// Class is that of the code; of a code without one, the type "server_error" is worth
// another try.
func (e *Error) Class() Class {
	if c := e.Code.Class(); c != Other || e.Type != string(ErrServer) {
		return c
	}
	return Retry
}

// Fatal tells that nothing will work with this key, model or these settings.
func (e *Error) Fatal() bool { return e.Class() == Fatal }

// HandshakeError is a handshake that the server answered with anything but 101.
type HandshakeError struct {
	Status     int           // of HTTP
	Code       Code          // from the answer's body, if it has one
	RetryAfter time.Duration // from the header of that name; 0 if there is none
}

// Error names the status and the code.
func (e *HandshakeError) Error() string {
	text := fmt.Sprintf("the server rejected the handshake with status %d %s", e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		text += ", " + e.Code.Error()
	}
	return text
}

// Unwrap is the code, for errors.Is.
func (e *HandshakeError) Unwrap() error {
	if e.Code == "" {
		return nil
	}
	return e.Code
}

// Class is RateLimited for 429, unless the code says that the quota is gone, Retry for
// 408 and 5xx, and Fatal for everything else.
func (e *HandshakeError) Class() Class {
	switch {
	case e.Code.Class() == Fatal:
		return Fatal
	case e.Status == http.StatusTooManyRequests:
		return RateLimited
	case e.Status == http.StatusRequestTimeout || e.Status >= 500:
		return Retry
	}
	return Fatal
}

// Fatal tells that dialling again can't help.
func (e *HandshakeError) Fatal() bool { return e.Class() == Fatal }

// RefusedError is a session that the server answered with an error, after 101, instead of
// opening it, and without closing the connection.
type RefusedError struct{ Cause *Error }

// Error is the cause's.
func (e *RefusedError) Error() string { return "the server refused the session: " + e.Cause.Error() }

// Unwrap is the cause, so that errors.Is finds its code.
func (e *RefusedError) Unwrap() error { return e.Cause }

// Class is the cause's if that may pass, else Fatal: the same settings will be refused
// again.
func (e *RefusedError) Class() Class {
	if c := e.Cause.Class(); c == RateLimited || c == Expired || c == Retry {
		return c
	}
	return Fatal
}

// Fatal tells that dialling again can't help.
func (e *RefusedError) Fatal() bool { return e.Class() == Fatal }

// FormatError is a server that did not take the audio format it was asked for. Sound
// would be noise to one side.
type FormatError struct {
	Direction string // "input" or "output"
	Want, Got AudioFormat
}

// Error names direction and formats.
func (e *FormatError) Error() string {
	return fmt.Sprintf("the server's %s format is %q, not %q", e.Direction, e.Got, e.Want)
}

// Class is Fatal.
func (e *FormatError) Class() Class { return Fatal }

// Fatal is true.
func (e *FormatError) Fatal() bool { return true }
