package twiliotest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Call is one telephone call, as the caller and Twilio have it. Its methods may be used
// by many goroutines at once.
type Call struct {
	SID, From, To string

	phone  *Phone
	ctx    context.Context // ends with the call
	cancel context.CancelFunc
	done   chan struct{} // closed when all is over
	knock  chan struct{} // says that next is there; one at most
	tells  sync.WaitGroup
	out    *outbound // nil of a call that the caller made

	mu       sync.Mutex // guards what follows
	status   string     // Twilio's CallStatus
	endedBy  string     // "" while the call lives
	answered time.Time  // zero before
	next     *document  // TwiML that takes the call over; nil if there is none
	followed []Verb
	faults   []string
	dialEnds []DialEnd // of the next <Dial>s
	dialled  []Dialled
	played   []string // digits
	stream   *stream  // the newest; nil before the first

	// The line, since the first stream's start. It is kept over streams.
	began   time.Time
	playout playout
	heard   []byte
	said    []byte
	speech  speech
	frame   int // bytes in a media message
	lost    int // frames that are yet to be dropped
	hold    bool
	held    []string // marks that were reached while hold is on

	timeline []Moment
	changed  chan struct{} // closed and replaced by each moment
}

func newCall(ctx context.Context, p *Phone, from, to string) *Call {
	c := &Call{
		SID: sid("CA"), From: from, To: to, phone: p, status: "ringing", frame: frameBytes,
		dialEnds: slices.Clone(p.Dials),
		done:     make(chan struct{}), knock: make(chan struct{}, 1), changed: make(chan struct{}),
	}
	c.ctx, c.cancel = context.WithCancel(ctx)
	return c
}

// Done is closed when the call is over and nothing of it is left running. Status
// callbacks have been answered by then.
func (c *Call) Done() <-chan struct{} { return c.done }

// Ended says who or what ended the call: "caller", "hangup", "reject", "rest",
// "end of TwiML", "lost". It is "" while the call lives.
func (c *Call) Ended() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.endedBy
}

// HangUp is the caller hanging up. It does not wait; see Done.
func (c *Call) HangUp() { c.end("caller", "completed") }

// Lose is a line that breaks: the socket is gone without a word, and the call over.
func (c *Call) Lose() { c.end("lost", "completed") }

// CutStream breaks the media socket alone, without a word; the call goes on with its
// TwiML.
func (c *Call) CutStream() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream != nil {
		c.stream.ws.NetConn().Close()
	}
}

// end ends the call once; the first word counts.
func (c *Call) end(by, status string) {
	c.mu.Lock()
	if c.endedBy == "" {
		c.endedBy, c.status = by, status
	}
	c.mu.Unlock()
	c.cancel()
}

// takeOver replaces what the call is doing by new TwiML. It is false if the call is over.
func (c *Call) takeOver(doc document) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.endedBy != "" {
		return false
	}
	c.next = &doc
	select {
	case c.knock <- struct{}{}:
	default:
	}
	return true
}

// taken returns the TwiML that takes the call over from doc, once, or doc.
func (c *Call) taken(doc document) document {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		return doc
	}
	doc, c.next = *c.next, nil
	select {
	case <-c.knock:
	default:
	}
	return doc
}

// isTaken reports whether TwiML is waiting to take the call over.
func (c *Call) isTaken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next != nil
}

// Followed is every verb that Twilio has come to, in order.
func (c *Call) Followed() []Verb {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.followed)
}

// Faults is what real Twilio would have reported about the product, each with its error
// code. A call that went well has none.
func (c *Call) Faults() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.faults)
}

func (c *Call) fault(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// SendRaw sends a message of any kind on the media socket.
func (c *Call) SendRaw(text string) error { return c.onStream(func(s *stream) { s.write(text) }) }

// Press is the caller pressing a key: one of 0-9, *, #.
func (c *Call) Press(digit string) error {
	return c.onStream(func(s *stream) {
		s.send("dtmf", `"dtmf":{"track":"inbound_track","digit":%s}`, strconv.Quote(digit))
		c.record(Moment{Event: DTMF, Name: digit})
	})
}

// ErrNoStream is what needs a media stream returns while there is none.
var ErrNoStream = errors.New("twiliotest: the call has no media stream at the moment")

func (c *Call) onStream(do func(*stream)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream == nil || c.stream.over() {
		return ErrNoStream
	}
	do(c.stream)
	return nil
}

// StreamSID is the newest media stream's; "" before the first.
func (c *Call) StreamSID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream == nil {
		return ""
	}
	return c.stream.sid
}

// Params is what the TwiML gave the newest media stream; nil before the first.
func (c *Call) Params() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream == nil {
		return nil
	}
	return c.stream.params
}
