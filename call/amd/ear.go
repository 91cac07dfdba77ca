package amd

import (
	"time"

	"github.com/patchcord/patchcord/media"
)

// Bounds of listening for a machine's sounds.
const (
	bytesPerMS = media.Rate / 1000
	listenFor  = 80_000 * bytesPerMS // of sound: a verdict comes within 59 s, its wait ends 20 s later
	quietAfter = 3_000 * bytesPerMS  // of silence is the end of a greeting
)

// Sound is something that was heard on the line: the end of a beep, or that the line has been silent for 3 s (Quiet),
// or that it no longer is (neither).
type Sound struct {
	Beep  *Tone // nil if it is no beep
	Quiet bool
}

// ToneDetector listens to a line for beeps and silence: the first 80 s of sound after the answer. The zero value is
// ready. It has no clock; one goroutine may use it.
type ToneDetector struct {
	heard int // bytes
	quiet bool
	beep  Beep
}

// Add hears more of the line, µ-law at 8 kHz, and gives what it finds to found.
func (d *ToneDetector) Add(ulaw []byte, found func(Sound)) {
	if d.heard >= listenFor {
		return
	}
	d.heard += len(ulaw)
	if t, over := d.beep.Add(ulaw); over {
		found(Sound{Beep: &t})
	}
	if quiet := d.heard < listenFor && d.beep.Quiet() >= quietAfter; quiet != d.quiet {
		d.quiet = quiet
		found(Sound{Quiet: quiet})
	}
}

// Duration is how long a tone lasted.
func (t Tone) Duration() time.Duration { return time.Duration(t.Length) * time.Second / media.Rate }
