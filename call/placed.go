package call

import (
	"context"
	"errors"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
)

var (
	errRevoked = errors.New("call: consent was withdrawn")
	errSettled = errors.New("call: the call is over")
)

// placed is a call that we place, until somebody answers it or it is over.
type placed struct {
	profile *Profile
	request consent.Request
	permit  consent.Permit
	log     zerolog.Logger
	ctx     context.Context // of the attempts to place it: its end lets no further one begin
	cancel  context.CancelCauseFunc
	told    chan struct{} // closed when its SID is known, or it was answered

	// Guarded by the switchboard's mutex.
	journal journal
	sid     carrier.CallID
	ringing bool // or further: Twilio has said so
	gone    bool // answered here, or over
	judged  bool // Config.CarrierHealth has heard of it
	known   bool // told is closed
	guessed bool // sid is from Twilio's list, which does not know our id
	timer   *time.Timer
	giveUp  time.Time
}

func (b *Switchboard) newPlaced(profile *Profile, head calllog.Call, permit consent.Permit) *placed {
	p := &placed{profile: profile, permit: permit, told: make(chan struct{}), journal: journal{out: b.cfg.Log, head: head},
		log: b.cfg.Logger.With().Str("call", head.ID).Str("agent", profile.Name).Logger()}
	p.request = b.dossier(head, profile).request
	p.ctx, p.cancel = context.WithCancelCause(b.ctx)
	return p
}

// tell wakes whoever waits for p's SID. The switchboard's mutex is held.
func (p *placed) tell() {
	if !p.known {
		p.known = true
		close(p.told)
	}
}

// learn notes Twilio's name for a call. If the call is over by then, it is hung up.
func (b *Switchboard) learn(p *placed, sid carrier.CallID) {
	b.mu.Lock()
	news := b.named(p, sid, false)
	over := p.journal.head.Outcome != ""
	b.mu.Unlock()
	if news && over {
		b.hangUpAside(sid)
	}
}

// named is learn with b.mu held. It is true of a new name. One that came with our own id
// replaces one that was guessed.
func (b *Switchboard) named(p *placed, sid carrier.CallID, guessed bool) bool {
	if sid == "" || p.known && (guessed || !p.guessed || p.sid == sid) {
		return false
	}
	first := !p.known
	p.sid, p.guessed = sid, guessed
	p.journal.head.TwilioCallSID = string(sid)
	p.journal.save()
	p.tell()
	if !p.gone && first {
		p.giveUp = time.Now().Add(ringMost)
		p.timer = time.AfterFunc(askFirst, func() { b.askAfter(p) })
	}
	return true
}

// moved tells whether another instance carries the call by now: Twilio told that one
// of the answer. Then it is none of ours.
func (b *Switchboard) moved(p *placed) bool {
	if !b.elsewhere(p.request.CallID) {
		return false
	}
	b.leave(p)
	return true
}

// leave takes a call out of those that ring. It is true once.
func (b *Switchboard) leave(p *placed) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p.gone {
		return false
	}
	b.remove(p)
	b.ended()
	return true
}

// remove is leave with b.mu held.
func (b *Switchboard) remove(p *placed) {
	p.gone = true
	delete(b.placed, p.request.CallID)
	if p.timer != nil {
		p.timer.Stop()
	}
	p.cancel(errSettled)
}

// endPlaced ends a call that nobody answered. It is true if nobody else did.
func (b *Switchboard) endPlaced(p *placed, out Outcome) bool {
	b.mu.Lock()
	if p.gone {
		b.mu.Unlock()
		return false
	}
	b.remove(p)
	now := time.Now()
	if p.sid != "" {
		b.over[p.sid] = now.Add(tokenLife)
	}
	b.close(p.request.CallID, p)
	p.journal.end(out, now, b.cfg.Metrics, p.log)
	head := p.journal.head
	b.ended()
	b.mu.Unlock()
	b.conclude(head, out, figures{})
	return true
}

// dropPlaced ends a call that nobody answered, and its ringing.
func (b *Switchboard) dropPlaced(p *placed, out Outcome) {
	if !b.endPlaced(p, out) {
		return
	}
	b.mu.Lock()
	sid := p.sid
	b.mu.Unlock()
	b.hangUpAside(sid)
}

// hangUpAside has the carrier end a call, beside, again if it must be.
func (b *Switchboard) hangUpAside(sid carrier.CallID) {
	if b.cfg.Carrier == nil || sid == "" {
		return
	}
	b.keeper.do(func() {
		err := failsafe.With(hangUps).Run(func() error {
			ctx, cancel := context.WithTimeout(context.Background(), askWait)
			defer cancel()
			return b.cfg.Carrier.HangUp(ctx, sid)
		})
		if err != nil {
			b.cfg.Logger.Error().Err(err).Str("call_sid", string(sid)).Msg("hang-up failed")
		}
	})
}

// hangUps is when and how often a hang-up is asked for again. It may be: a call that has
// ended is hung up.
var hangUps = retrypolicy.NewBuilder[any]().WithBackoff(500*time.Millisecond, 8*time.Second).WithMaxRetries(2).ReturnLastFailure().Build()

// knows tells whether a call of Twilio's is one of ours already.
func (b *Switchboard) knows(sid carrier.CallID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.placed {
		if p.sid == sid {
			return true
		}
	}
	_, over := b.over[sid]
	return over || b.waiting[sid] != nil || b.live[sid] != nil || b.parked[sid] != nil || b.away[sid] != nil
}
