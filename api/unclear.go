package api

import (
	"time"

	"github.com/patchcord/patchcord/consent"
)

// UnclearList is the answer of GET /v1/consent/unclear: a page, the oldest first. A page
// may be short, or empty, and have another behind it.
type UnclearList struct {
	Unclear []Unclear `json:"unclear"`
	Next    string    `json:"next,omitempty"` // cursor of the next page; empty on the last
}

// Unclear is a row for which somebody has to decide.
type Unclear struct {
	Kind       consent.HeldFor `json:"kind"`
	Seq        int64           `json:"seq"` // what a resolve, or a grant, names with renews
	Number     string          `json:"number"`
	Seller     string          `json:"seller"`
	Type       consent.Type    `json:"type"`
	OccurredAt time.Time       `json:"occurred_at"`
	Source     string          `json:"source"`
	Words      string          `json:"words,omitempty"`
	Note       string          `json:"note,omitempty"`
	CallID     string          `json:"call_id,omitempty"`
}

// PageQuery is the query of a list that has a cursor alone.
type PageQuery struct {
	Cursor string `query:"cursor"` // Next of an earlier page
}
