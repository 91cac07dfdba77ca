// Package carrier says what a telephone is to a call. Package call knows a [Line], over
// which sound and keys go both ways, a [Carrier], which places calls and ends them, and
// the [Step] that a call follows next, and nothing of the wire behind them; each carrier
// has one adapter ([github.com/patchcord/patchcord/carrier/twiliocarrier]).
//
// Sound is what [Line.Format] says, in both directions. What reaches a Carrier by webhook,
// such as [Incoming] and [Status], its adapter reads; where webhooks go, it knows alone.
package carrier
