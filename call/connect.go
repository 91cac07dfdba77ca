package call

import (
	"errors"
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// Bounds of the way from an open socket to a call.
const (
	startWait = 5 * time.Second        // for the start message
	askWait   = 2 * time.Second        // for an answer of what the instances share
	findWait  = 500 * time.Millisecond // for what another instance announced to be there
	findEvery = 50 * time.Millisecond
)

var (
	errFormat   = errors.New("the line's audio is not µ-law at 8 kHz")
	errStranger = errors.New("the stream belongs to another account")
	errTwice    = errors.New("the call has a stream already")
	errOver     = errors.New("the call has ended")
	errClosed   = errors.New("the service is shutting down")
)

// Connect takes a line that its carrier has just opened. It returns at
// once; the call runs on its own until it ends. A stream that does not show a
// good token is closed with 1008 and reaches nobody.
func (b *Switchboard) Connect(line carrier.Line) {
	b.mu.Lock()
	closed := b.ctx.Err() != nil
	if !closed { // else Drain may wait no more for what begins now
		b.wg.Go(func() { b.take(line) })
	}
	b.mu.Unlock()
	if closed {
		b.refuse(line, "", errClosed)
	}
}

// take reads a line's start and runs its call.
func (b *Switchboard) take(line carrier.Line) {
	if line.Format() != carrier.Telephony {
		b.refuse(line, "", errFormat)
		return
	}
	start, err := b.awaitStart(line)
	started := time.Now()
	if err != nil {
		b.refuse(line, start.Call, err)
		return
	}
	l, streams, err := b.admit(start)
	if err != nil {
		b.refuse(line, start.Call, err)
		return
	}
	l.stream.started = started
	b.carry(l, line, streams)
}

func (b *Switchboard) refuse(line carrier.Line, sid carrier.CallID, why error) {
	b.cfg.Metrics.refused.WithLabelValues("stream").Inc()
	b.refusals.Warn().Str("call_sid", string(sid)).Str("why", why.Error()).Msg("media stream refused")
	line.Close(carrier.Refused)
}

// awaitStart reads until the start message. What comes before it is forwarded
// to nobody.
func (b *Switchboard) awaitStart(line carrier.Line) (carrier.Start, error) {
	late := time.AfterFunc(startWait, func() { line.Close(carrier.Refused) })
	defer late.Stop()
	for {
		ev, err := line.Receive(b.ctx)
		if err != nil {
			return carrier.Start{}, errNoStart
		}
		switch ev := ev.(type) {
		case carrier.Start:
			if ev.Call == "" {
				return ev, errTokenWrong
			}
			return ev, nil
		case *carrier.Media:
			ev.Release()
		default: // connected, and what nobody may send yet
		}
	}
}
