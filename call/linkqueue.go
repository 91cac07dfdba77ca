package call

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/patchcord/patchcord/agent"
)

// failed notes that a dial failed and plans the next. It is false if asking
// again is of no use.
func (l *link) failed(v *Voice, err error, now time.Time) bool {
	l.busy = false
	var lost *agent.LostError
	if errors.As(err, &lost) && lost.Fresh && l.groups[v] != "" { // the old conversation is gone; a new one may do
		delete(l.groups, v)
		l.retry = now
		return true
	}
	fatal := lost != nil && lost.Fatal
	if !fatal && len(l.queue) <= 1 {
		l.pause(now)
		return true
	}
	return l.pass(v, fatal, now)
}

// pass goes on to the next voice. It is false if there is none.
func (l *link) pass(v *Voice, fatal bool, now time.Time) bool {
	if l.refused[v] = l.refused[v] || fatal; fatal {
		delete(l.groups, v)
	}
	l.queue = slices.DeleteFunc(l.queue, func(x *Voice) bool { return x == v })
	if len(l.queue) == 0 {
		return false
	}
	l.retry = now
	return true
}

// pause plans the next dial, each later than the one before.
func (l *link) pause(now time.Time) {
	l.retry = now.Add(l.wait)
	l.wait = min(2*l.wait, retryMost)
}

// lost gives the agent up and plans to ask for another. It is true if an absence
// begins: an agent that only came and went does not end the one before it. The
// one that broke is asked once more, then those that follow it.
func (l *link) lost(ctx context.Context, err error, now time.Time) (begins bool) {
	var told *agent.LostError
	if errors.As(err, &told) {
		l.closeOld(l.agent)
	} else { // a write failed: the reader may yet hear why
		l.closeOldLater(ctx, l.agent)
	}
	l.agent = nil
	l.expiry = time.Time{}
	if begins = l.back.IsZero() || now.Sub(l.back) >= steady; begins {
		l.since, l.wait, l.tries = now, retryFirst, 0
		l.queue = l.after(l.voice, now)
	} else if len(l.queue) > 1 { // it came back and left: it is not asked a third time
		l.queue = slices.DeleteFunc(l.queue, func(x *Voice) bool { return x == l.voice })
	}
	l.pause(now)
	l.learn(told, now)
	return begins
}

// after is the voices that have not refused for good, from one on, and those before it at
// the end.
func (l *link) after(v *Voice, now time.Time) []*Voice {
	i := max(0, slices.Index(l.voices, v))
	list := append([]*Voice{v}, inTurn(slices.Concat(l.voices[min(i+1, len(l.voices)):], l.voices[:i]), now)...)
	return slices.DeleteFunc(list, func(x *Voice) bool { return l.refused[x] })
}

// learn takes a reader's word on why the agent was lost. It is false if no voice is left to
// be asked.
func (l *link) learn(why *agent.LostError, now time.Time) bool {
	if why != nil && why.Fresh {
		delete(l.groups, l.voice)
	}
	if why != nil && why.Fatal && l.agent == nil && !l.refused[l.voice] {
		return l.pass(l.voice, true, now)
	}
	return l.agent != nil || len(l.queue) > 0
}
