package agent

import (
	"cmp"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// failed deals with an answer that failed: the caller still waits for one.
func (a *realtimeAgent) failed(e *realtime.Error, now *answer) {
	switch class := e.Class(); {
	case class == realtime.Fatal:
		a.lose(e)
		return
	case now.apart: // said again, if at all
	default:
		a.askAgain(class)
	}
	a.emit(Failed{Code: cmp.Or(string(e.Code), "response_failed"), Slug: e.Type})
}

// How often an answer that failed is asked for again, and when.
const (
	triesLimited = 2 // because of a rate limit
	triesServer  = 1 // because of the server's own trouble
	againFirst   = 250 * time.Millisecond
	maxAgain     = 20 * time.Second
)

// askAgain asks once more for an answer that failed, if that may help.
func (a *realtimeAgent) askAgain(class realtime.Class) {
	s, most := &a.slot, 0
	wait := againFirst
	switch class {
	case realtime.RateLimited:
		most = triesLimited
		wait = min(maxAgain, max(againFirst, time.Duration(a.reset*float64(time.Second))))
	case realtime.Retry:
		most = triesServer
	case realtime.Other, realtime.Benign, realtime.Misuse, realtime.Expired, realtime.Fatal:
	}
	if s.tries++; s.tries > most {
		s.tries = 0
		return
	}
	s.wanted, s.notYet = true, time.Now().Add(wait)
}
