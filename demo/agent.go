package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
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

// agent plays EVI on one call. A script calls its methods in order, from one goroutine;
// when something goes wrong the rest of them do nothing, and err says what it was.
type agent struct {
	server *evitest.Server
	caller []*line // all that the caller may say
	tell   func(format string, args ...any)

	// What the script owns.
	ctx  context.Context
	err  error
	conn *evitest.Conn
	turn int // utterances of the caller that were understood

	chats   chan *evitest.Conn
	answers chan evitest.Message // of tools
	ears    *listener

	mu    sync.Mutex
	facts agentFacts
}

// agentFacts are what happened to the agent, by its own clock.
type agentFacts struct {
	group       string // the conversation, over all its chats
	understood  []*line
	told        time.Time // the bridge, of the newest
	replies     []reply
	asked       time.Time // a tool
	answered    []time.Time
	interrupted time.Time // when it said that it is
	dropped     time.Time
	resumed     time.Time
}

// reply is something that the agent said.
type reply struct {
	line *line
	at   time.Time // when its first sound was sent
}

func newAgent(ctx context.Context, server *evitest.Server, caller []*line, tell func(string, ...any)) *agent {
	return &agent{server: server, caller: caller, tell: tell, ctx: ctx, ears: newListener(),
		chats: make(chan *evitest.Conn, 1), answers: make(chan evitest.Message, 8)}
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

// serve takes one chat with the bridge and hears all that comes until the bridge leaves.
func (a *agent) serve(c *evitest.Conn) {
	a.note(func(f *agentFacts) { f.group = cmp.Or(f.group, c.ChatID) })
	if c.Greet(a.known().group) != nil {
		return // the bridge is gone again
	}
	select {
	case a.chats <- c:
	case <-a.ctx.Done():
		return
	}
	for {
		m, err := c.Receive(a.ctx)
		switch {
		case err != nil:
			return
		case m.Type == "audio_input":
			a.ears.hear(decode(m.Audio), time.Now())
		case m.Type == "tool_response" || m.Type == "tool_error":
			a.note(func(f *agentFacts) { f.answered = append(f.answered, time.Now()) })
			select {
			case a.answers <- m:
			default: // more than anybody asked for; the claims count them
			}
		}
	}
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

// answer waits for the bridge to open a chat.
func (a *agent) answer() {
	a.try("waits for a chat", func(ctx context.Context) error {
		select {
		case a.conn = <-a.chats:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
}

// drop breaks the connection without a word. The bridge is refused once when it comes
// again, and has to wait for the handshake after that.
func (a *agent) drop() {
	a.try("drops", func(context.Context) error {
		a.server.Refuse(http.StatusServiceUnavailable, 1)
		a.server.Delay(handshake, 1)
		a.note(func(f *agentFacts) { f.dropped = time.Now() })
		a.tell("the agent's connection breaks; a redial fails")
		a.conn.Drop()
		return nil
	})
}

// resume waits until the bridge is back with the same conversation.
func (a *agent) resume() {
	a.answer()
	a.try("is called again", func(context.Context) error {
		if a.conn.Resumed != a.known().group {
			return errors.New("the bridge did not name the conversation's chat group")
		}
		a.note(func(f *agentFacts) { f.resumed = time.Now() })
		return nil
	})
}
