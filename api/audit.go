package api

import "time"

// AuditFilter is the query of GET /v1/audit; its zero value takes the newest.
type AuditFilter struct {
	Call   string    `query:"call"`   // a call's id
	Cursor string    `query:"cursor"` // Next of an earlier page
	Key    string    `query:"key"`    // a key's name
	Limit  int       `query:"limit"`  // 1 to 1000
	Number string    `query:"number"`
	Right  string    `query:"right"`
	Since  time.Time `query:"since"`
}

// Access is one row of who did what.
type Access struct {
	Seq     int64     `json:"seq"` // of its row in the ledger
	At      time.Time `json:"at"`
	Key     string    `json:"key"`
	Right   string    `json:"right"`
	Route   string    `json:"route"`
	CallID  string    `json:"call_id,omitempty"`
	Person  string    `json:"person,omitempty"` // stands for a number: the token of its rows
	About   string    `json:"about,omitempty"`  // the name of a key that was made or revoked
	Outcome string    `json:"outcome"`          // granted or refused
}

// AccessList is the answer of GET /v1/audit: a page, the newest first. A page may be short
// and have another behind it.
type AccessList struct {
	Accesses []Access `json:"accesses"`
	Next     string   `json:"next,omitempty"` // cursor of the next page; empty on the last
}
