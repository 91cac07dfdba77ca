package evi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/websocket"
)

// ErrClosed is returned by sends and by Receive after Close, and by sends
// after EVI has closed the chat.
var ErrClosed = errors.New("chat is closed")

// Error is what EVI says about trouble, by an "error" message. It is an
// [Event], and an error wherever it explains one ([Dial], [CloseError]).
// errors.Is finds its Code: errors.Is(err, evi.ErrInactivityTimeout).
type Error struct {
	Code      Code   `json:"code"`
	Slug      string `json:"slug"`
	RequestID string `json:"request_id"`

	// Message is prose for people. It may quote what was sent, and
	// therefore stays out of the text of Error.
	Message string `json:"message"`
}

// Error is the code with its slug and request id, without the message.
func (e *Error) Error() string {
	text := e.Code.Error()
	if e.Slug != "" {
		text += " " + e.Slug
	}
	if e.RequestID != "" {
		text += " (request " + e.RequestID + ")"
	}
	return text
}

// Unwrap is the code, for errors.Is.
func (e *Error) Unwrap() error { return e.Code }

// Retryable is [Code.Retryable] of the code.
func (e *Error) Retryable() bool { return e.Code.Retryable() }

// StartFresh is [Code.StartFresh] of the code.
func (e *Error) StartFresh() bool { return e.Code.StartFresh() }

// HandshakeError is a handshake that EVI answered with anything but 101.
type HandshakeError struct {
	Status int // of HTTP
}

// Error names the status.
func (e *HandshakeError) Error() string {
	return fmt.Sprintf("the server rejected the handshake with status %d %s", e.Status, http.StatusText(e.Status))
}

// Fatal tells that dialling again can't help: every 4xx except 408 (timed out)
// and 429 (too many at present).
func (e *HandshakeError) Fatal() bool {
	return e.Status >= 400 && e.Status < 500 &&
		e.Status != http.StatusRequestTimeout && e.Status != http.StatusTooManyRequests
}

// CloseError is the end of a chat that was not ended from this side.
type CloseError struct {
	// Code is the WebSocket close code (RFC 6455, section 7.4), 1006 if
	// the connection was lost without one. EVI closes with 1000 also after
	// timeouts: 1000 is no proof of success.
	Code int

	// Text is EVI's reason, or, with 1006, what the connection died of.
	// The former stays out of the text of Error.
	Text string

	// Cause is the last error that EVI reported before the end, warnings
	// aside; nil if there was none. EVI survives some of its errors, so one
	// from long before may stand here.
	Cause *Error
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
