package call

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

const noteRevoked = "consent was withdrawn"

// withdrawn is how a call ends whose consent was withdrawn meanwhile.
var withdrawn = Outcome{Reason: Failed, Err: errRevoked, note: noteRevoked, event: calllog.EventConsentWithdrawn}

// Revoked ends every call of this instance that a fact forbids ([consent.EndsLive]) which the
// ledger, or the spool, has just taken: what talks, what waits for its stream, what rings,
// and what is about to be placed. The call in which it was said ends by itself. Facts
// that forbid nothing are ignored; the same may come twice. It does not wait.
func (b *Switchboard) Revoked(f consent.Fact) {
	if f.Number.IsZero() {
		return
	}
	hit := func(c *Call) bool { return c.journal.head.ID != f.CallID && c.dossier.endedBy(f) }
	rung := func(p *placed) bool { return p.request.CallID != f.CallID && consent.EndsLive(f, p.request, false) }
	var end []func()

	b.mu.Lock()
	for _, e := range b.table.all() {
		switch p := e.phase.(type) {
		case *reserved:
			p.revoked = p.revoked || consent.EndsLive(f, p.request, false)
		case dialing, ringing:
			if p := rings(p); rung(p) {
				end = append(end, func() { b.revoke(p) })
			}
		case *live:
			if hit(p.call) {
				p.stream.end(errRevoked)
			}
		case awaiting, sendingDigits, overdue:
			if w := waits(p); hit(w.call) {
				b.hangUpAside(e.sid)
				end = append(end, func() { b.keeper.do(func() { b.forget(w, withdrawn) }) })
			}
		case *reconnecting:
			if hit(p.call) {
				b.hangUpAside(e.sid)
				end = append(end, func() { b.keeper.do(func() { b.giveUp(p, withdrawn) }) })
			}
		case *transferred: // who talks to a person goes on, and to no agent
			if hit(p.call) && !p.revoked {
				p.revoked = true
				p.call.journal.event(calllog.EventConsentWithdrawn, noteRevoked, time.Now()) // for the instance that hears how it ends
			}
		case *asking, *ended, *unconfirmed:
		}
	}
	b.mu.Unlock()
	for _, f := range end {
		f()
	}
}

// revoke ends a call that rings, whose consent was withdrawn.
func (b *Switchboard) revoke(p *placed) {
	p.cancel(errRevoked)
	b.dropPlaced(p, withdrawn)
}
