package call

import (
	"time"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/expression"
	"github.com/patchcord/patchcord/recording"
)

// tap lets all that listens to the call's sound hear a new stream. Here, and nowhere else, is what does.
func (c *Call) tap() {
	c.beginTape(c.profile.Record, &c.journal, c.started)
	c.observed.begin(c.profile.Expression, c.journal.privacy.on)
	if c.tape != nil {
		c.taps = append(c.taps, recordingTap{c.tape})
	}
	if c.observed.observer != nil {
		c.taps = append(c.taps, expressionTap{c.observed.observer})
	}
	if c.outbound() {
		t := &toneTap{found: make(chan amd.Sound, maxSounds)}
		c.sounds, c.taps = t.found, append(c.taps, t)
	}
	c.play.Taps = c.taps
}

// recordingTap records both sides.
type recordingTap struct{ *recording.Recorder }

func (t recordingTap) Agent(p leg.Piece) {
	if !p.Private {
		t.Recorder.Agent(p.ULaw, p.Due, p.Way)
	}
}

// expressionTap measures the caller, and knows when the agent is heard.
type expressionTap struct{ *expression.Observer }

func (t expressionTap) Caller(_ int64, ulaw []byte, read time.Time) { t.Observer.Caller(ulaw, read) }
func (t expressionTap) Agent(p leg.Piece)                           { t.Observer.Agent(p.Due, leg.Span(len(p.ULaw))) }

// maxSounds is how many sounds wait for run. They come some seconds apart: when run has not looked for so long, the
// line has other troubles, and a further one is dropped.
const maxSounds = 16

// toneTap hears the sounds by which machines are known.
type toneTap struct {
	found    chan amd.Sound // to run
	detector amd.ToneDetector
}

func (t *toneTap) Caller(_ int64, ulaw []byte, _ time.Time) {
	t.detector.Add(ulaw, func(s amd.Sound) {
		select {
		case t.found <- s:
		default:
		}
	})
}

func (t *toneTap) Agent(leg.Piece) {}
func (t *toneTap) Cut(time.Time)   {}
