package call

import (
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
)

// turnsKept bounds the caller's turns that are remembered: of older ones no words come any more.
const turnsKept = 64

// turns are the caller's, oldest first: a voice fixes their places in the log by a
// [agent.CallerTurn], and their words may come before, after, twice, or never.
type turns []*turn

type turn struct {
	id       string
	entry    calllog.Entry // its line; Seq is 0 until its place is fixed
	at       time.Time     // when the caller had said it
	question string        // what the agent had said before
	said     bool          // its words have come
}

// find is the turn of a name; nil if there is none.
func (t turns) find(id string) *turn {
	if i := slices.IndexFunc(t, func(u *turn) bool { return u.id == id }); i >= 0 && id != "" {
		return t[i]
	}
	return nil
}

func (t *turns) add(u *turn) *turn {
	if *t = append(*t, u); len(*t) > turnsKept {
		*t = slices.Delete(*t, 0, 1)
	}
	return u
}

// callerTurn fixes the place of a turn in the log. A turn whose words never come, or are
// none, leaves no line.
func (c *Call) callerTurn(ev agent.CallerTurn, now time.Time) {
	c.notice.heard(now)
	c.voices.callerSaid(false, now)
	c.ending.overheard(now)
	c.floor.stopped(now)
	c.spokeSinceCaller = false
	t := c.turns.find(ev.Turn)
	if t == nil {
		t = c.turns.add(&turn{id: ev.Turn, entry: calllog.Entry{Kind: calllog.KindCaller}})
	}
	if t.entry.Seq > 0 {
		return
	}
	if t.entry = c.journal.reserve(t.entry, now); t.said {
		c.journal.rewrite(t.entry)
	} else {
		t.at, t.question = now, c.wishes.question
	}
	c.observed.turnIsOver(t.entry, now)
}

// callerSaid takes what the caller said. While the line still plays what they have not yet
// heard, it may be an interruption.
func (c *Call) callerSaid(ev agent.CallerSaid, now time.Time) error {
	t := c.turns.find(ev.Turn)
	switch {
	case ev.Typed: // our own words, such as a key that was pressed
		return nil
	case t != nil && t.said: // once
		return nil
	case ev.Failed || ev.Text == "":
		if !ev.Interim {
			c.forgetPartial(ev.Turn)
			if c.floor.mistaken() {
				c.resume(now)
			}
		}
		return nil
	}
	if c.notice.heard(now); t == nil {
		c.voices.callerSaid(ev.Interim, now)
	}
	if ev.Interim {
		c.observed.observer.Begin(now)
		c.keepPartial(ev)
		if c.detects() {
			c.answeredBy(c.amd.Interim(ev.Text, now), now)
		}
		if t != nil { // the agent may be answering them already
			return nil
		}
		return c.talksOver(ev, nil, now)
	}
	if t == nil { // the words are the turn, or come before it
		t = &turn{id: ev.Turn, entry: calllog.Entry{Kind: calllog.KindCaller}, at: now, question: c.wishes.question}
		if c.spokeSinceCaller = false; ev.Turn != "" {
			c.turns.add(t)
		} else {
			t.entry = c.journal.reserve(t.entry, now)
		}
	}
	err := c.talksOver(ev, t, now)
	c.forgetPartial(ev.Turn)
	c.observed.understood(t, ev, c.link.emotionsOf(ev.Emotions), &c.journal, now)
	c.takes(ev.Text, t.question, t.at, now)
	return err
}

// readMost is how much of a turn is read for what it means, in bytes: nine minutes of speech.
// Reading takes some µs a word, and nobody is heard meanwhile.
const readMost = 8 << 10

// takes acts on what the caller said, in answer to what the agent had said before. Of an
// endless text it reads the beginning and the end.
func (c *Call) takes(text, question string, at, now time.Time) {
	if n := len(text); n > readMost {
		text = strings.ToValidUTF8(text[:readMost/2]+" … "+text[n-readMost/2:], "")
	}
	c.wishes.heard(utterance{text, question, at})
	c.aboutCalls(text, at, now)
	if c.detects() {
		c.answeredBy(c.amd.Said(text, now), now)
	}
}

// understood writes down the words of a turn, with what was measured of it meanwhile.
func (o *observation) understood(t *turn, ev agent.CallerSaid, source string, j *journal, now time.Time) {
	if i := o.find(t.entry.Seq); i >= 0 {
		t.entry = o.turns[i]
	}
	t.said, t.entry.Text = true, ev.Text
	if len(ev.Emotions) > 0 {
		t.entry.Emotions, t.entry.EmotionsSource = ev.Emotions, source
		t.entry.EmotionLabels = nil
	}
	switch {
	case t.entry.Seq == 0: // a CallerTurn places it
		return
	case ev.Turn == "":
		o.turnIsOver(t.entry, now)
	default:
		o.written(t.entry)
	}
	j.rewrite(t.entry)
}

// keepPartial keeps the words so far of a turn that is not over: who hangs up now has said them.
func (s *stream) keepPartial(ev agent.CallerSaid) {
	if t := s.turns.find(ev.Turn); (t == nil || !t.said) && ev.Text != "" && !ev.Failed && !ev.Typed {
		s.partial, s.floor.partialOf = ev.Text, ev.Turn
	}
}

// forgetPartial forgets the words so far of a turn whose words have come.
func (s *stream) forgetPartial(turn string) {
	if s.floor.partialOf == turn {
		s.partial, s.floor.partialOf = "", ""
	}
}

// unplaced writes down words whose place was never fixed, at the call's end.
func (t turns) unplaced(j *journal, now time.Time) {
	for _, u := range t {
		if u.said && u.entry.Seq == 0 {
			u.entry = j.add(u.entry, now)
		}
	}
}
