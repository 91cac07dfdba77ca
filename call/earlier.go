package call

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
)

// lookBackMost is how long the first dial of a call's agent may wait for what was said in
// earlier calls. The telephone rings meanwhile.
const lookBackMost = 300 * time.Millisecond

// noteBroke is what an agent is given between an earlier call and this one.
const noteBroke = "The line broke here. The caller has called again."

// lookBack finds what a caller goes on with; nil for nothing.
type lookBack func(context.Context) *earlier

func (l lookBack) find(ctx context.Context) *earlier {
	if l == nil {
		return nil
	}
	return l(ctx)
}

// earlier is calls from the same number that broke, one after the other.
type earlier struct {
	id     string // of the newest
	voice  string // that can resume its conversation; empty for none
	group  string
	memory memory
}

// lookBack is how to find what a call goes on with; nil if it may go on with nothing: only
// who calls an agent that remembers, from a number that the carrier says is theirs. goesOn says
// that the log has it already that the call goes on with another.
func (b *Switchboard) lookBack(head calllog.Call, goesOn bool, p *Profile) lookBack {
	_, err := phone.Party(head.From).Number()
	if p.Remember == 0 || head.Direction != calllog.Inbound || head.Attestation != carrier.PassedA || err != nil || len(head.ChatIDs) > 0 && !goesOn {
		return nil
	}
	q := calllog.EarlierQuery{From: head.From, To: head.To, Agent: head.Agent, Before: head.StartedAt, Since: head.StartedAt.Add(-p.Remember)}
	return func(ctx context.Context) *earlier {
		ctx, cancel := context.WithTimeout(ctx, b.lookBackMost)
		defer cancel()
		calls, err := b.cfg.Store.Earlier(ctx, q)
		if err != nil {
			b.cfg.Logger.Warn().Err(err).Str("call", head.ID).Msg("earlier calls lookup failed")
			return nil
		}
		e := broken(calls)
		if e != nil && goesOn { // a conversation of its own is resumed
			e.voice, e.group = "", ""
		}
		return e
	}
}

// broken is what can be gone on with of the calls before one, newest first: as many as broke
// in a row, of callers whose number is theirs.
func broken(calls []calllog.Call) *earlier {
	n := slices.IndexFunc(calls, func(c calllog.Call) bool { return !c.Broke || c.Attestation != carrier.PassedA })
	if n >= 0 {
		calls = calls[:n]
	}
	e := &earlier{}
	for _, c := range slices.Backward(calls) {
		if !e.memory.recollect(c) {
			continue // nobody said anything
		}
		e.id, e.voice, e.group = c.ID, "", ""
		if v := lastVoice(c); len(c.Voices) <= 1 && c.ChatGroupID != "" { // else it lacks what was said to another
			e.voice, e.group = v, c.ChatGroupID
		}
	}
	if e.id == "" {
		return nil
	}
	return e
}

// recollect adds an earlier call. It is false if nothing was said in it.
func (m *memory) recollect(c calllog.Call) bool {
	before := len(m.lines)
	for _, e := range c.Entries {
		r, ok := recollect(e, c.StartedAt.Add(time.Duration(e.AtMS)*time.Millisecond))
		if !ok || r.unsaid {
			continue
		}
		if t := r.turn.Tool; t != nil {
			t.ID = fmt.Sprintf("before_%d", len(m.lines))
		}
		r.seq = 0
		m.add(r)
		m.bound()
	}
	if len(m.lines) == before {
		return false
	}
	m.add(remembered{turn: agent.Turn{By: agent.ByBridge, Text: noteBroke, At: *c.EndedAt}})
	m.bound()
	return true
}

// goOn takes what the caller goes on with. It is true once.
func (j *journal) goOn(e *earlier, now time.Time) bool {
	m := &j.memory
	if e == nil || m.before != "" {
		return false
	}
	m.before, m.voice = e.id, e.voice
	m.lines = append(e.memory.lines, m.lines...)
	m.bytes, m.dropped = m.bytes+e.memory.bytes, m.dropped+e.memory.dropped
	m.bound()
	if !j.goesOn {
		j.goesOn = true
		j.add(calllog.Entry{Kind: calllog.KindNote, Event: calllog.EventContinues,
			Text: "the call goes on with " + e.id + ", which broke", Result: e.id}, now)
	}
	return true
}

// resumes has the voice that led an earlier conversation go on with it.
func (l *link) resumes(e *earlier) {
	for _, v := range l.voices {
		if v.Name == e.voice {
			l.groups[v] = e.group
		}
	}
}

// breaks tells whether an end of a stream is one while the caller was being served: the line
// is lost, or they hang up while no agent is there. Who hangs up on an agent has finished, as
// far as can be told; what was ending already has ended.
func (s *stream) breaks(out Outcome) bool {
	if s.ending != nil {
		return false
	}
	return out.Reason == streamLost || out.Reason == CallerHungUp && s.link.agent == nil && s.link.serial > 0
}

// broken tells whether, after a call that ended so, whoever is calling again may go on with the call.
func (o Outcome) broken(outbound, broke bool) bool {
	switch {
	case outbound:
		return false
	case o.Reason == CallerHungUp:
		return broke
	}
	return o.Reason == Failed || o.Reason == Drained
}
