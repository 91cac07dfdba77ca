package twilio

import "sync"

// Event is one message from Twilio: [Connected], [Start], a [*Media], [DTMF], [Mark],
// [Stop], [Unknown] or [Malformed], and nothing else.
//
//sumtype:decl
type Event interface{ event() }

func (Connected) event() {}
func (Start) event()     {}
func (*Media) event()    {}
func (DTMF) event()      {}
func (Mark) event()      {}
func (Stop) event()      {}
func (Unknown) event()   {}
func (Malformed) event() {}

// Connected is the first message on a socket. It names neither stream nor call.
type Connected struct {
	Protocol string // "Call"
	Version  string // "1.0.0"
}

// Start says which call the stream belongs to. Twilio sends it once, second; another
// one is delivered again and changes nothing in the [Stream].
type Start struct {
	StreamSID  StreamSID
	AccountSID string
	CallSID    CallSID
	Tracks     []string          // "inbound" for a bidirectional stream
	Params     map[string]string // the <Parameter> elements of the TwiML; may be nil
	Encoding   string            // "audio/x-mulaw"
	SampleRate int               // Hz; 8000
	Channels   int               // 1
}

// Media is a piece of the caller's sound, in practice 20 ms. It comes from a pool:
// whoever is done with it calls Release, and nobody touches it or its Payload after.
type Media struct {
	Track     string // "inbound"
	Chunk     int64  // counts the track's media messages, from 1
	Timestamp int64  // ms since the stream's start, of the first sample
	Payload   []byte // µ-law, 8 kHz, never empty
}

// DTMF is a key that the caller pressed: one of 0-9, *, # and A-D.
type DTMF struct{ Digit string }

// Mark is a mark of ours that came back: the sound before it was played, or flushed
// by a clear.
type Mark struct{ Name string }

// Stop says that the stream has ended. It may be missing when a socket dies.
type Stop struct {
	AccountSID string
	CallSID    CallSID
}

// Unknown is an event of a kind that this package has no name for.
type Unknown struct{ Name string }

// Malformed is a message that is not what Twilio's documentation describes: a binary
// frame, no JSON, bad base64, a missing field. The stream goes on.
type Malformed struct {
	Reason string // what is wrong, fit for a log: it never quotes the message
	Err    error  // the decoder's own words on it, or nil
}

// maxPooled bounds the payloads, in bytes, that the pool keeps: half a second of sound.
const maxPooled = 4000

var mediaPool = sync.Pool{New: func() any { return new(Media) }}

func newMedia() *Media { return mediaPool.Get().(*Media) }

// Release gives m back for reuse. m must not be used afterwards, nor released twice.
func (m *Media) Release() {
	if cap(m.Payload) > maxPooled {
		return
	}
	*m = Media{Payload: m.Payload[:0]}
	mediaPool.Put(m)
}
