package call

import (
	_ "embed"
	"time"

	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/media"
)

// A holding line tells the caller that somebody is still there while the agent
// is not. It never begins while the agent's last words still play, and it is
// cut when the agent speaks again.
const (
	holdAfterLoss  = time.Second     // a quick reconnection passes unnoticed
	holdAfterStart = 3 * time.Second // an agent that is slow to come
	holdPause      = 2 * time.Second // between two lines: never 5 s of dead air
)

//go:embed holding.wav
var holdingWAV []byte

// holdingLine is the line in µ-law, converted once.
var holdingLine = lazily(func() []byte {
	ulaw, err := media.ReadClip(holdingWAV)
	if err != nil {
		panic("internal error: call: the embedded holding line: " + err.Error())
	}
	return ulaw
})

// holds tells whether the caller has to be held: nobody is there to speak.
func (s *stream) holds(machine, outbound bool) bool {
	if machine {
		return false // a machine need not be held
	}
	if s.opening.running() && (outbound || !s.opening.awaitsAgent()) {
		return false // to whom we called nobody speaks before the opening
	}
	return s.link.agent == nil
}

// hold plays the holding line if it is time for it.
func (s *stream) hold(now time.Time) {
	if now.Before(later(s.holdAt, s.play.Dry)) {
		return
	}
	line := &leg.Segment{Quiet: true}
	s.holding = line
	s.play.Begin(line)
	s.play.Add(line, holdingLine(), now)
	line.Ended = true
	s.holdAt = now.Add(leg.Span(len(holdingLine())) + holdPause)
}

// stopHolding cuts the holding line because the agent speaks.
func (s *stream) stopHolding(now time.Time) (cut []*leg.Segment, err error) {
	h := s.holding
	s.holding = nil
	if h == nil || h.Complete() {
		return nil, nil
	}
	if s.play.Drop(func(x *leg.Segment) bool { return x == h }); h.Sent == 0 {
		return nil, nil
	}
	live, err := s.play.Clear(now)
	for _, x := range live {
		if x.Sent == 0 { // announced by its text; its sound is what cuts the line
			s.play.Begin(x)
		}
	}
	return live, err
}
