package hume

import (
	"context"
	"errors"
	"net"
	"net/http"
)

// errUnsent is in an error about a request that never left this program.
var errUnsent = errors.New("nothing was sent")

// LostError is a request without an answer that makes sense: nobody took it, the
// answer did not come in time, or broke off.
type LostError struct{ Err error }

// Error is the cause's.
func (e *LostError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *LostError) Unwrap() error { return e.Err }

// Retryable tells of an error of a list or a look that asking again may help: too
// many requests, a fault of theirs, or no answer.
func Retryable(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return api.Status == http.StatusTooManyRequests || api.Status == http.StatusRequestTimeout ||
			api.Status/100 == 5 && api.Status != http.StatusNotImplemented
	}
	var lost *LostError
	return errors.As(err, &lost) && !errors.Is(err, context.Canceled)
}

// Refused tells of an error of a creation or a change that nothing was done, and
// that asking again is safe: they said no, or were not asked.
func Refused(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return api.Status/100 != 5 && api.Status != http.StatusRequestTimeout
	}
	var op *net.OpError
	return errors.Is(err, errUnsent) || errors.As(err, &op) && op.Op == "dial"
}

// Ambiguous tells of an error of a creation or a change that it may have been made
// all the same: the answer was 5xx, did not come, or made no sense. Asking again
// may make it twice; list first.
func Ambiguous(err error) bool { return err != nil && !Refused(err) }
