//go:build !386

package tcp

import "time"

// timeout is a deadline that is put off with nearly every message. Its timer is not: it
// goes off when the deadline was once, and is set again for what is left by then.
type timeout struct {
	fire    func() // what the timer calls
	expired bool
	at      time.Time // zero: never
	timer   *time.Timer
	armed   time.Time // when the timer goes off; zero: it doesn't
}

func (t *timeout) set(at time.Time) {
	t.at, t.expired = at, false
	if at.IsZero() || !t.armed.IsZero() && !at.Before(t.armed) {
		return
	}
	left := time.Until(at)
	if t.expired = left <= 0; t.expired {
		return
	}
	if t.armed = at; t.timer == nil {
		t.timer = time.AfterFunc(left, t.fire)
	} else {
		t.timer.Reset(left)
	}
}

// fired says that the timer has gone off.
func (t *timeout) fired() {
	t.armed = time.Time{}
	if t.at.IsZero() || t.expired {
		return
	}
	if left := time.Until(t.at); left > 0 {
		t.armed = t.at
		t.timer.Reset(left)
		return
	}
	t.expired = true
}

func (t *timeout) stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}
