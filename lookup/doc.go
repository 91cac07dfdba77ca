// Package lookup asks others what the consent gate lacks about a number: whether it was
// reassigned since the consent, whether it is on a do-not-call list, what line it is.
//
// It asks once before a decision that would hold for want of just these facts, and
// writes the answers down as facts of the ledger, with their source; the gate then
// decides by them like by any other. A call that is denied anyway, or would be held
// all the same, is not worth the money, nor the person's number in another's hands.
// Whatever goes wrong (no answer in time, an answer about another number, one that
// makes no sense) writes nothing: the gate holds the call, as without a look-up.
package lookup
