package carrier

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Carrier places calls and has them go on, or end. It may be used by many goroutines at
// once. Errors are an [*Error], and hold neither credentials nor telephone numbers.
type Carrier interface {
	// Place uses the permit up, whatever comes of it, and places its call, so that news of
	// the call bears the permit's own id of it ([consent.Permit.CallID]) even if the answer
	// is lost. It asks again only where there certainly is no call, and only while the permit
	// lives and ctx does; what is on its way when ctx ends is waited for.
	Place(ctx context.Context, permit consent.Permit, p Placing) (CallID, error)
	// HangUp ends a call, ringing or answered. Of one that has ended, or is not ours, it is no
	// error. It may be repeated.
	HangUp(ctx context.Context, id CallID) error
	// Cancel ends a call that nobody has answered, so that its state afterwards is [Canceled]
	// and can be told from that of one that was answered.
	Cancel(ctx context.Context, id CallID) error
	// Continue takes a call out of what it does now: its line ends, and it follows the step.
	// Of a call that has ended the error is Gone.
	Continue(ctx context.Context, id CallID, s Step) error
	// Find asks for one call. Of one that is not ours the error is Gone.
	Find(ctx context.Context, id CallID) (Found, error)
	// Search is the newest calls that we placed to a number since a time, give or take a few
	// seconds, also those that do not ring yet.
	Search(ctx context.Context, to phone.Number, since time.Time) ([]Found, error)
}

// Placing is how a call is placed. To whom, and from which number, its permit says.
type Placing struct {
	Detect Detection
	Ring   time.Duration // to let it ring, in whole seconds
	Max    time.Duration // of the whole call, in whole seconds
}

// Detection is how the carrier listens for an answering machine, beside the call: nobody
// waits for its verdict.
type Detection int

// What may be asked for.
const (
	DetectNone        Detection = iota
	DetectMachine               // as soon as it is known: for hanging up
	DetectGreetingEnd           // at the end of the machine's greeting: for leaving a message
)

// Found is a call as its carrier has it.
type Found struct {
	Call  CallID
	From  phone.Party
	State State
}
