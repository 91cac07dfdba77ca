package call

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
)

// Bounds of the agent's absence. A caller waits 15 s at most for the last voice there is;
// each before it has 2 s to finish its handshake, and one that broke in the middle of a call
// is asked once more, until 5 s have passed.
const (
	dialTimeout  = 12 * time.Second
	nextTimeout  = 2 * time.Second
	againBound   = 5 * time.Second
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
	profile *Profile
	voices  []*Voice
	session agent.Session
	wg      *sync.WaitGroup

	agent  agent.Agent // nil while there is none
	voice  *Voice      // that speaks, or spoke last; nil before the first
	serial int         // of the agent, so that events of an older one are told apart
	since  time.Time   // when the absence began
	back   time.Time   // when the agent came back from one; zero if it never was away
	retry  time.Time   // when to ask again; zero while a dial is under way or none is needed
	wait   time.Duration
	tries  int
	expiry time.Time // when the agent has to be replaced; zero for never
	busy   bool      // a dial is under way

	queue   []*Voice          // those that are yet to be asked in this absence, the first of them now
	refused map[*Voice]bool   // they said no for good
	groups  map[*Voice]string // what each voice resumes
	look    lookBack          // ahead of the first dial

	dialled chan dialled
	events  chan agentEvent
}

// dialled is the end of a dial.
type dialled struct {
	voice   *Voice
	agent   agent.Agent
	err     error
	earlier *earlier // what was found, of the first dial
}

// agentEvent is what the agent of a serial number did, and when we read it.
type agentEvent struct {
	serial int
	event  agent.Event
	err    error
	at     time.Time
}

// newLink makes the link of a call; spoke is the voice that spoke in it last.
func newLink(p *Profile, s agent.Session, spoke string, wg *sync.WaitGroup, now time.Time) *link {
	voices := p.Voices
	l := &link{profile: p, voices: voices, session: s, wg: wg, wait: retryFirst, since: now, refused: map[*Voice]bool{}, groups: map[*Voice]string{},
		dialled: make(chan dialled, 1), events: make(chan agentEvent, 8)}
	l.queue = inTurn(voices, now)
	if i := slices.IndexFunc(voices, func(v *Voice) bool { return v.Name == spoke }); i >= 0 { // on another stream, before
		l.queue = l.after(voices[i], now)
		if s.Resume != "" {
			l.groups[voices[i]] = s.Resume
		}
	}
	return l
}

// dial asks for the agent; the answer comes on dialled.
func (l *link) dial(ctx context.Context, now time.Time) {
	v := l.voice
	timeout := dialTimeout
	if l.agent == nil {
		v = l.queue[0]
		timeout = l.patience(now)
	}
	l.busy, l.retry = true, time.Time{}
	l.tries++
	session := l.session
	session.Resume = l.groups[v]
	if v.Builtins != nil {
		session.Tools = l.profile.as(v).toolSpecs()
	}
	look := l.look
	l.look = nil
	l.wg.Go(func() {
		before := look.find(ctx)
		if before != nil && before.voice == v.Name {
			session.Resume = before.group
		}
		dialCtx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		a, err := v.Dialer.Dial(dialCtx, session)
		switch {
		case err == nil:
			v.health.succeeded()
		case ctx.Err() == nil:
			v.health.failed(time.Now())
		}
		l.dialled <- dialled{v, a, err, before} // never waits: one dial at a time, room for one
	})
}

// patience is how long the next voice may take for its handshake.
func (l *link) patience(now time.Time) time.Duration {
	switch {
	case len(l.queue) == 1:
		return dialTimeout
	case l.queue[0] == l.voice: // it broke
		return max(retryFirst, l.since.Add(againBound).Sub(now))
	}
	return nextTimeout
}

// attach takes a dialled agent into use and reads it.
func (l *link) attach(ctx context.Context, v *Voice, a agent.Agent, now time.Time) {
	l.back = time.Time{}
	if l.agent != nil {
		l.closeOld(l.agent)
	} else if l.serial > 0 {
		l.back = now
	}
	l.agent, l.voice, l.serial, l.busy = a, v, l.serial+1, false
	l.expiry = a.Chat().Expires
	if g := a.Chat().Group; g != "" {
		l.groups[v] = g
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

// timedOut tells whether the absence has lasted too long.
func (l *link) timedOut(now time.Time) bool {
	return l.agent == nil && now.Sub(l.since) >= absenceBound
}

// due tells whether the agent has to be replaced now. Between two turns nobody
// notices; past the grace it can't wait any more.
func (l *link) due(now time.Time, p *leg.Playout) bool {
	return !l.expiry.IsZero() && !now.Before(l.expiry) && (p.Idle(now) || !now.Before(l.expiry.Add(replaceGrace)))
}

// wake is when there is something to ask for, or to give up.
func (l *link) wake(now time.Time, p *leg.Playout) time.Time {
	switch {
	case l.agent == nil && (l.busy || l.retry.IsZero() || l.retry.After(l.since.Add(absenceBound))):
		return l.since.Add(absenceBound)
	case l.agent == nil:
		return l.retry
	case l.busy || l.expiry.IsZero():
		return time.Time{}
	case now.Before(l.expiry):
		return l.expiry
	case now.Before(p.Dry):
		return p.Dry
	}
	return l.expiry.Add(replaceGrace)
}

// voiceName names the voice that speaks, or spoke last; empty before the first.
func (l *link) voiceName() string {
	if l.voice == nil {
		return ""
	}
	return l.voice.Name
}

// close ends the agent.
func (l *link) close() {
	if l.agent != nil {
		l.closeOld(l.agent)
		l.agent = nil
	}
}

// closeOld closes an agent, which takes as long as its goodbye: the sound of the
// call doesn't wait for that.
func (l *link) closeOld(a agent.Agent) { l.wg.Go(func() { a.Close() }) }

// closeOldLater closes an agent when its reader has had the time for last words.
func (l *link) closeOldLater(ctx context.Context, a agent.Agent) {
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
