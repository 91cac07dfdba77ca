package consent

import "time"

// Anchor is a row of the ledger that was written down elsewhere: what is cut off the
// ledger later, or put in its place, is found by it.
type Anchor struct {
	Seq  int64     `json:"seq"`
	Hash string    `json:"hash"` // hex
	At   time.Time `json:"anchored_at"`
}
