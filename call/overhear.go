package call

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/media"
)

// Bounds of listening for a machine's sounds, on a call that we placed.
const (
	overhearFor = 80_000 * bytesPerMS // of sound: Twilio's verdict comes within 59 s, and the wait after it is over 20 s later
	quietAfter  = 3_000 * bytesPerMS  // of silence is the end of a greeting
)

// lineSound is something that was heard on the line: the end of a beep, or that silence
// has lasted for [quietAfter] (quiet), or that it is over.
type lineSound struct {
	beep  media.Tone
	over  bool // a beep
	quiet bool
}

// overhearing listens to the caller's sound on the goroutine that reads it, beside
// whatever way the sound takes to the agent, and tells run only what it has found. The
// zero overhearing, that of a call that came in, hears nothing and costs nothing.
type overhearing struct {
	found chan lineSound // to run; nil for none

	// readCaller's alone.
	left  int // bytes to be listened to
	quiet bool
	beep  media.Beep
}

// begin lets it listen. Call it before anything is heard.
func (o *overhearing) begin() { o.found, o.left = make(chan lineSound, 4), overhearFor }

// hear takes a frame. What it finds waits for run, as the caller's other events do.
func (o *overhearing) hear(ctx context.Context, ulaw []byte) {
	if o.left <= 0 {
		return
	}
	o.left -= len(ulaw)
	if t, over := o.beep.Add(ulaw); over {
		o.tell(ctx, lineSound{beep: t, over: true})
	}
	if quiet := o.left > 0 && o.beep.Quiet() >= quietAfter; quiet != o.quiet {
		o.quiet = quiet
		o.tell(ctx, lineSound{quiet: quiet})
	}
}

func (o *overhearing) tell(ctx context.Context, s lineSound) {
	select {
	case o.found <- s:
	case <-ctx.Done():
	}
}

// length is how long a tone was.
func length(t media.Tone) time.Duration { return span(t.Length) }
