package cli

import (
	"strings"

	"github.com/patchcord/patchcord/consent"
)

// remedyByRule says, by the beginning of a rule's id, what would make it pass. The longest
// that fits counts.
var remedyByRule = map[string]string{
	"invalid_number":           "write the number as +1 and ten digits, and check it: this number does not exist",
	"destination.country":      "none: only numbers in the United States are called",
	"destination.blocked":      "none: this line is never called automatically",
	"line.unknown":             "look the line up with the carrier and record it: bridge consent fact NUMBER --line wireless|landline|voip",
	"multi_line":               "wait until the other call to this person or business is over",
	"purpose":                  "set the purpose of the call with --purpose",
	"consent.missing":          "record the person's consent to AI calls: bridge consent grant",
	"consent.written_required": "sales calls require signed, written consent: bridge consent grant --tier written; or leave the offer out of the call and use --no-marketing",
	"consent.record_defective": "record a complete written consent: the text that the person saw, the signature, the page, the IP address and how the person was verified",
	"consent.scope":            "record a consent that names this seller, this purpose and AI calls; consent is never extended to others",
	"consent.party":            "record how you verified that the number is the person's: verified_by",
	"consent.stale":            "ask the person again, and record the new consent",
	"consent.state":            "this state requires written consent for sales calls: bridge consent grant --tier written",
	"consent":                  "record a consent that covers this call: bridge consent grant",
	"revoked":                  "only a renewed consent lifts this: bridge consent grant --renews ROW, after the person has asked to be called again",
	"dnc.internal":             "only the person can ask to be removed from the seller's own list: bridge consent dnc-remove --renews ROW, after they have asked",
	"dnc.national.stale":       "check the number against the national do-not-call registry again, since the answer is missing or out of date: bridge consent scrub",
	"dnc.national":             "only written consent to sales calls exempts a call from the national registry",
	"dnc.state":                "check the number against the state's list and record the answer: bridge consent scrub",
	"reassigned.stale":         "query the Reassigned Numbers Database again for the day of the consent, and record the answer: bridge consent fact NUMBER --reassigned no --as-of DATE",
	"reassigned":               "query the Reassigned Numbers Database for the day of the consent, and record the answer: bridge consent fact NUMBER --reassigned no --as-of DATE; if the number has a new owner, ask them for consent",
	"risk.litigator":           "reconsider whether to call at all",
	"hours":                    "call again at the time shown, or schedule the call: bridge remind",
	"holiday":                  "call again at the time shown: today is a holiday there",
	"emergency":                "wait until the state of emergency is over",
	"location.unknown":         "set where the person is with --state and --zone, or record it: bridge consent fact NUMBER --state XX --zone ZONE",
	"location.ambiguous":       "set where the person is with --state and --zone, or record it: bridge consent fact NUMBER --state XX --zone ZONE",
	"preference":               "wait until the time that the person asked for",
	"frequency":                "wait until the earlier calls no longer count",
	"device":                   "have counsel approve calls to this state, under allow_states in policy.yaml (see policy.example.yaml)",
	"registration":             "register the seller in this state, and have counsel approve calls to it, under allow_states in policy.yaml (see policy.example.yaml)",
	"caller_id":                "call from a number whose agent belongs to this seller: numbers in bridge.yaml",
	"identification":           "give the seller a registered_name and a callback_number in bridge.yaml",
	"optout.voicemail":         "give the seller a tollfree_optout in bridge.yaml, or hang up on machines",
	"optout":                   "give the seller a tollfree_optout in bridge.yaml",
	"abandonment":              "people answered and heard nothing: find out why; if a second such call holds the campaign, release it with bridge consent release",
	"exemption":                "enable the exemption in policy.yaml (an emergency call also requires one of emergency_templates as its subject), or do without it",
	"ledger.integrity":         "find out what happened to the ledger: bridge consent verify",
	"ledger.restored":          "record a consent that was given or checked since then: bridge consent grant",
	"ledger":                   "check that the ledger can be read: bridge doctor",
	"policy":                   "fix policy.yaml: bridge doctor",
	"decision.expired":         "ask again",
	"recording":                "let the opening say that the call is recorded",
	"ai":                       "let the opening say that the caller is an AI",
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

const whereIs = "set where the person is with --state and --zone, or record both: bridge consent fact NUMBER --state XX --zone ZONE"

// remedyFor is what would make a rule pass; empty if nobody knows.
func remedyFor(r consent.Result) string {
	if r.Remedy != "" {
		return r.Remedy
	}
	if r.Status == consent.Unknown {
		if m := longest(unknowns, r.Rule); m != "" {
			return m
		}
	}
	return longest(remedyByRule, r.Rule)
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
