package consent

import (
	"slices"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// Purpose is what a call is for. It picks the tier of consent that is needed.
type Purpose string

const (
	Telemarketing   Purpose = "telemarketing"
	Informational   Purpose = "informational"
	Emergency       Purpose = "emergency"
	Healthcare      Purpose = "healthcare_hipaa"
	PackageDelivery Purpose = "package_delivery"
	FinancialAlert  Purpose = "financial_alert"
	Nonprofit       Purpose = "nonprofit"
	DebtCollection  Purpose = "debt_collection"
	Research        Purpose = "research"
	Political       Purpose = "political"
)

// Purposes is all of them.
var Purposes = []Purpose{Informational, Telemarketing, Emergency, Healthcare, PackageDelivery, FinancialAlert,
	Nonprofit, DebtCollection, Research, Political}

// Seller is on whose behalf a call is made. Consent belongs to it.
type Seller struct {
	Name           string // in the configuration
	LegalName      string
	RegisteredName string // as registered with the state; said first on every call
	Callback       phone.Number
	TollfreeOptout phone.Number

	// Names are those of the ledger's sellers that a person takes for one caller: its
	// own, its earlier ones, and those of one legal entity or group. Refusals and caps
	// hold for all of them. Defaults to its own.
	Names []string

	// Keys are those of Names that are this very legal person: its own, its earlier ones,
	// and those of the same legal name. Consents belong to these alone. Defaults to its own.
	Keys []string

	// Group is the affiliates that it belongs to, as the configuration names them. With
	// none, it may belong to any.
	Group string

	// Known are all names that the configuration has, in order: its sellers' keys and
	// earlier keys. Nil if nobody says.
	Known []string
}

// Is tells whether a fact's seller is this one, or one that a person takes for it. A name
// that the configuration doesn't have may be either: another instance may run with a file in
// which this very seller has another key. So a refusal that was said to it binds, and its
// calls count.
func (s Seller) Is(name string) bool {
	if name == s.Name || slices.Contains(s.Names, name) {
		return true
	}
	if name == "" || s.Known == nil {
		return false
	}
	_, known := slices.BinarySearch(s.Known, name)
	return !known
}

// Owns tells whether a fact's seller is this very legal person.
func (s Seller) Owns(name string) bool { return name == s.Name || slices.Contains(s.Keys, name) }

// Location is where the person called is, as whoever asks for the call says it.
type Location struct {
	State string `json:"state,omitempty"` // two letters
	Zone  string `json:"zone,omitempty"`  // IANA
}

// Request is a call that somebody wants to place.
type Request struct {
	CallID    string // ours
	To, From  phone.Number
	Agent     string
	Seller    Seller
	Purpose   Purpose
	Marketing bool // one promotional sentence makes the whole call telemarketing
	Subject   string
	Location  Location
	Exemption string // of those that the policy has switched on; empty for none

	// FromSeller is the seller whose agent answers calls to From; empty if From is
	// no number of ours. A number that nobody answers takes no opt-outs.
	FromSeller string

	// AtAnswer is a call that was placed and has been answered: it counts itself in
	// no cap, and has its permit.
	AtAnswer bool

	// Voicemail tells that a message would be left on a machine.
	Voicemail bool

	// Kept tells that the sound of the call is kept in a file.
	Kept bool
}

// Snapshot is what the ledger knows at one instant: the facts of the number, in
// the order of their Seq, and how it stands itself. Decisions are not among the
// facts: no rule looks at what was decided before, however often that was.
type Snapshot struct {
	AsOf  int64 // the newest row of the ledger
	Facts []Fact

	Broken     string        // what of the ledger, or of the person's rows, does not verify; empty if all does
	Lost       string        // that rows are missing, because the ledger is an older copy of itself; empty if none are
	RestoredAt int64         // the row that says it was recovered from an older copy; 0 for never
	VerifiedAt time.Time     // when the whole chain was last computed here; zero for not yet
	AnchoredAt time.Time     // when the head was last written down outside of its table; zero for never
	OutsideAt  time.Time     // when it was last copied where the database's owner can't reach it; zero for never
	ClockSkew  time.Duration // between this machine and the ledger's

	// CarrierSkew is how far this machine's clock is ahead of the carrier's.
	CarrierSkew time.Duration
	Campaign    Calls // of the request's campaign

	// Calls is where a gate finds the last one. It is shared by snapshots: do not change it.
	Calls map[Campaign]Calls `json:"-"`
}
