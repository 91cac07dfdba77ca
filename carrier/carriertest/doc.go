// Package carriertest is a carrier in memory: no HTTP, no document, no socket. An [Exchange] has calls come in, places
// those that a permit allows, and does what its service answers; a [Line] is the far end of a call's media, which
// speaks, listens and plays in true time, or in the virtual time of testing/synctest.
//
// It is the second implementer of package carrier's interfaces beside Twilio's adapter, and [TestLine] is what both
// promise.
package carriertest
