package carrier

import "context"

// Line is the media of one call: the caller's sound and keys in, ours out.
//
// One goroutine calls Receive. One, the same or another, calls SendMedia, SendMark and
// Clear, each of which takes at most about 2 s, however dead the line is. Close and Format
// may be called from anywhere, beside both.
type Line interface {
	// Format is the sound that the line carries, both ways.
	Format() Format
	// Receive returns what comes next. A message that can't be read is an event too
	// ([Malformed], [Unknown]); an error means that nothing more can be read, now or later.
	// It wraps io.EOF if the far side closed the line in good order, net.ErrClosed after
	// Close, and the cause of ctx if ctx is done, which ends reading for good.
	Receive(ctx context.Context) (Event, error)
	// SendMedia appends sound to what is played to the caller. Any length may be sent, and
	// faster than it plays. It keeps nothing of sound. After an error nothing more can be sent.
	SendMedia(sound []byte) error
	// SendMark puts a mark behind the sound sent so far. It returns as a [Mark] when it gets
	// there, at once if nothing is left to play, or when Clear takes the sound away. The name
	// is not empty, and unique on the line.
	SendMark(name string) error
	// Clear drops all sound that was not yet played. The marks in it come back.
	Clear() error
	// Close ends the line; the call goes on with the step that its carrier asks for. Receive
	// and sends under way return errors. It must be called, also after an error; a second
	// Close does nothing and returns nil.
	Close(Closing) error
}

// Format is how sound is written.
type Format struct {
	Encoding Encoding
	Rate     int // Hz
}

// Encoding is the code of samples.
type Encoding string

// ULaw is G.711 µ-law, headerless, one byte a sample, mono.
const ULaw Encoding = "mulaw"

// Telephony is the format of the telephone network: µ-law at 8 kHz.
var Telephony = Format{ULaw, 8000}

// Closing is why we close a line.
type Closing int

// The reasons.
const (
	Done    Closing = iota // the call is over, or goes on without a line
	Refused                // whoever opened the line may not
)
