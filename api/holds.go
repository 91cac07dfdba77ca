package api

// HoldRequest is the body of POST /v1/consent/holds: it keeps a number, or the person of a
// call, from being erased. It names one of the two.
type HoldRequest struct {
	Number string `json:"number,omitempty"`
	Call   string `json:"call,omitempty"` // a call's id
	Name   string `json:"name"`           // of the matter; kept sealed
	Reason string `json:"reason"`         // kept sealed
	By     string `json:"by,omitempty"`
}

// HoldRelease is the body of POST /v1/consent/holds/{seq}/release.
type HoldRelease struct {
	Reason string `json:"reason"` // kept sealed
	By     string `json:"by,omitempty"`
}

// HoldList is the answer of GET /v1/consent/holds: a page, the oldest first.
type HoldList struct {
	Holds []Hold `json:"holds"`
	Next  string `json:"next,omitempty"` // cursor of the next page; empty on the last
}

// Hold is a legal hold that nobody has released.
type Hold struct {
	Seq      int64  `json:"seq"`
	Number   string `json:"number"`
	CallID   string `json:"call_id,omitempty"` // if it was placed on a call
	Name     string `json:"name"`
	Reason   string `json:"reason"`
	By       string `json:"by,omitempty"`
	PlacedAt string `json:"placed_at"` // RFC 3339, to the second
}
