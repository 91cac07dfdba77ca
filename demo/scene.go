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

// participants is who plays a scene, and what they do.
type participants struct {
	person string // as the audience knows them; empty for "the caller"
	caller func(*caller, *lines)
	agent  func(*agent, *lines)
}

// scene is one call: a person at the telephone and the agent, each reacting to what it
// hears of the other.
type scene struct {
	*play
	participants
	ends  context.Context // with the call
	over  context.CancelCauseFunc
	actor *agent

	faults   map[string]int // by voice, that were there before
	requests int            // likewise
}

// set prepares a scene. The bridge may hear of the call from then on, and dial the agent.
func (p *play) set(ctx context.Context, c participants) *scene {
	s := &scene{play: p, participants: c, faults: map[string]int{}, requests: p.stage.crm.requests()}
	for voice, h := range p.stage.hosts {
		h.Accept()
		s.faults[voice] = len(h.Faults())
	}
	s.ends, s.over = context.WithCancelCause(ctx)
	first, other := p.stage.hosts[p.stage.voices[0]], p.stage.hosts[p.stage.voices[1]]
	s.actor = newAgent(s.ends, first, other, p.lines.callers(), p.tell)
	p.stage.agent.Store(s.actor)
	p.stage.sent.begin()
	return s
}

// perform plays the scene on a call that has been answered. Its id in the log is looked up
// if it is not known. The error says why there is no log of the call; what went wrong on
// it is in the evidence.
func (s *scene) perform(ctx context.Context, call *twiliotest.Call, id string) (*evidence, error) {
	c := &caller{call: call, name: s.person, tell: s.tell, ctx: s.ends}
	if c.name == "" {
		c.name = "the caller"
	}
	seen := call.Watch(c.see)
	var ends sync.WaitGroup
	ends.Go(func() { s.caller(c, s.lines) })
	ends.Go(func() {
		if s.agent(s.actor, s.lines); s.actor.err != nil {
			call.HangUp() // the caller would wait for nothing
		}
	})
	id, ended, err := s.follow(ctx, call, id) // to its end
	s.over(errOver)
	ends.Wait()
	<-seen
	if err != nil {
		return nil, fmt.Errorf("the service's API: %w", err)
	}

	e := &evidence{script: departure(c.err, s.actor.err), origin: c.origin(), ended: ended, timeline: call.Timeline(), said: call.Said(), heard: call.Heard(),
		sent: s.stage.sent.all(), lines: c.lines, warnings: call.Faults(), agent: s.actor.known(), faults: s.stage.faults(s.faults),
		lookups: s.stage.crm.requests() - s.requests}
	e.received, e.arrivals = s.actor.ears.all()
	e.log, err = s.stage.service.Call(ctx, id)
	return e, err
}

// follow shows the call as the service writes it down, until it is over. A call that
// can't be followed need not go on.
func (s *scene) follow(ctx context.Context, call *twiliotest.Call, known string) (id string, ended time.Time, err error) {
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	var following sync.WaitGroup
	following.Go(func() {
		if id, err = known, nil; id == "" {
			id, err = s.stage.service.find(ctx, call.SID)
		}
		if err == nil {
			err = s.watch(ctx, id)
		}
		if err != nil {
			call.HangUp()
		}
	})
	<-call.Done()
	ended = time.Now()
	late := time.AfterFunc(settleTime, enough)
	defer late.Stop()
	following.Wait()
	return id, ended, err
}

// watch shows the log's entries of a call. The audience's clock began before a call that
// was placed; one that came in began it.
func (s *scene) watch(ctx context.Context, id string) error {
	var before time.Duration
	if s.person != "" {
		c, err := s.stage.service.Call(ctx, id)
		if err != nil {
			return err
		}
		before = c.StartedAt.Sub(s.began)
	}
	_, err := s.stage.service.CallEvents(ctx, id, "", func(e calllog.Entry) { s.show.entry(s.person, before, e) })
	return err
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
