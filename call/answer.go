package call

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
)

// AnswerOutbound takes a call of ours that was answered, on whichever instance, and
// returns what it follows. The agent is dialled at once, and the gate
// asked beside it whether the call may still be carried: consent may have been withdrawn
// while it rang. If not, or if the ledger can't say, it is hung up before any sound. A
// call of which nothing is known, or that is over or was answered before, is hung up, too. One that was placed
// is carried whatever the capacity, and while draining: somebody has been rung.
func (b *Switchboard) AnswerOutbound(ctx context.Context, v carrier.Incoming, callID string) carrier.Step {
	log := b.cfg.Logger.With().Str("call", callID).Str("call_sid", string(v.Call)).Logger()
	if b.keeper.gate == nil {
		log.Warn().Msg("outbound call answered without a consent gate")
		return carrier.HangUp{}
	}
	w := b.answered(ctx, v.Call, callID)
	if w == nil {
		log.Warn().Msg("answered call is unknown, over or already answered; hanging up")
		b.keeper.do(func() { b.answeredLate(callID) })
		return carrier.HangUp{}
	}

	ask, cancel := context.WithTimeout(context.WithoutCancel(ctx), askWait)
	defer cancel()
	decision, err := b.cfg.Gate.Recheck(ask, w.call.dossier.request)
	var away *consent.LedgerError
	if !errors.As(err, &away) {
		b.cfg.Metrics.decided(decision)
	}
	if err != nil {
		log.Warn().Err(err).Msg("consent denied at answer; hanging up")
		b.drop(w, Outcome{Reason: Failed, Err: err, note: notCarried(err)})
		return carrier.HangUp{}
	}
	b.mu.Lock()
	waits := waits(w.e.phase) == w
	if waits {
		w.call.journal.head.Order = decided(w.call.journal.head.Order, decision)
		w.call.journal.save()
	}
	_, talks := w.e.phase.(*live)
	b.mu.Unlock()
	if !waits && !talks { // hung up, or revoked, meanwhile
		return carrier.HangUp{}
	}
	return b.connect(v.Call, w.call.profile, "")
}

// drop ends a call that may not be carried. It is over before Twilio hears so, whose own
// word on its end could be quicker than the goodbye to the agent.
func (b *Switchboard) drop(w *waiting, out Outcome) {
	if b.waitsNoMore(w, b.over(nil)) {
		b.keeper.do(func() {
			w.stream.abandon()
			b.settle(w.call, out)
		})
	}
}

// notCarried is what the log says of a call that may not be carried.
func notCarried(err error) string {
	var denied *consent.DeniedError
	if !errors.As(err, &denied) {
		return "the ledger could not be asked when the call was answered"
	}
	var rules []string
	for _, r := range denied.Decision.Failing() {
		rules = append(rules, r.Rule)
	}
	return "not allowed any more when it was answered: " + strings.Join(slices.Compact(rules), ", ")
}

// answered makes a call that was answered wait for its stream, its agent dialled. It is
// nil of a call that must not be carried, or is already.
func (b *Switchboard) answered(ctx context.Context, sid carrier.CallID, callID string) *waiting {
	if callID == "" {
		return nil
	}
	under := b.beginAsking(callID, sid)
	defer b.endAsking(under)
	head, found := b.placedElsewhere(ctx, sid, callID)
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.table.entry(callID, sid)
	if known(e.phase) || b.ctx.Err() != nil {
		return nil
	}
	profile := b.cfg.Profiles[head.Agent]
	if p := rings(e.phase); p != nil {
		b.judge(p, nil)
		b.settled(p)
		p.tell()
		head, profile, found = p.journal.head, p.profile, true
		head.Entries = make([]calllog.Entry, p.journal.seq) // as many as are written
	}
	if !found || profile == nil || head.Direction != calllog.Outbound || head.Outcome != "" || head.Order == nil {
		return nil
	}
	now := time.Now()
	head.TwilioCallSID, head.Status, head.Instance = string(sid), calllog.StatusInProgress, b.cfg.Instance
	if head.AnsweredAt == nil {
		head.AnsweredAt = &now
	}
	b.table.name(e, sid)
	w := b.wait(e, profile, head, nil, 0)
	if !w.call.dossier.known() {
		b.cfg.Logger.Error().Str("call", callID).Msg("answered call has invalid numbers")
		b.table.move(e, e.phase, nil)
		b.wg.Go(w.stream.abandon)
		return nil
	}
	if b.overMeanwhile(under, w) {
		return nil
	}
	return w
}

// placedElsewhere reads the head of a call that is not one of this instance's. It may
// not have reached the database yet.
func (b *Switchboard) placedElsewhere(ctx context.Context, sid carrier.CallID, callID string) (head calllog.Call, found bool) {
	b.mu.Lock()
	e, p := b.table.withID(callID), b.table.phaseOf(sid)
	_, talks := p.(*live)
	here := e != nil && (known(e.phase) || rings(e.phase) != nil) || waits(p) != nil || talks
	b.mu.Unlock()
	if here || callID == "" {
		return head, false
	}
	head, err := b.lookUp(ctx, func(ctx context.Context) (calllog.Call, error) { return b.cfg.Store.Get(ctx, callID) })
	if err == nil && head.Outcome == "" && head.Instance != b.cfg.Instance {
		if head, err = b.takeOver(ctx, head); err == nil {
			b.keeper.do(func() { b.tellOwner(callID, verbTaken, b.cfg.Instance) })
		}
	}
	return head, err == nil
}
