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
		sid, late := p.sid, time.Now().After(p.giveUp)
		gone := p.gone
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
			if !p.gone {
				p.timer = time.AfterFunc(askEvery, func() { b.askAfter(p) })
			}
			b.mu.Unlock()
		}
	})
}

// statusOf takes Twilio's word on a call that rings.
func (b *Switchboard) statusOf(p *placed, s carrier.Status) {
	b.learn(p, s.Call)
	b.mu.Lock()
	if p.gone {
		b.mu.Unlock()
		return
	}
	h := &p.journal.head
	failure, trouble := ringFailure(s, p.ringing)
	if reached(s) || trouble != nil {
		b.judge(p, trouble)
	}
	switch {
	case s.State.Terminal():
	case s.State == carrier.Ringing && !p.ringing:
		p.ringing = true
		h.Status = calllog.StatusRinging
		p.journal.save()
	case s.State == carrier.InProgress:
		p.ringing = true // a "ringing" that comes later is old
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
