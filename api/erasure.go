package api

import "time"

// EraseQuery is the query of DELETE /v1/consent/{number}.
type EraseQuery struct {
	Why     string `query:"why"`     // 1 to 200 bytes; kept in clear, so it must not name the person
	Without string `query:"without"` // an instance that is not waited for, because its disk is gone
}

// ErasureStatus is how far an erasure is.
type ErasureStatus string

// The statuses of an erasure.
const (
	ErasureRunning ErasureStatus = "running" // Waiting says what is not done yet
	ErasureHeld    ErasureStatus = "held"    // a legal hold has stopped it; it goes on when that is released
	ErasureDone    ErasureStatus = "done"
)

// Erasure is the answer of DELETE /v1/consent/{number}, and of GET /v1/consent/erasures/{id}.
type Erasure struct {
	ID         string         `json:"id"`
	Status     ErasureStatus  `json:"status"`
	Why        string         `json:"why"`
	OrderedAt  time.Time      `json:"ordered_at"`
	FinishedAt *time.Time     `json:"finished_at"`   // null until it is done
	Seq        int64          `json:"seq,omitempty"` // the ledger's row that says so
	Hash       string         `json:"hash,omitempty"`
	Erased     map[string]int `json:"erased"`  // how many of what
	Waiting    []string       `json:"waiting"` // for what, while it is running
	Kept       []string       `json:"kept"`    // what stays, and why
}
