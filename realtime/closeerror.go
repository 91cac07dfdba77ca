package realtime

import (
	"fmt"
	"regexp"

	"github.com/gorilla/websocket"
)

// CloseError is the end of a session that was not ended from this side.
type CloseError struct {
	// Code is the WebSocket close code (RFC 6455, section 7.4), 1006 if the
	// connection was lost without one. 1000 is no proof of success.
	Code int

	// Text is the server's reason, or, with 1006, what the connection died of.
	Text string

	// Cause is the error that explains the end: the one in Text, which servers
	// write as "type.code", or else the last error event that was not harmless. nil
	// if there was none.
	Cause *Error
}

// reasonForm is a reason that names a type and a code.
var reasonForm = regexp.MustCompile(`^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)$`)

// newCloseError reads the reason.
func newCloseError(code int, text string, last *Error) *CloseError {
	e := &CloseError{Code: code, Text: text, Cause: last}
	if m := reasonForm.FindStringSubmatch(text); m != nil && (last == nil || string(last.Code) != m[2]) {
		e.Cause = &Error{Type: m[1], Code: Code(m[2])}
	}
	return e
}

// Error names the code and the cause.
func (e *CloseError) Error() string {
	text := fmt.Sprintf("closed with %d", e.Code)
	if e.Code == websocket.CloseAbnormalClosure {
		text = "connection lost: " + e.Text
	}
	if e.Cause != nil {
		text += ", after " + e.Cause.Error()
	}
	return text
}

// Unwrap is the cause, so that errors.Is finds its code.
func (e *CloseError) Unwrap() error {
	if e.Cause == nil {
		return nil
	}
	return e.Cause
}

// The close codes of refused requests.
const (
	closeRefused    = 4000
	closeRefusedOld = 3000
)

// Class is that of the cause, if it has one to act on. Else 1001 is Expired, 3000 and
// 4000, by which requests are refused, are Fatal, and every other end is worth another
// dial.
func (e *CloseError) Class() Class {
	if e.Cause != nil {
		switch c := e.Cause.Class(); c {
		case RateLimited, Expired, Fatal, Retry:
			return c
		case Other, Benign, Misuse: // they don't explain an end
		}
	}
	switch e.Code {
	case websocket.CloseGoingAway:
		return Expired
	case closeRefused, closeRefusedOld:
		return Fatal
	}
	return Retry
}

// Fatal tells that dialling again can't help.
func (e *CloseError) Fatal() bool { return e.Class() == Fatal }
