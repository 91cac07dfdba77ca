package demo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// settleTime is how long the service may take to write the call's end down.
const settleTime = 10 * time.Second

// errOver is why something that waits for more ends with the call.
var errOver = errors.New("the call ended")

// evidence is what is known of a call afterwards: at the telephone, at the agent, and in
// the service's own log.
type evidence struct {
	script error // where the two ends had to leave the script; nil if nowhere

	// At the telephone. Both ways of the sound begin at origin.
	origin      time.Time
	timeline    []twiliotest.Moment
	said, heard []byte // µ-law
	sent        sent   // among it, each frame of said
	lines       []*line
	warnings    []string

	// At the agent.
	agent    agentFacts
	received []int16
	arrivals []arrival
	faults   []string

	lookups int // requests that the tool's server got

	log calllog.Call
}

// play is one performance of a script.
type play struct {
	stage  *stage
	script script
	lines  *lines
	show   show
	began  time.Time
}

func (p *play) tell(format string, args ...any) {
	p.show.note(time.Since(p.began), fmt.Sprintf(format, args...))
}

// perform plays the script. The error says why there was no call, or no log of it; what
// went wrong on the call is in the evidence.
func (p *play) perform(ctx context.Context) (*evidence, error) {
	p.began = time.Now()
	playing, over := context.WithCancelCause(ctx)
	defer over(errOver)
	a := newAgent(playing, p.stage.evi, p.lines.callers(), p.tell)
	p.stage.agent.Store(a)
	p.stage.sent.begin()
	faults, lookups := len(p.stage.evi.Faults()), p.stage.orders.lookups() // of calls before

	p.tell("%s calls %s", callerNumber, calledNumber)
	call, err := p.stage.phone.Dial(ctx, callerNumber, calledNumber)
	if err != nil {
		return nil, fmt.Errorf("the call: %w", err)
	}
	c := &caller{call: call, tell: p.tell, ctx: playing}
	seen := call.Watch(c.see)
	var ends sync.WaitGroup
	ends.Go(func() { p.script.caller(c, p.lines) })
	ends.Go(func() {
		if p.script.agent(a, p.lines); a.err != nil {
			call.HangUp() // the caller would wait for nothing
		}
	})
	id, err := p.follow(ctx, call) // to its end
	over(errOver)
	ends.Wait()
	<-seen
	if err != nil {
		return nil, fmt.Errorf("the service's API: %w", err)
	}

	e := &evidence{script: departure(c.err, a.err), origin: c.origin(), timeline: call.Timeline(), said: call.Said(), heard: call.Heard(), sent: p.stage.sent.all(),
		lines: c.lines, warnings: call.Faults(), agent: a.known(), faults: p.stage.evi.Faults()[faults:], lookups: p.stage.orders.lookups() - lookups}
	e.received, e.arrivals = a.ears.all()
	e.log, err = p.stage.service.call(ctx, id)
	return e, err
}

// follow shows the call as the service writes it down, until it is over. A call that
// can't be followed need not go on.
func (p *play) follow(ctx context.Context, call *twiliotest.Call) (id string, err error) {
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	var following sync.WaitGroup
	following.Go(func() {
		if id, err = p.stage.service.find(ctx, call.SID); err == nil {
			err = p.stage.service.follow(ctx, id, p.show.entry)
		}
		if err != nil {
			call.HangUp()
		}
	})
	<-call.Done()
	late := time.AfterFunc(settleTime, enough)
	defer late.Stop()
	following.Wait()
	return id, err
}

// departure is why the script was left: what went wrong first, for the other end then
// only notices that the call is over.
func departure(caller, agent error) error {
	follows := errors.Is(caller, errOver) || errors.Is(caller, twiliotest.ErrOver)
	if caller == nil || follows && agent != nil {
		return agent
	}
	return caller
}
