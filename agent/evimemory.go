package agent

import (
	"strings"

	"github.com/patchcord/patchcord/evi"
)

// notesMax bounds what is repeated to EVI: a new context replaces the one before, and
// whether that was read already nobody says.
const notesMax = 4

// SendContext adds to the context that EVI reads with the caller's next turn.
func (a *eviAgent) SendContext(text string) error {
	if a.notes = append(a.notes, text); len(a.notes) > notesMax {
		a.notes = a.notes[1:]
	}
	return a.sendContext()
}

// Remember gives EVI a context that it reads with every turn. Context alone makes it say
// nothing: if the caller waits, it gets their last words as a turn to answer.
func (a *eviAgent) Remember(m Memory) error {
	if len(m.Turns) == 0 {
		return nil
	}
	words := ""
	if callerWaits(m.Turns) {
		words, m.Turns = toAnswer(m.Turns)
	}
	a.memory = m.String()
	if err := a.sendContext(); err != nil || words == "" {
		return err
	}
	return a.chat.SendUserInput(words)
}

// toAnswer is what the caller said last, or, if they have said nothing, what happened
// last, such as keys that were pressed; and the turns without it, if it is the last of
// them: EVI would read it twice.
func toAnswer(turns []Turn) (words string, rest []Turn) {
	last := -1
	for i, t := range turns {
		said := t.Tool == nil && strings.TrimSpace(t.Text) != ""
		if said && (t.By == ByCaller || t.By == ByBridge && (last < 0 || turns[last].By == ByBridge)) {
			last = i
		}
	}
	switch last {
	case -1:
		return "", turns
	case len(turns) - 1:
		return strings.TrimSpace(turns[last].Text), turns[:last]
	}
	return strings.TrimSpace(turns[last].Text), turns
}

func (a *eviAgent) sendContext() error {
	c := evi.Context{Type: evi.TemporaryContext, Text: strings.Join(a.notes, "\n")}
	if a.memory != "" {
		c.Type, c.Text = evi.PersistentContext, strings.TrimSpace(a.memory+"\n"+c.Text)
	}
	return a.chat.SendSettings(evi.SessionSettings{Context: &c})
}
