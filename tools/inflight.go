package tools

import (
	"errors"
	"fmt"
)

var errClosed = errors.New("the registry is closed")

// enter takes a place for one handler, or says why there is none.
func (r *Registry) enter(callID string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed:
		return errClosed
	case r.running[callID] >= r.config.MaxPerCall:
		return &Error{Say: sayBusy, Err: fmt.Errorf("%d tools of this call are in flight already", r.config.MaxPerCall)}
	case r.total >= r.config.MaxTotal:
		return &Error{Say: sayBusy, Err: fmt.Errorf("%d tools are in flight already", r.config.MaxTotal)}
	}
	r.running[callID]++
	r.total++
	return nil
}

// leave gives the place back.
func (r *Registry) leave(callID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[callID]--; r.running[callID] == 0 {
		delete(r.running, callID)
	}
	r.total--
	r.signalIdle()
}

// signalIdle wakes Close once nothing runs. r.mu is held.
func (r *Registry) signalIdle() {
	if r.closed && r.total == 0 {
		close(r.idle)
	}
}
