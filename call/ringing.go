package call

import (
	"context"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Bounds of the time in which a call rings.
const (
	askFirst = ringFor + 15*time.Second // without news: then Twilio is asked
	askEvery = 15 * time.Second
	ringMost = 3 * time.Minute // queued, ringing, whatever: then it is given up
)

// askAfter asks Twilio about a call of which no news came.
func (b *Switchboard) askAfter(p *placed) {
	b.keeper.do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), fetchWait)
		defer cancel()
		b.mu.Lock()
		sid, late := p.e.sid, time.Now().After(p.giveUp)
		gone := rings(p.e.phase) != p
		b.mu.Unlock()
		if gone || b.moved(p) {
			return
		}
		now, err := b.cfg.Carrier.Find(ctx, sid)
		switch {
		case err == nil && now.State.Terminal():
			b.statusOf(p, carrier.Status{Call: sid, State: now.State})
		case late:
			p.log.Warn().Err(err).Str("status", string(now.State)).Msg("giving up on a call that does not end")
			b.endPlaced(p, Outcome{Reason: NoAnswer, note: "nobody answered, and Twilio never said that it was over"})
			b.hangUpAside(sid)
		default:
			b.mu.Lock()
			if rings(p.e.phase) == p {
				p.e.timer = time.AfterFunc(askEvery, func() { b.askAfter(p) })
			}
			b.mu.Unlock()
		}
	})
}

// rings notes that a telephone rings. The carrier is asked about the call when it would have been. b.mu is held.
func (b *Switchboard) rings(p *placed) {
	if b.table.move(p.e, p.e.phase, ringing{p}) && p.known {
		p.e.timer = time.AfterFunc(askFirst, func() { b.askAfter(p) })
	}
}

// statusOf takes Twilio's word on a call that rings.
func (b *Switchboard) statusOf(p *placed, s carrier.Status) {
	b.learn(p, s.Call)
	b.mu.Lock()
	if rings(p.e.phase) != p {
		b.mu.Unlock()
		return
	}
	h := &p.journal.head
	_, dials := p.e.phase.(dialing)
	failure, trouble := ringFailure(s, !dials)
	if reached(s) || trouble != nil {
		b.judge(p, trouble)
	}
	switch {
	case s.State.Terminal():
	case s.State == carrier.Ringing && dials:
		b.rings(p)
		h.Status = calllog.StatusRinging
		p.journal.save()
	case s.State == carrier.InProgress && dials:
		b.rings(p) // a "ringing" that comes later is old
	}
	b.mu.Unlock()
	if s.State != carrier.InProgress && !s.State.Terminal() || b.moved(p) || !s.State.Terminal() {
		return
	}
	out := Outcome{Reason: unheard(s), failure: failure}
	switch {
	case s.State == carrier.Completed:
		out = Outcome{Reason: Failed, note: "the call was answered, and ended before Twilio asked what to do", silent: true}
	case s.Code != 0:
		out.note = "Twilio reports error " + strconv.Itoa(s.Code)
	case s.State == carrier.Canceled:
		out = Outcome{Reason: Failed, note: "the call was canceled"}
	}
	b.endPlaced(p, out)
}
