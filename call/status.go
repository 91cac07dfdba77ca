package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Status takes Twilio's word on a call. One that is over ends what is left of it,
// whatever order the news come in, and nothing moves it afterwards. Of a call that we
// placed callID is our id of it, as its callback's URL has it: the news may come before
// Twilio's answer to its creation, and to an instance that has not placed it. Of other
// calls it is empty.
func (b *Switchboard) Status(callID string, s carrier.Status) {
	if b.status(callID, s) || callID == "" && !s.State.Terminal() {
		return
	}
	b.keeper.do(func() { b.passOn(callID, s) })
}

// status is Status for what is here. It is false if nothing is.
func (b *Switchboard) status(callID string, s carrier.Status) bool {
	b.mu.Lock()
	var placed, over *placed
	if e := b.table.withID(callID); e != nil {
		placed = rings(e.phase)
		if ended, ok := e.phase.(*ended); ok {
			over = ended.placed
		}
	}
	b.mu.Unlock()
	switch {
	case placed != nil:
		b.statusOf(placed, s)
		return true
	case over != nil:
		b.learn(over, s.Call) // and hang it up, if it was given up before it had a name
		return true
	}
	return b.statusOfOther(s)
}

// has tells whether a call is here, or was.
func (b *Switchboard) has(callID string, sid carrier.CallID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.table.withID(callID)
	return known(b.table.phaseOf(sid)) || e != nil && (known(e.phase) || rings(e.phase) != nil)
}

// lastWord is how long the stream of a call that has ended may take to say how: a stop is a
// hang-up, a socket that breaks a lost line. Twilio's report and the end of the stream come
// on connections of their own, in any order.
const lastWord = 500 * time.Millisecond

// statusOfOther takes the news of a call that was answered, or came in.
func (b *Switchboard) statusOfOther(s carrier.Status) (here bool) {
	b.mu.Lock()
	e := b.table.of(s.Call)
	if e == nil {
		b.mu.Unlock()
		return false
	}
	ph, over := e.phase, s.State.Terminal()
	under, asked := ph.(*asking)
	l, talks := ph.(*live)
	switch {
	case over && asked:
		under.ended = &s
	case over && talks:
		l.over = &s
	}
	if over && e.next != nil { // nobody will ask any more
		e.next = nil
		b.table.wake()
	}
	b.mu.Unlock()
	if over {
		b.overBy(ph, s)
	}
	return asked || known(ph)
}

// overBy ends what is left of a call in a phase, whose end the carrier reports.
func (b *Switchboard) overBy(ph phase, s carrier.Status) {
	switch ph := ph.(type) {
	case awaiting, sendingDigits, overdue:
		if w := waits(ph); b.forget(w, Outcome{Reason: unheard(s)}) {
			b.keeper.do(func() { b.passOn(w.call.journal.head.ID, s) })
		}
	case *reconnecting:
		b.giveUp(ph, Outcome{Reason: CallerHungUp})
	case *live:
		time.AfterFunc(lastWord, func() { ph.stream.end(errCallerGone) })
	case *transferred:
		b.overAway(ph, s)
	case *asking, *reserved, dialing, ringing, *ended, *unconfirmed:
	}
}

// passOn gives news to the instance that has the call.
func (b *Switchboard) passOn(callID string, s carrier.Status) {
	ctx, cancel := context.WithTimeout(context.Background(), askWait)
	defer cancel()
	var head calllog.Call
	var err error
	if callID == "" {
		head, err = b.cfg.Store.BySID(ctx, string(s.Call))
		callID = head.ID
	} else {
		head, err = b.cfg.Store.Get(ctx, callID)
	}
	over := head.Outcome != "" && head.Outcome != string(Transferred) // such a one may be watched yet
	if err == nil && (over || head.Instance == b.cfg.Instance) {
		return
	}
	if err == nil {
		err = b.cfg.Shared.SendCommand(ctx, callID, verbStatus, writeNews(s))
	}
	if err != nil && !errors.Is(err, calllog.ErrNotFound) {
		b.cfg.Logger.Warn().Err(err).Str("call", callID).Msg("status not delivered to the call's instance")
	}
}

// passOnEnd gives the carrier's report of a call's end, if there was one, to the instance that has claimed the call
// meanwhile: the carrier says it once.
func (b *Switchboard) passOnEnd(callID string, s *carrier.Status) {
	if s != nil {
		b.passOn(callID, *s)
	}
}

// writeNews writes a status as the text of a command; readNews reads it. A reader of an older
// version takes the first four words.
func writeNews(s carrier.Status) string {
	fault := "none"
	if s.Fault == carrier.FaultNumber {
		fault = "number"
	}
	return fmt.Sprintf("%s %s %d %d %s", s.Call, s.State, s.SIP, s.Code, fault)
}

func readNews(text string) (s carrier.Status, err error) {
	var fault string
	n, err := fmt.Sscanf(text, "%s %s %d %d %s", &s.Call, &s.State, &s.SIP, &s.Code, &fault)
	if n < 4 {
		return s, fmt.Errorf("call: news of another instance: %w", err)
	}
	if fault == "number" || n == 4 && carrier.NoSuchNumber(s.SIP) { // an older version says no fault
		s.Fault = carrier.FaultNumber
	}
	return s, nil
}

// unheard is the outcome of a call that ended before it had a stream.
func unheard(s carrier.Status) Reason {
	switch s.State {
	case carrier.Busy:
		return Busy
	case carrier.NoAnswer:
		return NoAnswer
	case carrier.Failed:
		if s.SIP == carrier.SIPUnavailable {
			return NoAnswer
		}
		return Failed
	}
	return CallerHungUp
}
