package carrier

// Error is what a [Carrier] could not do.
type Error struct {
	Op        string // such as "place"
	Ambiguous bool   // of Place: there may be a call all the same. Search for it, don't place it again
	Gone      bool   // the call has ended, or is not ours
	Fault     Fault
	Code      int    // the carrier's own, 0 if it gave none
	Refusal   string // what the carrier answered, in a sentence fit for a log; empty if it did not
	Err       error
}

// Fault is whose failure it was.
type Fault int

// The faults.
const (
	FaultNone    Fault = iota // nobody's that is known: the carrier was not asked, or we ended it
	FaultCarrier              // the carrier's, or of our account there: the next call will very likely meet it too
	FaultNumber               // of the number called: no other try will reach it
)

func (e *Error) Error() string { return "carrier: " + e.Op + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }
