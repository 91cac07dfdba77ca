package call

import (
	"slices"
	"strings"
	"time"
)

// Bounds of hearing the same again. A person who gets no answer says a short sentence
// three times; nobody says a long one three times in the same words.
const (
	loopKept  = 16 // utterances that are remembered
	loopWords = 12 // in an utterance that only a recording says again; or it is known for a machine's
	loopTell  = 2  // times, after which the agent is told
	loopMost  = 3
	loopAlike = .85 // of the words are the same
	echoWords = 5   // in an utterance that counts if it comes again and again, with no other between
	echoTell  = 3
	echoMost  = 6
)

const (
	noteLoop  = "the same words were heard again and again: two machines were talking"
	noteAgain = "the caller said the same words again and again: a machine, or nobody understood"
	tellLoop  = "[From the line, not from a person: you have heard these same words before. It seems to be a recording. Don't answer it again.]"
	loopPlain = 400 // bytes of an utterance that are compared
)

// loop is what the caller said, to notice that it is the same over and over.
//
// On a call that we placed: what is known for a machine's words, or is [loopWords] long,
// and comes a second time nearly the same is told to the agent; the third time the call
// ends. On any call: six times the very same sentence of five words or more, with nothing
// between, ends it too: a call that came in goes to the fallback, since it may be a person
// who gets nowhere.
type loop struct {
	heard []uttered // the newest last
	row   int       // times that the newest was said in a row
}

type uttered struct {
	plain string
	times int
}

// repeats takes an utterance. It is true if it ends the call.
func (c *Call) repeats(plain string, speaks speaker, now time.Time) bool {
	if len(plain) > loopPlain {
		plain = plain[:loopPlain]
	}
	words := len(strings.Fields(plain))
	times, row := c.loop.add(plain)
	long := c.outbound() && (speaks != someone || words >= loopWords)
	echo := words >= echoWords
	switch {
	case long && times >= loopMost, echo && row >= echoMost:
		c.endLoop(speaks, now)
		return true
	case c.outbound() && (long && times == loopTell || echo && row == echoTell) && !c.voicemail.waits():
		c.tell(tellLoop, now)
	}
	return false
}

// add remembers an utterance: how often nearly the same was said, and how often in a row.
func (l *loop) add(plain string) (times, row int) {
	if n := len(l.heard); n > 0 && l.heard[n-1].plain == plain {
		l.row++
	} else {
		l.row = 1
	}
	u := uttered{plain, 1}
	if i := slices.IndexFunc(l.heard, func(o uttered) bool { return alike(o.plain, plain) }); i >= 0 {
		u.times += l.heard[i].times
		l.heard = slices.Delete(l.heard, i, i+1)
	}
	if len(l.heard) >= loopKept {
		l.heard = slices.Delete(l.heard, 0, 1)
	}
	l.heard = append(l.heard, u)
	return u.times, l.row
}

// alike tells whether two utterances have nearly the same words.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	one, other := strings.Fields(a), strings.Fields(b)
	all, common := len(one)+len(other), 0
	for _, w := range one {
		if i := slices.Index(other, w); i >= 0 {
			other[i] = ""
			common += 2
		}
	}
	return float64(common) >= loopAlike*float64(all)
}

// endLoop ends a call in which two machines talk, or may.
func (c *Call) endLoop(speaks speaker, now time.Time) {
	if !c.outbound() {
		c.endAtOnce(Outcome{Reason: Failed, note: noteAgain, next: nextFallback}, now)
		return
	}
	out := Outcome{Reason: Failed, note: noteLoop}
	if c.voicemail.known || c.screen.known[mailbox] || c.screen.known[fullBox] {
		out.Reason = Voicemail
	}
	c.machine = c.machine || speaks != someone
	c.endAtOnce(out, now)
}
