package call

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// A call has one owner: the instance that its row in the log names. Another one that gets its
// stream, or that Twilio asks about it, claims it there first, which is possible once for each
// epoch; nothing that the old owner writes changes the row from then on, and it lets go as soon
// as it hears of it.

// claimTries bounds how often a call is claimed that others claim at the same time.
const claimTries = 3

// errCeded is the cause with which a call is cancelled that goes on at another instance.
var errCeded = errors.New("call: another instance has the call now")

// ceded is no outcome: the call goes on elsewhere.
const ceded Reason = "ceded"

// idOf is our id of a call that came in: the same on every instance, so that no two make two
// records of it while the database is away.
func (b *Switchboard) idOf(sid carrier.CallID) string {
	mac := hmac.New(sha256.New, b.cfg.Key)
	mac.Write([]byte("id of the call " + string(sid)))
	return "call_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16]))
}

// unknownEpoch is the epoch of whoever takes a call's stream while the database can't say whose
// it is: above every epoch that was claimed, and above that of who did the same before.
func unknownEpoch(now time.Time) int { return 1<<30 + int(now.Unix()%(1<<30-1)) }

// takeOver claims a call that another instance has, or had, and tells it to let go. The call is
// returned as it is in the log then, with its lines. After ErrClaimed it is over, or no more what
// it was when the claim began; after another error the database is away.
func (b *Switchboard) takeOver(ctx context.Context, head calllog.Call) (calllog.Call, error) {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	outcome := head.Outcome
	for range claimTries {
		got, err := b.cfg.Store.Claim(ctx, calllog.Claim{ID: head.ID, Instance: b.cfg.Instance, Epoch: head.Epoch, Outcome: outcome})
		if err == nil {
			b.keeper.do(func() { b.tellOwner(got.ID, verbCeded, writeCeded(got.Epoch, got.Instance)) })
			return got, nil
		}
		if !errors.Is(err, calllog.ErrClaimed) {
			return head, err
		}
		if head = got; got.Outcome != outcome {
			break
		}
	}
	return head, calllog.ErrClaimed
}

// writeCeded writes who has claimed a call as the text of a command; readCeded reads it.
func writeCeded(epoch int, instance string) string { return fmt.Sprintf("%d %s", epoch, instance) }

func readCeded(text string) (epoch int, instance string, err error) {
	if _, err = fmt.Sscanf(text, "%d %s", &epoch, &instance); err != nil {
		err = fmt.Errorf("call: who has a call now: %w", err)
	}
	return epoch, instance, err
}

// cede lets go of a call that another instance has claimed, if it is here with an older epoch.
func (b *Switchboard) cede(id string, epoch int) bool {
	b.mu.Lock()
	e := b.table.withID(id)
	var ph phase
	if e != nil {
		ph = e.phase
	}
	if c := callIn(ph); c == nil || c.journal.head.Epoch >= epoch {
		b.mu.Unlock()
		return false
	}
	l, talks := ph.(*live)
	if talks {
		b.table.move(e, l, nil)
	}
	b.mu.Unlock()
	switch ph := ph.(type) {
	case *live:
		ph.stream.end(errCeded)
	case *reconnecting:
		b.dropParked(ph)
	case *transferred:
		b.dropAway(ph)
	default:
		b.dropWaiting(waits(ph))
	}
	return true
}
