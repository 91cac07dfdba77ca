package call

import (
	"time"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/expression"
	"github.com/patchcord/patchcord/recording"
)

// tap lets all that listens to a call's sound hear the stream. Here, and nowhere else, is what does.
func (s *stream) tap(r *recording.Recorder, o *expression.Observer, outbound bool) {
	if r != nil {
		s.taps = append(s.taps, recordingTap{r})
	}
	if o != nil {
		s.taps = append(s.taps, expressionTap{o})
	}
	if outbound {
		t := &toneTap{found: make(chan amd.Sound, maxSounds)}
		s.sounds, s.taps = t.found, append(s.taps, t)
	}
	s.play.Taps = s.taps
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
