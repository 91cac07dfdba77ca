// Package permits lends the consent gate to dialers that place calls by themselves:
// a hosted agent that is bound to a number, a model that rings over SIP. They ask for
// a permit before they dial, and report what became of the call.
//
//	dialer ─▶ Issue ─▶ consent.Gate.Clear ─▶ permit, duties, secret
//	dialer ─▶ Report ─▶ ledger: the claim, the refusal, the end of the permit
//	ledger ─▶ Revoked ─▶ POST to the dialer's callback_url, signed
//
// What a dialer reports is written down as claimed. Only a refusal counts at once,
// whoever reports it.
package permits
