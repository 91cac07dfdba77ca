package call

import (
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/optout"
)

// joinPause is how long a pause may be that cuts one refusal in two utterances; wordTime is
// about how long a spoken word takes, for the text comes when the utterance is over.
const (
	joinPause = 3 * time.Second
	wordTime  = 400 * time.Millisecond
)

// stated is what a caller has said in a call about being called.
type stated struct {
	before    utteranceBefore
	doubt     doubt
	preferred []optout.When // what was written down of when they want calls
	wrong     bool          // it is the wrong number
}

// utteranceBefore is what the caller said last, for a refusal that a pause has cut.
type utteranceBefore struct {
	text string
	at   time.Time // when it was said; without a turn's, when its text came
}

// aboutCalls takes what a caller says about being called: no model has a word in it. What is
// written down of it goes to the ledger; a log has only its kind. It was said at a time, and its
// text came later, perhaps after that of what was said next.
func (c *Call) aboutCalls(text string, at, now time.Time) {
	if c.stop.begun() || c.echoes(text, c.journal.head.Opening, at) {
		return
	}
	first, second := c.stated.before, utteranceBefore{text, at}
	if first.at.After(at) {
		first, second = second, first
	} else {
		c.stated.before = second
	}
	meaning, words := optout.Speech(text), text
	pause := second.at.Sub(first.at) - time.Duration(len(strings.Fields(second.text)))*wordTime
	if first.text != "" && pause <= joinPause && meaning.Kind != optout.Refusal {
		if both := optout.Joined(first.text, second.text); both.Kind == optout.Refusal || meaning.Kind == optout.None && both.Kind != optout.None {
			meaning, words = both, first.text+" "+second.text
		}
	}
	if meaning.Kind != optout.None {
		c.log.Info().Str("kind", string(meaning.Kind)).Msg("caller stated a call preference")
	}
	c.meant(meaning, words, now)
	c.stated.doubt.answered(c, meaning, text, at, now)
}

// meant does what words mean.
func (c *Call) meant(m optout.Meaning, words string, now time.Time) {
	switch m.Kind {
	case optout.Refusal:
		c.optOut(bySpeech, words, now)
	case optout.Unclear:
		c.unclear(words, now)
	case optout.Preference:
		if c.stated.prefers(m.When, words, c.dossier, &c.journal, now) {
			c.unclear(words, now)
		}
	case optout.WrongNumber:
		c.wrongNumber(words, now)
	case optout.Deceased, optout.Minor, optout.Represented:
		if c.stated.standIn(m.Kind, words, c.dossier, &c.journal, now) {
			c.tell(tellStandIn, now)
		}
	case optout.StopRecording:
		c.recordNoMore(now)
	case optout.None:
	}
}

// unfinished takes a refusal that was begun when the call ended: people say stop and hang up, and
// the recognizer, which waits for a pause, has only what it heard so far.
func (c *Call) unfinished(out Outcome, now time.Time) {
	if c.partial != "" && out.Reason == CallerHungUp && !c.stop.begun() && !c.echoes(c.partial, c.journal.head.Opening, now) && optout.Speech(c.partial).Kind == optout.Refusal {
		c.optOut(bySpeech, c.partial, now)
	}
}

// preferencesMost is how many preferences one call writes down; with more than these nobody knows
// when the person may be called, and the number is held.
const preferencesMost = 5

// prefers writes down when somebody wants to be called. The call goes on. It is true if nobody knows any more when
// that is.
func (s *stated) prefers(w optout.When, words string, d dossier, j *journal, now time.Time) (unclear bool) {
	switch {
	case slices.Contains(s.preferred, w), j.outbound() && amd.Who(amd.Plain(words)) != amd.Someone: // "we're closed, call back after nine"
		return false
	case len(s.preferred) == preferencesMost:
		return true
	}
	f, ok := d.preference(w, words, now)
	if !ok {
		return false
	}
	s.preferred = append(s.preferred, w)
	j.event(calllog.EventPreference, "the person said when they want no calls", now)
	d.keeper.keep(keepWait, f)
	return false
}

const sayWrongNumber = "I'm sorry, we have the wrong number. We won't call it again. Goodbye."

// wrongNumber deals with somebody whom we never meant to call: the consent is another
// person's, so nobody is called at this number, and the call ends with an apology. Who called
// us by mistake says nothing about consent.
func (c *Call) wrongNumber(words string, now time.Time) {
	if !c.outbound() || !c.dossier.known() || c.stated.wrong {
		return
	}
	c.stated.wrong = true
	c.journal.event(calllog.EventWrongNumber, "it is the wrong number", now)
	suspected, add := c.dossier.fact(consent.NumberFact, now), c.dossier.fact(consent.DNCAdd, now)
	suspected.Reassigned, suspected.Note, add.Note = consent.Suspected, words, "wrong number"
	c.dossier.keeper.keep(keepWait, suspected, add)
	c.endAfterPlaying(AgentEnded, sayWrongNumber, now)
}

// standIn deals with somebody who speaks for the person that the number belongs to: they have
// died, are a child, or have a lawyer. Nobody is called at this number, and a person looks at it. It is true once.
func (s *stated) standIn(kind optout.Kind, words string, d dossier, j *journal, now time.Time) bool {
	if !d.known() || s.doubt.standIn {
		return false
	}
	s.doubt.standIn = true
	j.event(calllog.EventOptOutUnclear, "somebody spoke for the person: "+strings.ReplaceAll(string(kind), "_", " "), now)
	add, look := d.fact(consent.DNCAdd, now), d.fact(consent.OptOutUnclear, now)
	add.Note, look.Words, look.Note = string(kind), short(words, wordsMost), string(kind)
	d.keeper.keep(keepWait, add, look)
	return true
}

const tellStandIn = "[From the line, not from a person: this number is on our do-not-call list from now on. Say in one sentence that we won't call it again, " +
	"say that a person will look into it, and end the call politely. Ask for nothing.]"
