package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// orphanMost is how long Twilio is asked about a call whose bridge is gone. Then the
// ledger hears of its end without Twilio's word.
const orphanMost = time.Hour

// SettleOrphan does what the instance that placed a call can't do any more, after the log
// has closed it: it hangs the call up if it still rings or talks, and tells the ledger what
// became of its permit, and whether somebody answered and heard nothing. It may be called
// again, also by another instance: the ledger hears of it once. After an error it must be.
func (b *Switchboard) SettleOrphan(ctx context.Context, head calllog.Call) error {
	to, err := phone.Parse(head.To)
	if b.cfg.Carrier == nil || head.EndedAt == nil || err != nil {
		return nil // nobody can be told
	}
	answered, err := b.endOrphan(ctx, head, to)
	if err != nil && time.Since(*head.EndedAt) < orphanMost {
		return fmt.Errorf("call: an orphaned call: %w", err)
	}
	heard := head.Opening != nil && head.Opening.Complete
	abandoned := (answered || head.AnsweredAt != nil) && !heard
	if err := b.endPermit(ctx, head, abandoned); err != nil {
		return fmt.Errorf("call: an orphaned call: %w", err)
	}
	b.cfg.Logger.Warn().Str("call", head.ID).Bool("abandoned", abandoned).Msg("orphaned call settled")
	return nil
}

// endPermit tells the ledger of the end of a call that this instance does not carry, once;
// and that it was abandoned also if its end is known. It is said of the permit's own seller:
// bridge.yaml may have another agent and another seller by now.
func (b *Switchboard) endPermit(ctx context.Context, head calllog.Call, abandoned bool) error {
	to, err := phone.Parse(head.To)
	if b.keeper.gate == nil || head.Order == nil || err != nil {
		return nil
	}
	profile := b.cfg.Profiles[head.Agent]
	if profile == nil {
		profile = &Profile{Name: head.Agent}
	}
	from, _ := phone.Parse(head.From)
	fact := consent.Ended(b.request(head.ID, to, from, profile, head.Order), head.Order.PermitID, consent.PermitEnded, head.Outcome, time.Now())
	fact.Abandoned = abandoned
	ctx, cancel := context.WithTimeout(ctx, clearWait)
	defer cancel()
	_, err = b.keeper.gate.Ledger.Transact(ctx, to, func(s consent.Snapshot) []consent.Fact {
		for i := range s.Facts {
			f := &s.Facts[i]
			if f.Type != consent.Permitted || f.PermitID != fact.PermitID {
				continue
			}
			fact.Seller = f.Seller
			if f.PermitStatus != consent.PermitMinted && (f.Abandoned || !abandoned) {
				return nil
			}
		}
		if fact.Seller == "" {
			return nil
		}
		return []consent.Fact{fact}
	})
	return err
}

// endOrphan hangs an orphaned call up, and tells whether somebody had answered it.
func (b *Switchboard) endOrphan(ctx context.Context, head calllog.Call, to phone.Number) (answered bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchWait)
	defer cancel()
	sid := carrier.CallID(head.TwilioCallSID)
	if sid == "" { // the bridge was gone before Twilio's answer
		if sid, err = b.unclaimed(ctx, to, head.From, head.StartedAt); err != nil || sid == "" {
			return false, err
		}
	}
	now, err := b.cfg.Carrier.Find(ctx, sid)
	var refused *carrier.Error
	switch {
	case errors.As(err, &refused) && refused.Gone:
		return false, nil
	case err != nil:
		return false, err
	}
	answered = now.State == carrier.InProgress || now.State == carrier.Completed
	switch {
	case now.State.Terminal():
		return answered, nil
	case answered:
		return true, b.cfg.Carrier.HangUp(ctx, sid)
	}
	return false, b.cfg.Carrier.Cancel(ctx, sid) // hung up it would be completed, as if somebody had answered
}

// unclaimed is the one call from our number to a person's since a time that no call of the
// log accounts for; empty if there is none, or more than one.
func (b *Switchboard) unclaimed(ctx context.Context, to phone.Number, from string, since time.Time) (carrier.CallID, error) {
	calls, err := b.cfg.Carrier.Search(ctx, to, since.Add(-clockSlip))
	if err != nil {
		return "", err
	}
	var found []carrier.CallID
	for _, c := range calls {
		if string(c.From) != from || b.knows(c.Call) {
			continue
		}
		if _, err := b.cfg.Store.BySID(ctx, string(c.Call)); errors.Is(err, calllog.ErrNotFound) {
			found = append(found, c.Call)
		}
	}
	if len(found) != 1 {
		return "", nil
	}
	return found[0], nil
}

// answeredLate tells the ledger that somebody answered a call that is over, such as one
// whose bridge was gone, and heard nothing.
func (b *Switchboard) answeredLate(callID string) {
	ctx, cancel := context.WithTimeout(context.Background(), keepWait)
	defer cancel()
	head, err := b.cfg.Store.Get(ctx, callID)
	if callID == "" || err != nil || head.Direction != calllog.Outbound || head.Outcome == "" || head.Outcome == string(Voicemail) || head.AnsweredAt != nil {
		return
	}
	if err := b.endPermit(ctx, head, true); err != nil {
		b.cfg.Logger.Error().Err(err).Str("call", callID).Msg("abandoned call not recorded in the ledger")
	}
}
