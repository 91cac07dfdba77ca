package call

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio"
)

const noteRevoked = "consent was withdrawn"

// withdrawn is how a call ends whose consent was withdrawn meanwhile.
var withdrawn = Outcome{Reason: Failed, Err: errRevoked, note: noteRevoked, event: calllog.EventConsentWithdrawn}

// Revoked ends every call of this instance with a person who wants no more of them, by a
// fact that the ledger has just taken: what talks, what waits for its stream, what rings,
// and what is about to be placed. The call in which it was said ends by itself. Facts
// that withdraw nothing are ignored; the same may come twice. It does not wait.
func (b *Switchboard) Revoked(f consent.Fact) {
	reassigned := f.Type == consent.NumberFact && f.Reassigned == consent.Yes
	if f.Type != consent.Revoke && f.Type != consent.DNCAdd && !reassigned || f.Number.IsZero() {
		return
	}
	number := f.Number.E164()
	hit := func(head *calllog.Call, p *Profile) bool {
		return head.ID != f.CallID && (head.To == number || head.From == number) && (reassigned || p.Seller.Name == f.Seller)
	}
	out := withdrawn

	b.mu.Lock()
	for r := range b.reserved {
		if r.request.To == f.Number && (reassigned || r.request.Seller.Name == f.Seller) {
			r.revoked = true
		}
	}
	var rings []*placed
	for _, p := range b.placed {
		if hit(&p.journal.head, p.profile) {
			rings = append(rings, p)
		}
	}
	var calls []twilio.CallSID
	for _, l := range b.live {
		if hit(&l.call.journal.head, l.call.profile) {
			l.call.cancel(errRevoked)
		}
	}
	waits, parks := map[twilio.CallSID]*waiting{}, map[twilio.CallSID]*parked{}
	for sid, w := range b.waiting {
		if hit(&w.call.journal.head, w.call.profile) {
			waits[sid] = w
			calls = append(calls, sid)
		}
	}
	for sid, p := range b.parked {
		if hit(&p.call.journal.head, p.call.profile) {
			parks[sid] = p
			calls = append(calls, sid)
		}
	}
	for _, a := range b.away { // who talks to a person goes on, and to no agent
		if hit(&a.call.journal.head, a.call.profile) && !a.revoked {
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
