package twilio

import (
	"errors"
	"slices"
)

// noSuchNumber are Twilio's codes for a number that this account can't call, however
// often it asks: missing or invalid (13223, 21201, 21211, 21217), out of reach of its
// carriers (13224, 21214), in a country or on a list that is barred (13225, 13226, 13227,
// 21215, 21216), not verified by a trial account (21219).
//
// https://www.twilio.com/docs/api/errors
var noSuchNumber = []int{13223, 13224, 13225, 13226, 13227, 21201, 21211, 21214, 21215, 21216, 21217, 21219}

// NumberRefused tells of Twilio's error code, 0 where there is none, that it is about the
// number called: no other try will reach it.
func NumberRefused(code int) bool { return slices.Contains(noSuchNumber, code) }

// CarrierFailed tells of an error of [Client.CreateCall] that the next call, to somebody
// else, will very likely meet it too: nobody there, too many requests, an error of
// Twilio's own, or an account that may not (credentials, funds, the caller's number).
// What is wrong with the number called is no such failure.
func CarrierFailed(err error) bool {
	var api *APIError
	if errors.As(err, &api) {
		return !NumberRefused(api.Code)
	}
	return Retryable(err)
}
