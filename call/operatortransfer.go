package call

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// transferOrder is the text of verbTransfer. To is a name on the agent's list, never a
// number: it waits in the database.
type transferOrder struct {
	To      string `json:"to"`
	Summary string `json:"summary,omitempty"`
}

// Transfer puts a live call through, whichever instance holds it, when the caller has
// heard the agent say so. To is a name on its agent's list, or a number on it; where there
// is only one it may be empty. With a summary whoever answers hears it first, and may
// decline. The error is a [*builtin.TransferError] if to is not on the list, and [ErrNotLive] if
// the call is not live, or ends already.
func (b *Switchboard) Transfer(ctx context.Context, id, to, summary string) error {
	profile, err := b.profileOf(ctx, id)
	if err != nil {
		return err
	}
	whom, err := profile.Transfers.Find(to)
	if err != nil {
		return err
	}
	text, err := json.Marshal(transferOrder{whom.Name, summary})
	if err != nil {
		return fmt.Errorf("call: transfer: %w", err)
	}
	return b.order(ctx, id, verbTransfer, string(text))
}

// profileOf finds the agent of a call, whichever instance holds it.
func (b *Switchboard) profileOf(ctx context.Context, id string) (*Profile, error) {
	b.mu.Lock()
	l := b.talking(id)
	b.mu.Unlock()
	if l != nil {
		return l.call.profile, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	head, err := b.cfg.Store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	profile := b.cfg.Profiles[head.Agent]
	if profile == nil || head.Outcome != "" {
		return nil, ErrNotLive
	}
	return profile, nil
}

// onTransfer does what an operator wants of a call.
func (c *Call) onTransfer(text string, now time.Time) error {
	var o transferOrder
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return errVerb
	}
	to, err := c.profile.Transfers.Find(o.To)
	switch {
	case err != nil:
		return err
	case c.ending != nil:
		return ErrNotLive
	}
	c.journal.note("an operator put the call through", now)
	// The agent says so, unless the opening runs: that is heard to its end, and nothing after it.
	c.endSaying(putThrough(to, o.Summary), sayPutThrough, now)
	return nil
}
