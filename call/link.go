package call

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
)

// Bounds of the agent's absence. Hume's own clients give a handshake 4 s; 15 s
// is as long as the contract lets a caller wait.
const (
	dialTimeout  = 12 * time.Second
	absenceBound = 15 * time.Second
	retryFirst   = 250 * time.Millisecond
	retryMost    = 5 * time.Second
	replaceGrace = 20 * time.Second // so long a planned replacement waits for a pause in the talk
	lastWords    = time.Second      // so long an agent that takes nothing more may say why
	steady       = 5 * time.Second  // an agent that came back and leaves sooner was never there
)

// link keeps a call's connection to its agent: dialled at the webhook, dialled
// again when it is lost, replaced before the agent's own limit ends it. Only
// run touches it; its goroutines hand over by channels.
type link struct {
	dialer  agent.Dialer
	session agent.Session
	wg      *sync.WaitGroup

	agent  agent.Agent // nil while there is none
	serial int         // of the agent, so that events of an older one are told apart
	since  time.Time   // when the absence began
	back   time.Time   // when the agent came back from one; zero if it never was away
	retry  time.Time   // when to ask again; zero while a dial is under way or none is needed
	wait   time.Duration
	tries  int
	expiry time.Time // when the agent has to be replaced; zero for never
	busy   bool      // a dial is under way

	dialled chan dialled
	events  chan agentEvent
}

// dialled is the end of a dial.
type dialled struct {
	agent agent.Agent
	err   error
}

// agentEvent is what the agent of a serial number did, and when we read it.
type agentEvent struct {
	serial int
	event  agent.Event
	err    error
	at     time.Time
}

func newLink(d agent.Dialer, s agent.Session, wg *sync.WaitGroup) *link {
	return &link{dialer: d, session: s, wg: wg, wait: retryFirst, dialled: make(chan dialled, 1), events: make(chan agentEvent, 8)}
}

// dial asks for the agent; the answer comes on dialled.
func (l *link) dial(ctx context.Context) {
	l.busy, l.retry = true, time.Time{}
	l.tries++
	session := l.session
	l.wg.Go(func() {
		dialCtx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		a, err := l.dialer.Dial(dialCtx, session)
		l.dialled <- dialled{a, err} // never waits: one dial at a time, room for one
	})
}

// adopt takes a dialled agent into use and reads it.
func (l *link) adopt(ctx context.Context, a agent.Agent, now time.Time) {
	l.back = time.Time{}
	if l.agent != nil {
		l.retire(l.agent)
	} else if l.serial > 0 {
		l.back = now
	}
	l.agent, l.serial, l.busy = a, l.serial+1, false
	l.expiry = time.Time{}
	l.expiry = a.Chat().Expires
	if g := a.Chat().Group; g != "" {
		l.session.Resume = g
	}
	serial := l.serial
	l.wg.Go(func() {
		for {
			ev, err := a.Receive(ctx)
			select {
			case l.events <- agentEvent{serial, ev, err, time.Now()}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	})
}

// failed notes that a dial failed and plans the next. It is false if asking
// again is of no use.
func (l *link) failed(err error, now time.Time) bool {
	l.busy = false
	var lost *agent.LostError
	if errors.As(err, &lost) {
		if lost.Fatal {
			return false
		}
		if lost.Fresh && l.session.Resume != "" { // the old conversation is gone; a new one may do
			l.session.Resume = ""
			l.retry = now
			return true
		}
	}
	l.pause(now)
	return true
}

// pause plans the next dial, each later than the one before.
func (l *link) pause(now time.Time) {
	l.retry = now.Add(l.wait)
	l.wait = min(2*l.wait, retryMost)
}

// lost gives the agent up and plans to ask for another. It is true if an absence
// begins: an agent that only came and went does not end the one before it.
func (l *link) lost(ctx context.Context, err error, now time.Time) (begins bool) {
	var told *agent.LostError
	if errors.As(err, &told) {
		l.retire(l.agent)
	} else { // a write failed: the reader may yet hear why
		l.retireLater(ctx, l.agent)
	}
	l.agent = nil
	l.expiry = time.Time{}
	if begins = l.back.IsZero() || now.Sub(l.back) >= steady; begins {
		l.since, l.wait, l.tries = now, retryFirst, 0
	}
	l.pause(now)
	l.learn(told)
	return begins
}

// learn takes a reader's word on why the agent was lost.
func (l *link) learn(why *agent.LostError) {
	if why != nil && why.Fresh {
		l.session.Resume = ""
	}
}

// hopeless tells whether the absence has lasted too long.
func (l *link) hopeless(now time.Time) bool {
	return l.agent == nil && now.Sub(l.since) >= absenceBound
}

// due tells whether the agent has to be replaced now. Between two turns nobody
// notices; past the grace it can't wait any more.
func (l *link) due(now time.Time, p *playout) bool {
	return !l.expiry.IsZero() && !now.Before(l.expiry) && (p.idle(now) || !now.Before(l.expiry.Add(replaceGrace)))
}

// wake is when there is something to ask for, or to give up.
func (l *link) wake(now time.Time, p *playout) time.Time {
	switch {
	case l.agent == nil && (l.busy || l.retry.IsZero() || l.retry.After(l.since.Add(absenceBound))):
		return l.since.Add(absenceBound)
	case l.agent == nil:
		return l.retry
	case l.busy || l.expiry.IsZero():
		return time.Time{}
	case now.Before(l.expiry):
		return l.expiry
	case now.Before(p.dry):
		return p.dry
	}
	return l.expiry.Add(replaceGrace)
}

// close ends the agent.
func (l *link) close() {
	if l.agent != nil {
		l.retire(l.agent)
		l.agent = nil
	}
}

// retire closes an agent, which takes as long as its goodbye: the sound of the
// call doesn't wait for that.
func (l *link) retire(a agent.Agent) { l.wg.Go(func() { a.Close() }) }

// retireLater closes an agent when its reader has had the time for last words.
func (l *link) retireLater(ctx context.Context, a agent.Agent) {
	l.wg.Go(func() {
		select {
		case <-time.After(lastWords):
		case <-ctx.Done():
		}
		a.Close()
	})
}

// drain closes an agent that was dialled and never taken. Call it when the
// dial has ended.
func (l *link) drain() {
	select {
	case d := <-l.dialled:
		if d.agent != nil {
			d.agent.Close()
		}
	default:
	}
}
