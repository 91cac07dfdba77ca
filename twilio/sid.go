package twilio

import "errors"

// CallSID is Twilio's name for a call, "CA" and 32 hex digits.
type CallSID string

// StreamSID is Twilio's name for one media stream of a call, "MZ" and 32 hex digits.
type StreamSID string

// ParseCallSID checks the shape of a call's SID, so that it may stand in a URL's path.
// Hex digits of either case are taken.
func ParseCallSID(s string) (CallSID, error) {
	if len(s) != 34 || s[:2] != "CA" {
		return "", errCallSID
	}
	for _, c := range []byte(s[2:]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return "", errCallSID
		}
	}
	return CallSID(s), nil
}

var errCallSID = errors.New(`want "CA" and 32 hex digits`)
