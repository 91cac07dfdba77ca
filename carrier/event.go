package carrier

import "sync"

// CallID is a carrier's name for a call. It is unique among all calls of all carriers, and
// holds neither spaces nor control characters.
type CallID string

// Event is what comes over a line: [Start], a [*Media], [Key], [Mark], [Stop], [Malformed]
// or [Unknown], and nothing else.
//
//sumtype:decl
type Event interface{ event() }

func (Start) event()     {}
func (*Media) event()    {}
func (Key) event()       {}
func (Mark) event()      {}
func (Stop) event()      {}
func (Malformed) event() {}
func (Unknown) event()   {}

// Start says which call the line belongs to. It comes once, before any sound.
type Start struct {
	Call    CallID
	Account string // whose it is at the carrier; empty where there are no accounts
	Token   string // of the [Connect] that opened the line; empty if there is none
}

// Media is a piece of the caller's sound, in practice 20 ms. It comes from a pool: whoever
// is done with it calls Release, and nobody touches it or its Payload after.
type Media struct {
	Timestamp int64  // ms since the line's start, of the first sample
	Payload   []byte // in the line's format, never empty
}

// Key is a key that the caller pressed: one of 0-9, *, # and A-D.
type Key struct{ Digit string }

// Mark is a mark of ours that came back: the sound before it was played, or cleared.
type Mark struct{ Name string }

// Stop says that the caller's side ended the line. It may be missing when a line breaks.
type Stop struct{}

// Malformed is a message that can't be read. The line goes on.
type Malformed struct {
	Reason string // what is wrong, fit for a log: it never quotes the message
}

// Unknown is a message that says nothing to us.
type Unknown struct{ Name string }

// maxPooled bounds the payloads, in bytes, that the pool keeps: half a second of sound.
const maxPooled = 4000

var mediaPool = sync.Pool{New: func() any { return new(Media) }}

// NewMedia takes a Media from the pool, for an adapter to fill. Its Payload is empty, with
// the capacity that it had before.
func NewMedia() *Media { return mediaPool.Get().(*Media) }

// Release gives m back for reuse. m must not be used afterwards, nor released twice.
func (m *Media) Release() {
	if cap(m.Payload) > maxPooled {
		return
	}
	m.Timestamp, m.Payload = 0, m.Payload[:0]
	mediaPool.Put(m)
}
