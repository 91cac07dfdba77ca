package consent

import (
	"encoding/json"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// Type says what a fact tells of.
type Type string

// What people, lists and operators tell the ledger.
const (
	Grant      Type = "grant"       // a person agreed to calls
	Revoke     Type = "revoke"      // a person wants no more of them
	DNCAdd     Type = "dnc_add"     // onto the seller's own do-not-call list
	DNCRemove  Type = "dnc_remove"  // off it, by a new affirmative act of the person
	Scrub      Type = "scrub"       // the number was held against a do-not-call list
	NumberFact Type = "number_fact" // something about the number itself
	Preference Type = "preference"  // when, not whether, a person wants to be called

	OptOutUnclear Type = "optout_unclear" // what the person said may be a refusal: holds until it is resolved
	Resolve       Type = "resolve"        // somebody decided what an unclear refusal meant
)

// What the ledger adds by itself.
const (
	Decided       Type = "decision"       // the gate was asked
	Permitted     Type = "permit"         // a call was allowed; and what became of it
	OpeningPlayed Type = "opening_played" // the opening of a call was heard to its end
	OptOutInCall  Type = "optout_in_call" // a person said or keyed stop during a call
	Erased        Type = "erasure"        // a person's data key was destroyed
	Claimed       Type = "claimed"        // what a dialer outside says became of a call that it had a permit for
	Accessed      Type = "access"         // somebody used a right that is recorded: see [Access]
	PolicyKept    Type = "policy"         // the text of a policy that decisions name
	SellerKept    Type = "seller"         // a seller's record that decisions name
	OpeningKept   Type = "opening"        // the words of an opening that calls name
	Restored      Type = "restored"       // the ledger was an older copy of itself, and was recovered
	Upgraded      Type = "upgrade"        // the rows before this one are from an earlier version
	// a person's data may not be erased until it is released: Name and Reason say why
	LegalHold    Type = "legal_hold"
	HoldReleased Type = "legal_hold_released" // Renews names the hold
	// an operator let a campaign call again that too many abandoned calls had held
	Released Type = "release"
)

// OfLedger tells whether facts of a type are about the ledger and its sellers, not
// about a person: they have no number.
func (t Type) OfLedger() bool {
	switch t {
	case PolicyKept, SellerKept, OpeningKept, Restored, Upgraded, Released, Accessed:
		return true
	}
	return false
}

// Tier is how strong a consent is.
type Tier string

const (
	Express Tier = "express" // prior express consent, oral is enough
	Written Tier = "written" // signed, 47 CFR 64.1200(f)(9)
)

// The words of facts that the rules look at.
const (
	VoiceAI      = "voice_ai"      // the channel that the bridge calls on
	AllAutomated = "all_automated" // the scope of a revocation that says none

	ListNational = "dnc_national"
	ListState    = "dnc_state"

	Yes    = "yes"
	No     = "no"
	NoData = "no_data"

	// Suspected is a word of reassigned: somebody who answered says that it is the wrong
	// number. Like a yes it voids the consents before it.
	Suspected = "suspected"

	// What became of a permit.
	PermitMinted   = "minted"
	PermitReleased = "released" // no telephone ever rang: the attempt does not count
	PermitEnded    = "ended"    // the call is over, with Outcome

	StageDial   = "dial"   // a decision made before the call is placed
	StageAnswer = "answer" // one made when it is answered
)

// Fact is one row of the ledger. Which fields are filled depends on its Type;
// [Fact.Validate] says so. Its JSON is the wire's, without the number: that is
// added by [Encode], for the ledger and the operator alone.
type Fact struct {
	Seq        int64     `json:"seq,omitempty"`  // its place in the ledger; 0 until it is recorded
	Hash       string    `json:"hash,omitempty"` // of the row and all before it, in hex
	RecordedAt time.Time `json:"recorded_at,omitzero"`

	Type   Type         `json:"type"`
	Number phone.Number `json:"-"`
	// its name in the configuration; for facts of the number alone, whoever asked
	Seller     string    `json:"seller,omitempty"`
	OccurredAt time.Time `json:"occurred_at,omitzero"`
	// 2006-01-02, if only the day is known; OccurredAt is then [NoonOf] it
	OccurredOn string `json:"occurred_on,omitempty"`
	Source     string `json:"source,omitempty"` // web_form, phone, sms, email, import, carrier_lookup, …
	Actor      string `json:"actor,omitempty"`  // who wrote it down: api, cli, call, sms
	Via        Via    `json:"via,omitempty"`    // the route by which it came, as the server knows it
	By         string `json:"by,omitempty"`     // the operator who did it
	Note       string `json:"note,omitempty"`   // personal: kept sealed

	// grant
	Tier     Tier      `json:"tier,omitempty"`
	Purposes []Purpose `json:"purposes,omitempty"`
	Channels []string  `json:"channels,omitempty"`
	Evidence *Evidence `json:"evidence,omitempty"`

	// grant, dnc_remove, resolve, legal_hold_released
	// the Seq of the refusal or the legal hold that it lifts, or of the unclear one that it resolves
	Renews int64  `json:"renews,omitempty"`
	Reason string `json:"reason,omitempty"` // why an operator did so; personal: kept sealed

	// Attestation is how far the carrier vouches for the caller's number (STIR), as
	// Twilio says it: TN-Validation-Passed-A and others.
	Attestation string `json:"attestation,omitempty"`

	// revoke
	Scope string `json:"scope,omitempty"`

	// scrub
	List        string `json:"list,omitempty"`
	VersionDate string `json:"version_date,omitempty"` // of the list, as 2006-01-02
	Result      string `json:"result,omitempty"`

	// number_fact; State belongs to a scrub of a state's list, too
	// wireless, residential_landline, business_landline, voip, tollfree, unknown
	LineType   string `json:"line_type,omitempty"`
	State      string `json:"state,omitempty"` // two letters
	Zone       string `json:"zone,omitempty"`  // IANA
	Reassigned string `json:"reassigned,omitempty"`
	DateParam  string `json:"date_param,omitempty"` // the date that the reassigned-numbers database was asked about
	Facility   bool   `json:"facility,omitempty"`   // a hospital room, an emergency line: 47 CFR 64.1200(a)(1)
	Litigator  bool   `json:"litigator,omitempty"`

	// preference
	NotBefore *time.Time `json:"not_before,omitempty"` // no call until then
	After     string     `json:"after,omitempty"`      // 15:04 in the person's zone: no call before
	Before    string     `json:"before,omitempty"`     // 15:04: no call from then on

	// What belongs to a call.
	CallID    string    `json:"call_id,omitempty"`
	Agent     string    `json:"agent,omitempty"`
	From      string    `json:"from,omitempty"` // our own number
	Purpose   Purpose   `json:"purpose,omitempty"`
	Marketing bool      `json:"contains_marketing,omitempty"`
	Subject   string    `json:"subject,omitempty"`
	Stage     string    `json:"stage,omitempty"` // of a decision
	Decision  *Decision `json:"decision,omitempty"`

	// Inputs is what a decision was made from, beside what is kept elsewhere: see
	// [Replay]. Personal: kept sealed.
	Inputs json.RawMessage `json:"inputs,omitempty"`

	// permit
	PermitID     string    `json:"permit_id,omitempty"`
	PermitStatus string    `json:"permit_status,omitempty"`
	ExpiresAt    time.Time `json:"expires_at,omitzero"`
	Outcome      string    `json:"outcome,omitempty"`        // of the call, in the call log's words
	FirstAudioMS int64     `json:"first_audio_ms,omitempty"` // answer to first sound
	// a person answered and heard nothing for 2 s: 47 CFR 64.1200(a)(7)
	Abandoned bool `json:"abandoned,omitempty"`

	// opening_played, optout_in_call
	TextSHA256 string `json:"text_sha256,omitempty"`
	Trigger    string `json:"trigger,omitempty"` // key, speech, tool
	Words      string `json:"words,omitempty"`   // what was said; personal: kept sealed

	// legal_hold
	Name string `json:"name,omitempty"` // of the matter; personal: kept sealed

	// erasure, restored
	Why string `json:"why,omitempty"`

	// access
	Key    string `json:"key,omitempty"`    // the name of the API key
	Right  string `json:"right,omitempty"`  // that it used
	Route  string `json:"route,omitempty"`  // with its parameters by name
	About  string `json:"about,omitempty"`  // another key's name
	Person string `json:"person,omitempty"` // stands for a number, in hex: the token of its rows

	// upgrade, restored
	Rows *Rows `json:"rows,omitempty"`
}

// Rows is a range of the ledger's rows that a fact is about: those of before an
// upgrade, or those that a restored copy had lost.
type Rows struct {
	From int64  `json:"from"`
	To   int64  `json:"to"`
	Head string `json:"head"` // hash of the last of them, hex
}

// Evidence is what shows that a grant was given. All of it is personal and kept
// sealed. 47 CFR 64.1200(f)(9); 16 CFR 310.5(a)(8).
type Evidence struct {
	Method     string `json:"method,omitempty"`
	Text       string `json:"text,omitempty"` // exactly what the person agreed to
	URL        string `json:"url,omitempty"`
	IP         string `json:"ip,omitempty"`
	UserAgent  string `json:"user_agent,omitempty"`
	Signature  string `json:"signature,omitempty"`
	VerifiedBy string `json:"verified_by,omitempty"` // how it was verified that the number is the person's
}
