package api

import (
	"encoding/json"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// Event is one fact for the ledger: the body of POST /v1/consent/events, or one of an array.
// Which fields belong to which type, docs/CONSENT.md says. Times are RFC 3339, or a date of
// which nothing more is known.
type Event struct {
	Type       consent.Type `json:"type"`
	Number     string       `json:"number"`
	Seller     string       `json:"seller,omitempty"`
	OccurredAt string       `json:"occurred_at,omitempty"` // a time, or a date
	Source     string       `json:"source,omitempty"`      // web_form, phone, paper, …
	Actor      string       `json:"actor,omitempty"`       // defaults to api
	Note       string       `json:"note,omitempty"`        // kept sealed

	Tier     consent.Tier      `json:"tier,omitempty"`
	Purposes []consent.Purpose `json:"purposes,omitempty"`
	Channels []string          `json:"channels,omitempty"`
	Subject  string            `json:"subject,omitempty"`
	Evidence *consent.Evidence `json:"evidence,omitempty"`

	Scope string `json:"scope,omitempty"`

	List        string `json:"list,omitempty"`
	VersionDate string `json:"version_date,omitempty"` // 2026-11-22
	Result      string `json:"result,omitempty"`

	LineType   string `json:"line_type,omitempty"`
	State      string `json:"state,omitempty"`      // two letters
	Zone       string `json:"zone,omitempty"`       // IANA
	Reassigned string `json:"reassigned,omitempty"` // yes, no, no_data
	DateParam  string `json:"date_param,omitempty"` // the date that was asked about
	Facility   bool   `json:"facility,omitempty"`
	Litigator  bool   `json:"litigator,omitempty"`

	NotBefore string `json:"not_before,omitempty"` // a time, or a date
	After     string `json:"after,omitempty"`      // 15:04
	Before    string `json:"before,omitempty"`

	Renews int64  `json:"renews,omitempty"` // the seq of the row that it lifts or resolves
	Reason string `json:"reason,omitempty"` // kept sealed
	By     string `json:"by,omitempty"`
	Words  string `json:"words,omitempty"` // kept sealed
}

// EventsQuery is the query of POST /v1/consent/events.
type EventsQuery struct {
	DryRun bool `query:"dry_run"` // look whether they could be recorded, and record nothing
}

// Intent is a call that might be placed: the body of POST /v1/consent/check, or one of
// several. It is decided for now, or for the time that it says; At and DueAt are the same.
type Intent struct {
	At    *time.Time `json:"at,omitempty"`
	DueAt *time.Time `json:"due_at,omitempty"`
	CallRequest
}

// Intents is the body of POST /v1/consent/check for 1 to 1000 calls.
type Intents struct {
	Intents []Intent `json:"intents"`
}

// Decisions is the answer to Intents, in their order.
type Decisions struct {
	Decisions []consent.Decision `json:"decisions"`
}

// History is the answer of GET /v1/consent/{number}.
type History struct {
	Number  string                   `json:"number"`
	State   consent.State            `json:"state"`   // the worst of all sellers'
	Sellers map[string]consent.State `json:"sellers"` // each seller's
	Events  []json.RawMessage        `json:"events"`  // the oldest first, each a consent.Fact; see Facts
}

// Facts is the events as facts of the ledger.
func (h History) Facts() ([]consent.Fact, error) {
	facts := make([]consent.Fact, len(h.Events))
	for i, raw := range h.Events {
		var err error
		if facts[i], err = consent.Decode(raw); err != nil {
			return nil, err
		}
	}
	return facts, nil
}

// ExportFilter is the query of GET /v1/consent/export; its zero value takes all rows.
type ExportFilter struct {
	From   int64  `query:"from"`   // the first row, from 1
	Linked bool   `query:"linked"` // with the sums of the other rows
	Number string `query:"number"`
	Sealed bool   `query:"sealed"` // without what is personal
	Seller string `query:"seller"`
	Until  int64  `query:"until"` // the last row
}

// LinkRequest is the body of POST /v1/consent/links.
type LinkRequest struct {
	Number   string            `json:"number"`
	Seller   string            `json:"seller"`
	Renews   int64             `json:"renews"` // the seq of the refusal that a confirmation lifts
	Purposes []consent.Purpose `json:"purposes"`
}

// LinkSent is the answer of POST /v1/consent/links. The link itself went to the person alone.
type LinkSent struct {
	ExpiresAt time.Time `json:"expires_at"`
}
