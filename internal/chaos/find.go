package chaos

import (
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
	"github.com/patchcord/patchcord/phone"
)

func (w *World) alive() (list []*Instance) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, i := range w.instances {
		if !i.isDead() {
			list = append(list, i)
		}
	}
	return list
}

// serving is where the balancer sends requests: to the instances that live, and of those that drain only if there is
// no other.
func (w *World) serving() (list []*Instance) {
	all := w.alive()
	for _, i := range all {
		if !i.board.Draining() {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return all
	}
	return list
}

func (w *World) names(id carrier.CallID, t *Talk) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bySIDs[id] = t
}

func (w *World) bySID(id carrier.CallID) *Talk {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bySIDs[id]
}

func (w *World) byID(id string) *Talk {
	for _, t := range w.talks {
		if t.id == id {
			return t
		}
	}
	return nil
}

func (w *World) byParty(p phone.Party) *Talk {
	for _, t := range w.talks {
		if t.number().E164() == string(p) {
			return t
		}
	}
	return nil
}

func (w *World) byLine(l *carriertest.Line) *Talk {
	for _, t := range w.talks {
		if c := t.carried(); c != nil && c.Line() == l {
			return t
		}
	}
	return nil
}
