package agent

import "github.com/patchcord/patchcord/realtime"

// callerTurns are the caller's: their places in the conversation are certain when they end,
// their words may come at any time, in any order, twice, or never.
type callerTurns struct {
	all   map[realtime.ItemID]*heardTurn
	order []realtime.ItemID // oldest first
}

type heardTurn struct {
	text string // so far
	over bool   // the caller has spoken
	said bool   // its words have come
}

// heardTurnsKept bounds those that are remembered.
const heardTurnsKept = 128

func (t *callerTurns) of(id realtime.ItemID) *heardTurn {
	h := t.all[id]
	if h == nil {
		h = &heardTurn{}
		t.all[id] = h
		if t.order = append(t.order, id); len(t.order) > heardTurnsKept {
			delete(t.all, t.order[0])
			t.order = t.order[1:]
		}
	}
	return h
}

// committed ends a turn of the caller's.
func (a *realtimeAgent) committed(id realtime.ItemID) {
	if t := a.turns.of(id); !t.over {
		t.over = true
		a.emit(CallerTurn{string(id)})
	}
}

// words takes words so far. Those of a turn that is over wait for the rest of it: the agent
// may be answering them already.
func (a *realtimeAgent) words(id realtime.ItemID, text string, more bool) {
	t := a.turns.of(id)
	if t.said {
		return
	}
	switch {
	case more && len(t.text) > a.budgets.Message: // nothing is added to what is over the budget
		text = t.text
	case more:
		text = t.text + text
	}
	if t.text = text; !t.over && text != "" {
		a.emit(CallerSaid{Turn: string(id), Text: text, Interim: true})
	}
}

// transcribed takes all words of a turn, once.
func (a *realtimeAgent) transcribed(id realtime.ItemID, text string, failed bool) {
	t := a.turns.of(id)
	if t.said {
		return
	}
	a.committed(id) // a server may say so later
	t.said = true
	a.emit(CallerSaid{Turn: string(id), Text: text, Failed: failed})
}
