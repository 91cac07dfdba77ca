package agent

import (
	"strconv"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// textEvery is how often the call gets the words of a part that is under way: a line in the
// log is written again each time.
const textEvery = 250 * time.Millisecond

// speak adds to what a part says. What it says in all comes at its end.
func (a *realtimeAgent) speak(at realtime.Place, text string, all bool) {
	p := a.part(at)
	if p == nil && all { // its sound has ended before
		p = a.sound.parts[string(at.ItemID)+"#"+strconv.Itoa(at.ContentIndex)]
	}
	if p == nil || p.answer.dropped {
		return
	}
	if all {
		if string(p.text) == text && p.told == len(p.text) {
			return
		}
		p.text, p.told = []byte(text), -1
		a.tellText(p, time.Time{})
		return
	}
	if len(p.text) <= a.budgets.Message { // nothing is added to what is over the budget
		p.text = append(p.text, text...)
	}
	a.tellText(p, time.Now())
}

// tellText tells the call of words that it doesn't know, if it is time to; at no time, in
// any case.
func (a *realtimeAgent) tellText(p *part, now time.Time) {
	if p.told == len(p.text) || len(p.text) == 0 || !now.IsZero() && now.Sub(p.toldAt) < textEvery {
		return
	}
	p.told, p.toldAt = len(p.text), now
	a.emit(AgentSaid{Segment: p.segment, Text: string(p.text), Asked: p.answer.saying.byCall()})
}

// tellTexts tells of all words so far.
func (a *realtimeAgent) tellTexts() {
	for _, segment := range a.sound.order {
		if p := a.sound.parts[segment]; !p.ended && !p.answer.dropped {
			a.tellText(p, time.Time{})
		}
	}
}
