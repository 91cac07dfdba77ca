package call

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

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
			if b.listed(p, begun) {
				return
			}
			continue
		case <-late.C:
			pause.Stop()
		}
		b.endPlaced(p, Outcome{Reason: Failed, failure: &calllog.Failure{Cause: calllog.CauseCarrier},
			note: "Twilio never said whether it placed the call, and shows none"})
		return
	}
}

// listed looks for a call in Twilio's list that nothing else accounts for, and takes it
// for ours until a callback says otherwise.
func (b *Switchboard) listed(p *placed, begun time.Time) bool {
	ctx, cancel := context.WithTimeout(context.Background(), fetchWait)
	defer cancel()
	sid, err := b.unclaimed(ctx, p.request.To, p.request.From.E164(), begun)
	if err != nil {
		p.log.Warn().Err(err).Msg("list calls failed")
	}
	if sid == "" { // of two, a callback will tell which it is
		return false
	}
	b.mu.Lock()
	news := b.named(p, sid, true)
	over := p.journal.head.Outcome != ""
	b.mu.Unlock()
	if news && over {
		b.hangUpAside(sid)
	}
	return true
}
