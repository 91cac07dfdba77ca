package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"
)

// How the agent behaves.
const (
	patience  = 20 * time.Second       // with which either side waits for the other
	bargeIn   = 15                     // loud frames of the caller, 300 ms, that interrupt it
	quick     = 3                      // times as fast as it is spoken, a sentence is generated
	unhurried = 1.3                    // ... and a long story
	inFlight  = 300 * time.Millisecond // in which sound still comes after an interruption
	handshake = time.Second            // that the bridge has to wait when it comes back
)

// agent plays the voice on one call, on whichever wire the bridge dials. A script calls its
// methods in order, from one goroutine; when something goes wrong the rest of them do
// nothing, and err says what it was.
type agent struct {
	first, other host
	caller       []*line // all that the caller may say
	tell         func(format string, args ...any)

	// What the script owns.
	ctx  context.Context
	err  error
	conn conn
	turn int // utterances of the caller that were understood

	conns   chan conn
	answers chan bool // of tools: whether it is an error
	ears    *listener

	mu     sync.Mutex
	facts  agentFacts
	given  []string      // what the bridge told it to know, on the newest connection
	learns chan struct{} // closed and replaced when there is more of it
}

// agentFacts are what happened to the agent, by its own clock.
type agentFacts struct {
	group       string // the conversation, over all connections of a wire that can resume
	understood  []*line
	told        time.Time // the bridge, of the newest
	replies     []reply
	asked       time.Time // a tool
	answered    []time.Time
	interrupted time.Time // when it said that it is
	lost        gap       // the first voice, and back
	replaced    gap       // the first voice, by the other
}

// gap is the time without an agent.
type gap struct {
	from, to   string // voices
	begin, end time.Time
	resumed    bool // the wire itself went on with the conversation
	knew       int  // lines of the caller's that the bridge gave to the voice
}

// reply is something that the agent said.
type reply struct {
	line *line
	at   time.Time // when its first sound was sent
}

func newAgent(ctx context.Context, first, other host, caller []*line, tell func(string, ...any)) *agent {
	return &agent{first: first, other: other, caller: caller, tell: tell, ctx: ctx, ears: newListener(),
		conns: make(chan conn, 1), answers: make(chan bool, 8), learns: make(chan struct{}),
		facts: agentFacts{group: rand.Text()}}
}

// note changes the facts.
func (a *agent) note(change func(*agentFacts)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(&a.facts)
}

// known is a copy of the facts.
func (a *agent) known() agentFacts {
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.facts
	f.understood, f.replies, f.answered = slices.Clone(f.understood), slices.Clone(f.replies), slices.Clone(f.answered)
	return f
}

// serve takes one connection of the bridge's and hears all that comes until the bridge
// leaves.
func (a *agent) serve(c conn) {
	a.mu.Lock()
	a.given = nil
	a.mu.Unlock()
	if c.open(a.known().group) != nil {
		return // the bridge is gone again
	}
	select {
	case a.conns <- c:
	case <-a.ctx.Done():
		return
	}
	c.listen(a)
}

// hears takes sound of the caller's.
func (a *agent) hears(pcm []int16) { a.ears.hear(pcm, time.Now()) }

// toolAnswered takes the answer of a tool.
func (a *agent) toolAnswered(failed bool) {
	a.note(func(f *agentFacts) { f.answered = append(f.answered, time.Now()) })
	select {
	case a.answers <- failed:
	default: // more than anybody asked for; the claims count them
	}
}

// isGiven takes what the bridge wants it to know.
func (a *agent) isGiven(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.given = append(a.given, text)
	close(a.learns)
	a.learns = make(chan struct{})
}

// try does the next thing of the script, unless one before it went wrong.
func (a *agent) try(what string, do func(ctx context.Context) error) {
	if a.err != nil {
		return
	}
	ctx, cancel := context.WithTimeoutCause(a.ctx, patience, fmt.Errorf("nothing came for %v", patience))
	defer cancel()
	if err := do(ctx); err != nil {
		a.err = fmt.Errorf("the agent %s: %w", what, err)
	}
}
