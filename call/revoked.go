package call

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
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
	out := withdrawn

	b.mu.Lock()
	for r := range b.reserved {
		if consent.EndsLive(f, r.request, false) {
			r.revoked = true
		}
	}
	var rings []*placed
	for _, p := range b.placed {
		if p.request.CallID != f.CallID && consent.EndsLive(f, p.request, false) {
			rings = append(rings, p)
		}
	}
	var calls []carrier.CallID
	for _, l := range b.live {
		if hit(l.call) {
			l.stream.end(errRevoked)
		}
	}
	waits, parks := map[carrier.CallID]*waiting{}, map[carrier.CallID]*parked{}
	for sid, w := range b.waiting {
		if hit(w.call) {
			waits[sid] = w
			calls = append(calls, sid)
		}
	}
	for sid, p := range b.parked {
		if hit(p.call) {
			parks[sid] = p
			calls = append(calls, sid)
		}
	}
	for _, a := range b.away { // who talks to a person goes on, and to no agent
		if hit(a.call) && !a.revoked {
			a.revoked = true
			a.call.journal.event(calllog.EventConsentWithdrawn, noteRevoked, time.Now()) // for the instance that hears how it ends
		}
	}
	b.mu.Unlock()

	for _, sid := range calls {
		b.hangUpAside(sid)
	}
	for _, p := range rings {
		p.cancel(errRevoked)
		b.dropPlaced(p, out)
	}
	for sid, w := range waits {
		b.keeper.do(func() { b.forget(sid, w, out) })
	}
	for sid, p := range parks {
		b.keeper.do(func() { b.giveUp(sid, p, out) })
	}
}
