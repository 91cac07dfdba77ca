// Package consent decides from written facts whether we may ring someone, and
// remembers what was decided.
//
// A [Fact] is one thing that happened: a person agreed, said stop, was looked up,
// was called. Facts are only ever added, to a [Ledger]; its SQL is in
// postgres/ledger.go. [Policy.Decide] is a pure function of a [Request], of what
// the ledger knows and of a time: it evaluates every rule and returns every
// result. [Gate] runs it inside the ledger's transaction, so that two requests
// can't both be the first, and mints the [Permit] without which no call is
// placed.
//
//	POST /v1/calls ─▶ Gate.Clear ─▶ Ledger.Transact( facts ─▶ Policy.Decide ─▶ decision, permit )
//	                                                                              │
//	       the phone rings ◀─ Twilio ◀─ carrier.Carrier.Place ◀── Permit ◀────────┘
//	       it answers ─▶ Gate.Recheck ─▶ the opening ─▶ the talk
//
// What is missing, stale or unreadable is never a yes. The rules are those of the
// US TCPA and its neighbours in a strict reading; they are engineering, not legal
// advice, and counsel has to approve the policy.
package consent
