package twilio

import (
	"errors"
	"net"
	"net/http"
)

// errUnsent is in an error about a request that never left this program.
var errUnsent = errors.New("nothing was sent")

// Refused tells of an error of [Client.CreateCall] that there is no call: Twilio said no,
// or was not asked. Asking again would give the same.
func Refused(err error) bool {
	if errors.Is(err, errUnsent) {
		return true
	}
	var api *APIError
	return errors.As(err, &api) && api.Status/100 == 4 && !undecided[api.Status]
}

// undecided are answers of 4xx that are no refusal: 408 may come from a proxy that gave
// up waiting for what Twilio did, 429 says later.
var undecided = map[int]bool{http.StatusRequestTimeout: true, http.StatusTooManyRequests: true}

// Retryable tells of an error that there is no call, and that asking again may make one:
// too many requests, or nobody took the connection.
func Retryable(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return api.Status == http.StatusTooManyRequests
	}
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// Ambiguous tells of an error that there may be a call all the same: the answer did not
// come in time, broke off, made no sense, or was 5xx. To ask again may ring twice; look
// for the call first.
func Ambiguous(err error) bool { return err != nil && !Refused(err) && !Retryable(err) }
