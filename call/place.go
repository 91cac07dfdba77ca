package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio"
)

// flushWait is how long the dial waits for the call's head to be in the store, where
// other instances look for it, and the next run after a crash.
const flushWait = time.Second

// Place asks the gate for a call and, if it allows it, has it placed. It returns as
// soon as the gate has decided, with the head of a call that is queued; the rest is
// told by the call log. The decision is there also with a *consent.DeniedError; of no
// other error is there a call or a decision. After no error does anybody's telephone
// ring.
func (b *Switchboard) Place(ctx context.Context, o Order) (calllog.Call, consent.Decision, error) {
	none := func(err error) (calllog.Call, consent.Decision, error) {
		return calllog.Call{}, consent.Decision{}, err
	}
	if b.cfg.Gate == nil || b.cfg.Twilio == nil {
		return none(ErrNoGate)
	}
	o, profile, err := b.resolve(o)
	if err != nil {
		return none(err)
	}
	leave, err := b.reserve()
	if err != nil {
		return none(err)
	}
	defer leave()
	id := o.ID
	if id == "" {
		id = newID()
	}
	req := b.request(id, o.To, o.From, profile, o.log(""))
	permit, decision, err := b.cfg.Gate.Clear(ctx, req)
	var away *consent.LedgerError
	if errors.As(err, &away) {
		return none(err)
	}
	b.cfg.Metrics.decided(decision)
	if err != nil {
		return calllog.Call{}, decision, err
	}

	seq := permit.DecisionSeq()
	head := calllog.Call{ID: id, Direction: calllog.Outbound, From: o.From.E164(), To: o.To.E164(), Agent: profile.Name, Voice: profile.Voice,
		Status: calllog.StatusQueued, StartedAt: time.Now(), DecisionSeq: &seq, Order: o.log(permit.ID()), Instance: b.cfg.Instance}
	p := b.newPlaced(profile, head, permit)
	b.mu.Lock()
	closed := b.ctx.Err() != nil
	if !closed {
		p.journal.save()
		b.placed[id] = p
		b.wg.Go(func() { b.dial(p) })
		b.cfg.Metrics.live.Set(float64(b.busy()))
	}
	b.mu.Unlock()
	if closed {
		b.keeper.keep(keepWait, consent.Ended(req, permit.ID(), consent.PermitReleased, "", time.Now()))
		return none(ErrDraining)
	}
	head.Version = 0
	return head, decision, nil
}

// reserve takes a place among the calls of this instance, so that whoever is rung finds
// an agent. Give it back by leave, when the call has one of its own.
func (b *Switchboard) reserve() (leave func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch b.full() {
	case "draining":
		return nil, ErrDraining
	case "capacity":
		return nil, ErrFull
	}
	b.reserved++
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.reserved--
		b.ended()
	}, nil
}

// dial places a call and sees to it that its fate becomes known, whatever Twilio's answer.
func (b *Switchboard) dial(p *placed) {
	ctx, cancel := context.WithTimeout(p.ctx, flushWait)
	_ = b.cfg.Log.Flush(ctx) // else it is on disk, and stored when the database is back
	cancel()
	detect := twilio.DetectMachine
	if p.profile.leavesMessage() {
		detect = twilio.DetectMessageEnd
	}
	begun := time.Now()
	dialer := Dialer{Twilio: b.cfg.Twilio, PublicURL: b.cfg.PublicURL, Limit: b.cfg.Limits.Duration}
	sid, err := dialer.Dial(p.ctx, p.permit, detect)
	var failed *DialError
	errors.As(err, &failed)
	if b.cfg.Carrier != nil {
		b.cfg.Carrier(p.profile.Name, err != nil && (failed.Maybe || twilio.Retryable(err)))
	}
	switch {
	case err == nil:
		b.learn(p, sid)
	case failed.Maybe:
		p.log.Warn().Err(err).Msg("Twilio did not say whether it placed a call; it is looked for")
		b.lookFor(p, begun)
	default:
		p.log.Warn().Err(err).Msg("a call was not placed")
		b.endPlaced(p, Outcome{Reason: Failed, Err: err, note: notPlaced(err), released: true})
	}
}

// notPlaced is what the log says of a call that Twilio did not take.
func notPlaced(err error) string {
	var refused *twilio.APIError
	switch {
	case errors.As(err, &refused):
		return "Twilio refused the call: " + refused.Error()
	case errors.Is(err, errRevoked):
		return noteRevoked
	case errors.Is(err, consent.ErrPermitExpired):
		return "the permit expired before the call could be placed"
	}
	return "the call could not be placed"
}

// Bounds of the search for a call of which Twilio's answer was lost.
const (
	lookFirst = 500 * time.Millisecond
	lookMost  = 5 * time.Second
	lookFor   = 30 * time.Second // then there is none
	clockSlip = 10 * time.Second // that Twilio's clock may be ahead of, or behind, ours
)

// lookFor waits for news of a call that Twilio may have placed: a callback with our id,
// or the list of calls. It is never placed again.
func (b *Switchboard) lookFor(p *placed, begun time.Time) {
	late := time.NewTimer(lookFor)
	defer late.Stop()
	for wait := lookFirst; ; wait = min(2*wait, lookMost) {
		pause := time.NewTimer(wait)
		select {
		case <-p.told: // by a callback, or it was answered
			pause.Stop()
			return
		case <-b.ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
			if sid := b.listed(p, begun); sid != "" {
				b.learn(p, sid)
				return
			}
			continue
		case <-late.C:
			pause.Stop()
		}
		b.endPlaced(p, Outcome{Reason: Failed, note: "Twilio never said whether it placed the call, and shows none"})
		return
	}
}

// listed looks for a call in Twilio's list that nothing else accounts for.
func (b *Switchboard) listed(p *placed, begun time.Time) twilio.CallSID {
	ctx, cancel := context.WithTimeout(context.Background(), createWait)
	defer cancel()
	calls, err := b.cfg.Twilio.ListCalls(ctx, p.request.To, begun.Add(-clockSlip))
	if err != nil {
		p.log.Warn().Err(err).Msg("the calls of the account could not be listed")
		return ""
	}
	var found []twilio.CallSID
	for _, c := range calls {
		if string(c.From) != p.request.From.E164() || b.knows(c.SID) {
			continue
		}
		if _, err := b.cfg.Store.BySID(ctx, string(c.SID)); errors.Is(err, calllog.ErrNotFound) {
			found = append(found, c.SID)
		}
	}
	if len(found) != 1 { // of two, a callback will tell which it is
		return ""
	}
	return found[0]
}
