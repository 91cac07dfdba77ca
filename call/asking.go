package call

import "github.com/patchcord/patchcord/carrier"

// asking is a call about which somebody is being asked before it can be taken: its Router who answers it, or the
// database whose it is.
type asking struct {
	e     *entry
	done  chan struct{}   // closed when it is taken, or is not
	ended *carrier.Status // the carrier's word that the call is over meanwhile
}

// beginAsking is nil of a call about which nobody has to be asked: it is here. Whoever comes while another is asking
// about the same call waits for that. Our id of the call may be another one, as long as it is not known.
func (b *Switchboard) beginAsking(id string, sid carrier.CallID) *asking {
	for {
		b.mu.Lock()
		e := b.table.entry(id, sid)
		under, asked := e.phase.(*asking)
		var a *asking
		if !asked {
			a = &asking{e: e, done: make(chan struct{})}
			if !b.table.move(e, nil, a) {
				a = nil
			}
		}
		b.mu.Unlock()
		if !asked {
			return a
		}
		<-under.done
	}
}

// endAsking lets those go on that wait. Whose call it is, if not ours, hears that it is over.
func (b *Switchboard) endAsking(a *asking) {
	if a == nil {
		return
	}
	b.mu.Lock()
	left := b.table.move(a.e, a, nil) // else it waits for its stream by now
	b.mu.Unlock()
	close(a.done)
	if left && a.ended != nil {
		b.keeper.do(func() { b.passOn("", *a.ended) })
	}
}

// overMeanwhile ends a call that waits for its stream if the carrier has said that it is over while somebody was being
// asked about it. b.mu is held.
func (b *Switchboard) overMeanwhile(a *asking, w *waiting) bool {
	if a == nil || a.ended == nil {
		return false
	}
	out := Outcome{Reason: unheard(*a.ended)}
	b.keeper.do(func() { b.forget(w, out) })
	return true
}
