package call

import (
	"context"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// stream is what a call has only as long as one media stream lasts: the line and the agent's connection, what is on its
// way between them, and what the two are saying. Each stream has one of its own; see [Call.nextStream].
type stream struct {
	line carrier.Line
	link *link
	play leg.Playout
	up   leg.Uplink

	// What the agent says.
	muted            map[string]bool         // segments that it began while it was muted
	segments         map[string]*leg.Segment // of the reply under way, by the agent's name for them
	stale            map[string]*leg.Segment // of replies that were cut: what still comes of them is dropped
	turnEnded        bool                    // the agent has sent all of its reply
	spokeSinceCaller bool                    // it has said something since the caller's last words
	lastAgentAudio   time.Time               // when the last of its sound came
	lately           lately                  // what it said last
	voices           voices
	holding          *leg.Segment
	holdAt           time.Time // when the holding line may be played

	// What the caller says.
	turns   turns
	floor   floor  // who may speak
	partial string // what the recognizer has of words that are not over

	opening opening
	ending  *ending
	broke   bool          // it ended while the caller was being served
	started time.Time     // when its start was read
	passed  leg.Histogram // ms that the bridge added to frames that run did not see; readCaller's alone

	// Channels in, and the caller's way around them.
	bypass   leg.Bypass[agent.Agent]
	sounds   chan amd.Sound // that were heard on the line; nil of a call that came in
	taps     leg.Taps
	caller   chan callerEvent
	commands chan command

	ctx context.Context
	end context.CancelCauseFunc
	wg  sync.WaitGroup // of all that serves this stream; none of it is left when run has returned
}

// callerEvent is what came from the carrier, and when we read it.
type callerEvent struct {
	event carrier.Event
	err   error
	at    time.Time
}

// newStream makes what a call needs for a stream and dials its agent at once, before there is a line. It ends by
// [Call.run], or by abandon if no line comes.
func newStream(ctx context.Context, p *Profile, head *calllog.Call, look lookBack) *stream {
	s := &stream{segments: map[string]*leg.Segment{}, stale: map[string]*leg.Segment{},
		bypass: leg.NewBypass[agent.Agent](), caller: make(chan callerEvent, 16), commands: make(chan command)}
	s.ctx, s.end = context.WithCancelCause(ctx)
	now := time.Now()
	session := agent.Session{CallSID: head.TwilioCallSID, Resume: head.ChatGroupID, Variables: p.variables(*head),
		Tools: p.toolSpecs()}
	s.link = newLink(p, session, lastVoice(*head), &s.wg, now)
	s.link.look = look
	s.link.dial(s.ctx, now)
	return s
}

// nextStream puts a new stream into the call, in the place of one that is over or never came. What a stream has of its
// own begins again: a line, an agent's connection, the sound on its way, the floor, an ending that was only the
// stream's. All else goes on as it was: the log, what was said, the tools that run, the budgets, the recording.
func (c *Call) nextStream(ctx context.Context, look lookBack) {
	c.journal.revive()
	c.amd.NextStream()
	c.stream = newStream(ctx, c.profile, &c.journal.head, look)
}

// abandon ends a stream for which no line came.
func (s *stream) abandon() {
	s.end(context.Canceled)
	s.wg.Wait()
	s.link.drain()
}
