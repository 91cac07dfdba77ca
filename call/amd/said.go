package amd

import "time"

// What the log says of who answered.
const (
	NoteFull     = "the mailbox is full: no message could be left"
	noteOther    = "the carrier reported an answering machine; by its words it is not one"
	noteWaits    = "an answering machine took the call; nothing is said before its beep"
	noteGreeting = "the words of a voicemail greeting were heard; nothing is said before its beep"
	noteNoBeep   = "no beep and no silence followed the words of a greeting: the call goes on as with a person"
	notePerson   = "a person spoke after all"
	noteBehind   = "a person came on the line behind it"
	noteGone     = "the answering machine was gone before a message could be left"
)

var noteOf = [speakers]string{
	Mailbox:   noteGreeting,
	FullBox:   "a full mailbox answered; nothing is said to it",
	Assistant: "a call-screening assistant answered",
	Menu:      "a phone menu answered",
}

// Said takes what was said on the other side, in final words.
//
// On a call that was placed, a voicemail greeting mutes the agent; an assistant's question, or a menu, is told to the
// agent, once. Nothing of this is done on a call that came in, but nobody may repeat themselves for ever.
func (d *Detector) Said(text string, now time.Time) []Verdict {
	plain := Plain(text)
	if !d.placed {
		v, _ := d.repeats(plain, Someone)
		return v
	}
	speaks := Who(plain)
	if speaks == Someone && !d.Waits() { // a pause may have cut the greeting in two
		if both := Who(d.last + " " + plain); both == Mailbox || both == FullBox {
			speaks = both
		}
	}
	d.last = plain
	v, over := d.repeats(plain, speaks)
	if over {
		return v
	}
	switch age := now.Sub(d.answered); {
	case speaks != Someone && age <= wordsFor:
		v = append(v, d.speaks(speaks, now)...)
	case speaks != Someone:
	case d.Waits() && (isThere.In(plain) || !d.known && mayGreet.In(plain)):
		v = append(v, d.person(notePerson)...)
	case !d.Waits() && age <= screenFor:
		v = append(v, d.passedOn(plain)...)
	}
	return v
}

// Interim takes words that are not final: enough to fall silent before a greeting's end.
func (d *Detector) Interim(text string, now time.Time) []Verdict {
	if !d.placed || d.Waits() || now.Sub(d.answered) > wordsFor {
		return nil
	}
	if who := Who(Plain(text)); who == Mailbox || who == FullBox {
		return d.speaks(who, now)
	}
	return nil
}

// repeats notices that the same was said before.
func (d *Detector) repeats(plain string, speaks Speaker) (v []Verdict, over bool) {
	tell, end := d.said.add(plain, speaks, d.placed)
	switch {
	case end:
		d.machine = d.machine || d.placed && speaks != Someone
		return []Verdict{Endless{Mailbox: d.known || d.seen[Mailbox] || d.seen[FullBox]}}, true
	case tell && !d.Waits():
		v = []Verdict{Repeats{}}
	}
	return v, false
}

// speaks deals with whoever is not a person.
func (d *Detector) speaks(who Speaker, now time.Time) (v []Verdict) {
	first := !d.seen[who]
	d.seen[who] = true
	if first {
		v = append(v, Noted(noteOf[who]))
	}
	switch who {
	case FullBox:
		d.full = true
		v = append(v, d.await(false, now)...)
	case Mailbox:
		v = append(v, d.await(false, now)...)
	case Assistant, Menu:
		if d.Waits() { // "to leave a number, press 5": the agent has no part in it
			return v
		}
		d.beeped = time.Time{} // it was for a name, or a key
		if d.opens = who; first {
			v = append(v, Asks{who})
		}
	}
	return v
}

// passedOn sees whether a person has come on the line behind an assistant or a menu. What an assistant says is mostly
// known, what a menu says is not: behind a menu it takes the words of a person.
func (d *Detector) passedOn(plain string) []Verdict {
	greets := d.opens != Menu || isThere.In(plain) || mayGreet.In(plain)
	if d.opens == Someone || plain == "" || !greets || holdOn.In(plain) {
		return nil
	}
	d.opens = Someone
	return []Verdict{Noted(noteBehind), Person{}}
}
