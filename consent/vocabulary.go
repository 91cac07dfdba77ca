package consent

import (
	"slices"

	"github.com/patchcord/patchcord/phone"
)

// The words that fields of a fact may hold.
var (
	Channels  = []string{VoiceAI, "voice", "voice_prerecorded", "sms", "email", "mail", "chat"}
	Scopes    = []string{AllAutomated, ScopeCategory, ScopePurpose, ScopeSeller, ScopeAffiliate, ScopePlatform}
	LineTypes = []string{"wireless", "residential_landline", "business_landline", "voip", "tollfree", "unknown"}
)

func (e *FieldErrors) state(s string, required bool) {
	switch {
	case s == "" && required:
		e.add("state", "is required, as two capital letters")
	case s != "" && phone.StateZones(s) == nil:
		e.add("state", "must be a state of the US, as two capital letters")
	}
}

// zone looks at where a number is said to be: a zone that the gate can't use would
// hold every call to it.
func (e *FieldErrors) zone(zone, state string) {
	if zone == "" {
		return
	}
	if err := phone.CheckZone(zone); err != nil {
		e.add("zone", "%v", err)
		return
	}
	if zones := phone.StateZones(state); zones != nil && !slices.Contains(zones, phone.ZoneOf(zone)) {
		e.add("zone", "is not one of %s", stateName(state))
	}
}

// wish looks at the zone in which a person, who may be anywhere, wants no calls.
func (e *FieldErrors) wish(zone string) {
	if zone == "" {
		return
	}
	if err := phone.CheckAnyZone(zone); err != nil {
		e.add("zone", "%v", err)
	}
}

// strangers names the fields that have no place in a fact of its type: what is the
// ledger's to say, and what another type says.
func (e *FieldErrors) strangers(f Fact) {
	for _, x := range []struct {
		field string
		there bool
		of    []Type
	}{
		{"tier", f.Tier != "", []Type{Grant}},
		{"purposes", len(f.Purposes) > 0, []Type{Grant, Revoke, DNCAdd}},
		{"channels", len(f.Channels) > 0, []Type{Grant, Revoke, DNCAdd}},
		{"evidence", f.Evidence != nil, []Type{Grant, Revoke, DNCAdd, DNCRemove}},
		{"scope", f.Scope != "", []Type{Revoke, DNCAdd}},
		{"list", f.List != "", []Type{Scrub}},
		{"version_date", f.VersionDate != "", []Type{Scrub}},
		{"result", f.Result != "", []Type{Scrub, Resolve}},
		{"renews", f.Renews != 0, []Type{Grant, DNCRemove, Resolve}},
		{"reason", f.Reason != "", []Type{Grant, DNCRemove, Resolve}},
		{"words", f.Words != "", []Type{OptOutUnclear}},
		{"attestation", f.Attestation != "", nil},
		{"line_type", f.LineType != "", []Type{NumberFact}},
		{"state", f.State != "", []Type{NumberFact, Scrub}},
		{"zone", f.Zone != "", []Type{NumberFact, Preference}},
		{"reassigned", f.Reassigned != "", []Type{NumberFact}},
		{"date_param", f.DateParam != "", []Type{NumberFact}},
		{"facility", f.Facility, []Type{NumberFact}},
		{"litigator", f.Litigator, []Type{NumberFact}},
		{"not_before", f.NotBefore != nil, []Type{Preference}},
		{"after", f.After != "", []Type{Preference}},
		{"before", f.Before != "", []Type{Preference}},
		{"subject", f.Subject != "", []Type{Grant, Revoke, DNCAdd}},
		{"seq", f.Seq != 0, nil},
		{"hash", f.Hash != "", nil},
		{"recorded_at", !f.RecordedAt.IsZero(), nil},
		{"call_id", f.CallID != "", nil},
		{"agent", f.Agent != "", nil},
		{"from", f.From != "", nil},
		{"purpose", f.Purpose != "", nil},
		{"contains_marketing", f.Marketing, nil},
		{"stage", f.Stage != "", nil},
		{"decision", f.Decision != nil, nil},
		{"permit_id", f.PermitID != "" || f.PermitStatus != "", nil},
		{"expires_at", !f.ExpiresAt.IsZero(), nil},
		{"outcome", f.Outcome != "", nil},
		{"first_audio_ms", f.FirstAudioMS != 0 || f.Abandoned, nil},
		{"text_sha256", f.TextSHA256 != "", nil},
		{"trigger", f.Trigger != "", nil},
		{"name", f.Name != "", nil},
		{"why", f.Why != "", nil},
		{"key", f.Key != "" || f.Right != "" || f.Route != "" || f.Person != "" || f.About != "", nil},
		{"rows", f.Rows != nil, nil},
	} {
		switch {
		case !x.there || slices.Contains(x.of, f.Type):
		case x.of == nil:
			e.add(x.field, "is only recorded by the ledger itself")
		default:
			e.add(x.field, "is not a field of %s", f.Type)
		}
	}
}
