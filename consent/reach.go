package consent

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// purposes is what the call is for.
func (e *evaluation) purposes() []Purpose { return e.req.purposes() }

// reach tells why a grant is about other calls than this one. Nothing is widened:
// not to an affiliate, another channel, another purpose or another subject.
func (e *evaluation) reach(f *Fact) string {
	switch {
	case f.Seller == "":
		return "does not name a seller"
	case !e.req.Seller.Owns(f.Seller):
		return "was given to another seller"
	case !slices.Contains(f.Channels, VoiceAI):
		return fmt.Sprintf("is for %s, not for AI voice", listed(f.Channels))
	}
	for _, p := range e.purposes() {
		if !slices.Contains(f.Purposes, p) {
			return fmt.Sprintf("is for %s, not for %s", listed(f.Purposes), words(string(p)))
		}
	}
	if f.Subject != "" && f.Subject != e.req.Subject {
		return "is for calls about another subject"
	}
	return ""
}

// dead tells why a grant does not count: it is no proof of anything, or the person
// has taken it back since.
func (e *evaluation) dead(f *Fact) string {
	if e.future(f) {
		return "is dated in the future"
	}
	if why := flaw(f); why != "" {
		return why
	}
	if r := e.revokes(f); r != nil {
		if compareEntry(f, r) > 0 {
			return fmt.Sprintf("came after the opt-out of %s%s, but does not lift it", date(r), rowOf(r))
		}
		return fmt.Sprintf("was revoked on %s", date(r))
	}
	if y := e.reassignedYes(); y != nil && !happened(f).After(happened(y)) {
		return "was given by the number's previous holder, before it was reassigned"
	}
	return ""
}

// flaw is what a grant lacks to be a proof of anything; empty for nothing.
func flaw(f *Fact) string {
	switch {
	case f.OccurredAt.IsZero():
		return "has no time"
	case f.Evidence == nil || strings.TrimSpace(f.Evidence.Text) == "":
		return "has no text of the agreement"
	case f.Tier != Express && f.Tier != Written:
		return "has no tier"
	case !f.vouched():
		return fmt.Sprintf("was spoken by a caller whose number the carrier did not verify (%s)",
			cmp.Or(f.Attestation, "no attestation"))
	}
	return ""
}

// passedA is the one attestation by which a carrier says that it knows its customer, and
// that the number is theirs (ATIS-1000074, as Twilio gives it in StirVerstat). A caller ID
// alone proves nobody.
const passedA = "TN-Validation-Passed-A"

// vouched tells whether a fact is known to be of whoever holds the number.
func (f *Fact) vouched() bool { return !f.spoken() || f.PermitID != "" || f.Attestation == passedA }

// spoken tells whether a fact was said on a call. On a call that we placed (PermitID) the
// number is that of whoever answered.
func (f *Fact) spoken() bool { return f.Via == ViaCall || f.Actor == "call" }
