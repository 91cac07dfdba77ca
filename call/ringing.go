package call

import (
	"context"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio"
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
		ctx, cancel := context.WithTimeout(context.Background(), createWait)
		defer cancel()
		b.mu.Lock()
		sid, late := p.sid, time.Now().After(p.giveUp)
		gone := p.gone
		b.mu.Unlock()
		if gone || b.moved(p) {
			return
		}
		now, err := b.cfg.Twilio.FetchCall(ctx, sid)
		switch {
		case err == nil && now.Status.Terminal():
			b.statusOf(p, twilio.Status{CallSID: sid, Status: now.Status})
		case late:
			p.log.Warn().Err(err).Str("status", string(now.Status)).Msg("a call that does not end is given up")
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
func (b *Switchboard) statusOf(p *placed, s twilio.Status) {
	b.learn(p, s.CallSID)
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
	case s.Status.Terminal():
	case s.Status == twilio.Ringing && !p.ringing:
		p.ringing = true
		h.Status = calllog.StatusRinging
		p.journal.save()
	case s.Status == twilio.InProgress:
		p.ringing = true // a "ringing" that comes later is old
	}
	b.mu.Unlock()
	if s.Status != twilio.InProgress && !s.Status.Terminal() || b.moved(p) || !s.Status.Terminal() {
		return
	}
	out := Outcome{Reason: unheard(s), failure: failure}
	switch {
	case s.Status == twilio.Completed:
		out = Outcome{Reason: Failed, note: "the call was answered, and ended before Twilio asked what to do", silent: true}
	case s.ErrorCode != 0:
		out.note = "Twilio reports error " + strconv.Itoa(s.ErrorCode)
	case s.Status == twilio.Canceled:
		out = Outcome{Reason: Failed, note: "the call was canceled"}
	}
	b.endPlaced(p, out)
}
