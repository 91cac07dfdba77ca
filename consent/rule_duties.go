package consent

import (
	"slices"
	"strings"

	"github.com/patchcord/patchcord/phone"
)

// The rules about what has to be said and done during the call, and about what
// whoever calls must have in order beforehand.
var dutyRules = []rule{
	{"identification", EffectBlock, identification},
	{"identification.callback", EffectBlock, identificationCallback},
	{"solicitation.disclosure", EffectInCall, solicitationDisclosure},
	{"optout.mechanism", EffectInCall, optoutMechanism},
	{"optout.voicemail", EffectInCall, optoutVoicemail},
	{"ai.disclosure", EffectInCall, aiDisclosure},
	{"recording.consent.two_party", EffectInCall, recordingConsent},
	{"abandonment", EffectBlock, abandonment},
	{"exemption.invalid", EffectBlock, exemptionInvalid},
	{"records.retention", EffectWarn, recordsRetention},
	{"policy.written_dnc", EffectWarn, paper("policy.written_dnc", "47 CFR 64.1200(d)(1)",
		"a written do-not-call policy, available on demand")},
	{"policy.training", EffectWarn, paper("policy.training", "47 CFR 64.1200(d)(2)", "training of everyone who makes the calls")},
}

func identification(e *evaluation) []Result {
	v := federal("identification", EffectBlock, "47 CFR 64.1200(b)(1)")
	if strings.TrimSpace(e.req.Seller.RegisteredName) == "" {
		return v.fails("the seller has no registered name for the start of the call")
	}
	return v.duty(DutyIdentify, "say first who is calling: "+e.req.Seller.RegisteredName)
}

func identificationCallback(e *evaluation) []Result {
	v := federal("identification.callback", EffectBlock, "47 CFR 64.1200(b)(2)")
	switch {
	case e.req.Seller.Callback.IsZero():
		return v.fails("the seller has no telephone number to give during the call")
	case premium(e.req.Seller.Callback):
		return v.fails("the number to give during the call must not be a premium one")
	}
	return v.duty(DutyCallback, "give the seller's telephone number")
}

func solicitationDisclosure(e *evaluation) []Result {
	v := federal("solicitation.disclosure", EffectInCall, "16 CFR 310.4(d)")
	if !e.telemarketing() {
		return v.notApplicable("the call contains no marketing")
	}
	return v.duty(DutySalesCall, "say at once that this is a sales call, and what is for sale")
}

func optoutMechanism(*evaluation) []Result {
	return federal("optout.mechanism", EffectInCall, "47 CFR 64.1200(b)(3)").
		duty(DutyOptOut, "say within 2 seconds of the name how to stop these calls; accept the key and the words at any "+
			"time, and end the call at once")
}

// optoutVoicemail keeps the call from leaving a message, and does not keep it from
// being placed.
func optoutVoicemail(e *evaluation) []Result {
	v := federal("optout.voicemail", EffectInCall, "47 CFR 64.1200(b)(3)")
	switch a, _ := e.req.Seller.TollfreeOptout.Area(); {
	case !e.req.Voicemail:
		return v.notApplicable("voicemail messages are not left")
	case e.req.Seller.TollfreeOptout.IsZero():
		return v.duty(DutyNoVoicemail, "leave no voicemail message: the seller has no toll-free opt-out number")
	case a.Kind != phone.AreaTollfree:
		return v.duty(DutyNoVoicemail, "leave no voicemail message: the seller's opt-out number is not toll-free")
	}
	return v.duty(DutyVoicemailOptOut, "give the toll-free opt-out number in a voicemail message")
}

func aiDisclosure(*evaluation) []Result {
	return federal("ai.disclosure", EffectInCall,
		"FCC 24-17; Utah Code ch. 13-77; 10 M.R.S. §1500-DD; the voice agent's terms").
		duty(DutyAI, "say at the start that an AI is speaking")
}

// recordingConsent is due everywhere: to stream a voice to an AI is to capture it, also if no
// recording is kept.
func recordingConsent(e *evaluation) []Result {
	v := federal("recording.consent.two_party", EffectInCall, "18 USC 2511(2)(d); state laws on recording")
	kept := ""
	if e.req.Kept {
		kept = "; the call is recorded"
	}
	var all []string
	for _, p := range e.places {
		if e.policy.States[p.State].AllParty && !slices.Contains(all, p.State) {
			all = append(all, p.State)
		}
	}
	if all != nil {
		v.jurisdiction = all[0]
		return v.duty(DutyRecordingNotice,
			"say that the call is recorded before the recording starts: everyone's consent is required in "+strings.Join(all, ", ")+kept)
	}
	return v.duty(DutyRecordingNotice, "say that the call is recorded before the recording starts"+kept)
}

// recordsRetention: the ledger is the record, and nothing is ever taken out of it.
func recordsRetention(e *evaluation) []Result {
	v := federal("records.retention", EffectWarn, "16 CFR 310.5; 47 CFR 64.1200(d)(6)")
	if e.s.Broken != "" {
		return v.as(EffectBlock).fails("the ledger's chain is broken: the records are incomplete")
	}
	return v.passes("every decision and every call is recorded in the ledger")
}

// paper makes the rule of a document that no machine can see.
func paper(id, citation, what string) func(*evaluation) []Result {
	return func(e *evaluation) []Result {
		v := federal(id, EffectWarn, citation)
		if !e.telemarketing() {
			return v.notApplicable("the call contains no marketing")
		}
		return v.missing("there is no record of " + what)
	}
}
