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
	e       *entry
	journal journal
	judged  bool // Config.CarrierHealth has heard of it
	known   bool // told is closed
	guessed bool // its carrier's name is from the carrier's list, which does not know our id
	giveUp  time.Time
}

func (b *Switchboard) newPlaced(e *entry, profile *Profile, head calllog.Call, permit consent.Permit) *placed {
	p := &placed{e: e, profile: profile, permit: permit, told: make(chan struct{}), journal: journal{out: b.cfg.Log, head: head},
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
	if sid == "" || p.known && (guessed || !p.guessed || p.e.sid == sid) {
		return false
	}
	first := !p.known
	p.guessed = guessed
	if p.e.phase != nil { // else another instance has it
		b.table.name(p.e, sid)
	}
	p.journal.head.TwilioCallSID = string(sid)
	p.journal.save()
	p.tell()
	if rings(p.e.phase) == p && first {
		p.giveUp = time.Now().Add(ringMost)
		p.e.timer = time.AfterFunc(askFirst, func() { b.askAfter(p) })
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

// leave gives up a call that rings, and that another instance carries.
func (b *Switchboard) leave(p *placed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.endRing(p, nil)
}

// endRing brings a call that rings to another phase, and lets nobody place it any more. It is true once. b.mu is held.
func (b *Switchboard) endRing(p *placed, to phase) bool {
	if rings(p.e.phase) != p || !b.table.move(p.e, p.e.phase, to) {
		return false
	}
	b.settled(p)
	return true
}

// settled lets nobody place a call any more that was answered, or is over. b.mu is held.
func (b *Switchboard) settled(p *placed) { p.cancel(errSettled) }

// endPlaced ends a call that nobody answered. It is true if nobody else did.
func (b *Switchboard) endPlaced(p *placed, out Outcome) bool {
	b.mu.Lock()
	if !b.endRing(p, b.over(p)) {
		b.mu.Unlock()
		return false
	}
	p.journal.end(out, time.Now(), b.cfg.Metrics, p.log)
	head := p.journal.head
	b.table.sweep(time.Now())
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
	sid := p.e.sid
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
	p := b.table.phaseOf(sid)
	return known(p) || rings(p) != nil
}
