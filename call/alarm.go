package call

import "time"

// alarm wakes run at a time that is set anew after every event. A timer's own
// channel would enter and leave the runtime's heap with each select, fifty times
// a second; this one is touched only when the time changes.
type alarm struct {
	C     chan struct{}
	timer *time.Timer
	at    time.Time
}

func newAlarm() *alarm {
	a := &alarm{C: make(chan struct{}, 1)}
	a.timer = time.AfterFunc(time.Hour, func() {
		select {
		case a.C <- struct{}{}:
		default: // it rings already
		}
	})
	return a
}

// set makes it ring at a time; zero for never.
func (a *alarm) set(at, now time.Time) {
	if at.Equal(a.at) && now.Before(at) {
		return
	}
	if a.at = at; at.IsZero() {
		a.timer.Stop()
		return
	}
	a.timer.Reset(at.Sub(now))
}

func (a *alarm) stop() { a.timer.Stop() }
