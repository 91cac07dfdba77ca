package carrier

import "slices"

// noSuchNumber are the network's answers for a number that can't be called, however often
// it is tried: not found, gone, incomplete (RFC 3261, 21.4.5, 21.4.11, 21.4.22), nowhere
// (21.6.3), unwanted (RFC 8197), and rejected for the person called (RFC 8688).
var noSuchNumber = []int{404, 410, 484, 604, 607, 608}

// NoSuchNumber tells of the network's response code (SIP), 0 where there is none, that it
// is about the number called.
func NoSuchNumber(sip int) bool { return slices.Contains(noSuchNumber, sip) }

// SIPUnavailable is the code with which carriers say that nobody took the call: RFC 3261,
// section 21.4.18.
const SIPUnavailable = 480
