package cli

import (
	"strings"

	"github.com/patchcord/patchcord/consent"
)

// mends says, by the beginning of a rule's id, what would make it pass. The longest
// that fits counts.
var mends = map[string]string{
	"invalid_number":           "write the number as +1 and ten digits, and check it: nobody has this one",
	"destination.country":      "nothing: only numbers of the United States are called",
	"destination.blocked":      "nothing: this line is never called by machine",
	"line.unknown":             "look the line up with the carrier and record it: bridge consent fact NUMBER --line wireless|landline|voip",
	"multi_line":               "wait until the other call to this person or business is over",
	"purpose":                  "say what the call is for with --purpose",
	"consent.missing":          "record the person's consent to AI calls: bridge consent grant",
	"consent.written_required": "sales calls need a signed, written consent: bridge consent grant --tier written; or leave the offer out of the call and say --no-marketing",
	"consent.record_defective": "record a written consent that has all its parts: the text the person saw, the signature, the page, the address and how the person was verified",
	"consent.scope":            "record a consent that names this seller, this purpose and AI calls: none is widened",
	"consent.party":            "record how it is known that the person holds the number: verified_by",
	"consent.stale":            "ask the person again, and record the new consent",
	"consent.state":            "this state wants written consent for sales calls: bridge consent grant --tier written",
	"consent":                  "record a consent that covers this call: bridge consent grant",
	"revoked":                  "only a renewed consent lifts it: bridge consent grant --renews ROW, when the person has asked for calls again",
	"dnc.internal":             "only the person can leave the seller's own list: bridge consent dnc-remove --renews ROW, when they have asked for it",
	"dnc.national.stale":       "check the number against the national do-not-call registry again: the answer is too old, or missing: bridge consent scrub",
	"dnc.national":             "only a written consent to sales calls takes a call out of the national registry's reach",
	"dnc.state":                "check the number against the state's list and record the answer: bridge consent scrub",
	"reassigned.stale":         "ask the Reassigned Numbers Database again, about the day of the consent, and record the answer: bridge consent fact NUMBER --reassigned no --as-of DATE",
	"reassigned":               "ask the Reassigned Numbers Database about the day of the consent and record the answer: bridge consent fact NUMBER --reassigned no --as-of DATE; if the number has a new owner, ask them",
	"risk.litigator":           "think about whether to call at all",
	"hours":                    "call again from the time shown, or let a reminder wait for it: bridge remind",
	"holiday":                  "call again from the time shown: today is a holiday there",
	"emergency":                "wait until the state of emergency is over",
	"location.unknown":         "say where the person is: --state and --zone, or record it: bridge consent fact NUMBER --state XX --zone ZONE",
	"location.ambiguous":       "say where the person is: --state and --zone, or record it: bridge consent fact NUMBER --state XX --zone ZONE",
	"preference":               "wait until the time that the person asked for",
	"frequency":                "wait until the earlier calls no longer count",
	"device":                   "counsel has to sign this state off, as policy.example.yaml shows: allow_states in policy.yaml",
	"registration":             "register the seller in this state, and let counsel sign it off, as policy.example.yaml shows: allow_states in policy.yaml",
	"caller_id":                "call from a number of ours whose agent belongs to this seller: numbers in bridge.yaml",
	"identification":           "give the seller a registered_name and a callback_number in bridge.yaml",
	"optout.voicemail":         "give the seller a tollfree_optout in bridge.yaml, or hang up on machines",
	"optout":                   "give the seller a tollfree_optout in bridge.yaml",
	"abandonment":              "people picked up and heard nothing: find out why; where a second such call holds the campaign, bridge consent release lets it call again",
	"exemption":                "switch the exemption on in policy.yaml (an emergency also wants one of emergency_templates as the subject), or do without it",
	"ledger.integrity":         "find out what happened to the ledger: bridge consent verify",
	"ledger.restored":          "record a consent that was given or checked since then: bridge consent grant",
	"ledger":                   "see that the ledger can be read: bridge doctor",
	"policy":                   "mend policy.yaml: bridge doctor",
	"decision.expired":         "ask again",
	"recording":                "let the opening say that the call is recorded",
	"ai":                       "let the opening say that an AI speaks",
	"solicitation":             "let the opening say what the call is about",
	"records":                  "keep the records that the rule names",
}

// unknowns says the same of rules that lack a fact, where that is something else.
var unknowns = map[string]string{
	"hours":           whereIs,
	"holiday":         whereIs,
	"emergency":       whereIs,
	"frequency.state": whereIs,
	"device":          whereIs,
	"registration":    whereIs,
	"consent.state":   whereIs,
	"dnc.state":       whereIs + "; check the number against the state's list and record the answer: bridge consent scrub",
	"dnc.national":    "check the number against the national do-not-call registry and record the answer: bridge consent scrub",
}

const whereIs = "say where the person is: --state and --zone, or record both: bridge consent fact NUMBER --state XX --zone ZONE"

// mend is what would make a rule pass; empty if nobody knows.
func mend(r consent.Result) string {
	if r.Remedy != "" {
		return r.Remedy
	}
	if r.Status == consent.Unknown {
		if m := longest(unknowns, r.Rule); m != "" {
			return m
		}
	}
	return longest(mends, r.Rule)
}

// longest is the value of the longest beginning of a rule's id that is in a table.
func longest(table map[string]string, id string) string {
	for {
		if v, ok := table[id]; ok {
			return v
		}
		i := strings.LastIndexByte(id, '.')
		if i < 0 {
			return ""
		}
		id = id[:i]
	}
}
