package carrier

import (
	"time"

	"github.com/patchcord/patchcord/phone"
)

// Step is what a call does next: [Connect], [Reject], [HangUp], [Say], [Transfer], [Screen],
// [Join] or a [Document], and nothing else.
//
//sumtype:decl
type Step interface{ step() }

func (Connect) step()  {}
func (Reject) step()   {}
func (HangUp) step()   {}
func (Say) step()      {}
func (Transfer) step() {}
func (Screen) step()   {}
func (Join) step()     {}
func (Document) step() {}

// Connect opens a [Line] to us until it is closed. Then the carrier asks what comes next.
type Connect struct {
	Token  string // comes back in the line's [Start]; good for one use, since carriers keep logs
	Digits string // keys pressed for the far end to hear before: 0-9 * #, w and W for pauses of 0.5 s and 1 s
}

// Reject refuses a call that was not answered.
type Reject struct {
	Busy bool // the caller hears the busy tone; else that the number is not in service
}

// HangUp ends the call.
type HangUp struct{}

// Say speaks a sentence, calls a number, and ends the call then. Either may be empty and is
// left out.
type Say struct {
	Text string
	Then phone.Party // E.164
}

// Transfer puts the caller through. The caller hears it ring until the two are joined. Then,
// or if nobody takes it, the carrier asks what comes next, with a [TransferResult].
type Transfer struct {
	To       phone.Number
	CallerID phone.Party   // what that telephone shows; empty for the number of who called
	Ring     time.Duration // in whole seconds

	// Call, our id of it, and Try, the number of this attempt from 1, come back with the
	// carrier's questions about whoever answers.
	Call     string
	Try      int
	Screened bool // whoever answers hears a [Screen] first; else the two are joined at once
}

// Screen is what somebody hears to whom a call is put through, before they are joined with
// the caller: a key takes the call, which the carrier tells us and [Join] answers. Without
// one within Patience after the sentence they are hung up on, so that no answering machine
// takes the call.
type Screen struct {
	Text     string
	Call     string // as in the [Transfer]
	Try      int
	Patience time.Duration // in whole seconds
}

// Join joins whoever took a call with the caller.
type Join struct{}

// Document is a step in the words of one carrier, answered as it is: what an instance of an
// older version prepared.
type Document struct{ Text string }
