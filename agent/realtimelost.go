package agent

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/realtime"
)

// realtimeLost explains the end of a session, or why there is none. A close with 1000 that
// nobody asked for is no goodbye on this wire.
func realtimeLost(op string, err error) *LostError {
	lost := &LostError{Op: op, Err: err}
	var classed interface{ Class() realtime.Class }
	if errors.As(err, &classed) {
		lost.Fatal = classed.Class() == realtime.Fatal
	}
	var code realtime.Code
	var handshake *realtime.HandshakeError
	var closed *realtime.CloseError
	switch {
	case errors.As(err, &code) && code != "":
		lost.Code = string(code)
	case errors.As(err, &handshake):
		lost.Code = fmt.Sprint(handshake.Status)
	case errors.As(err, &closed):
		lost.Code = fmt.Sprint(closed.Code)
	}
	return lost
}

// lose ends the conversation because of an error after which it is of no use, without
// waiting for the server to close it.
func (a *realtimeAgent) lose(e *realtime.Error) {
	if a.over == nil {
		a.over = realtimeLost("receive", e)
		a.slot.stop()
	}
}

// fault takes an "error" event. Most are about one event of ours and end nothing.
func (a *realtimeAgent) fault(e *realtime.Error) {
	class := e.Class()
	switch {
	case class == realtime.Fatal || class == realtime.Expired:
		a.lose(e)
		return
	case a.recut(e), a.refused(e) && class == realtime.Benign:
		a.emit(Ignored{Type: "error"})
		return
	case class == realtime.Benign: // a race that belongs to the wire
		a.emit(Ignored{Type: "error"})
		return
	}
	a.emit(Failed{Code: cmp.Or(string(e.Code), "error"), Slug: cmp.Or(e.Param, e.Type)})
}
