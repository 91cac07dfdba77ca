package call

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/optout"
	"github.com/patchcord/patchcord/twilio"
)

// wordsMost bounds what a fact keeps of what was said, in bytes.
const wordsMost = 2000

// doubt is something that a caller said and that may have been a refusal. It holds every
// automated call to the number until somebody decides; the answer to our question may.
type doubt struct {
	open    bool
	row     int64 // of the ledger; 0 while it is not there
	told    bool  // the agent was told to ask
	put     bool  // it has said something since: the next words are the answer
	standIn bool  // somebody spoke for the person
}

const tellDoubt = "[From the line, not from a person: what they just said may mean that they want no more calls. Before anything else ask them, in these words: " +
	"Do you want us to stop calling you? Don't persuade. If they say yes, they are taken off the list and the call ends by itself.]"

// unclear writes down that somebody may have refused, and has the agent ask.
func (c *Call) unclear(words string, now time.Time) {
	d := &c.doubt
	if d.open || !c.dossier.known() {
		return
	}
	d.open, d.row = true, 0
	c.journal.event(calllog.EventOptOutUnclear, "it is unclear whether the person wants no more calls: the agent is told to ask", now)
	f := c.dossier.fact(consent.OptOutUnclear, now)
	f.Words = short(words, wordsMost)
	k := c.dossier.keeper
	c.aside(keepWait, func(ctx context.Context) func(*Call, time.Time) {
		row := k.recordRow(ctx, f)
		return func(c *Call, _ time.Time) { c.doubt.row = row }
	})
	c.tell(tellDoubt, now)
	d.told, d.put = c.link.agent != nil, false
}

// asked notes that the agent has spoken: the next words of the caller answer it.
func (d *doubt) asked() { d.put = d.open && d.told }

// answered takes the first words after the question. A yes is a refusal. A clear no says that
// there was none, if the person is known to be at the number; after all else it stays unclear,
// and a later yes answers something else.
func (d *doubt) answered(c *Call, m optout.Meaning, text string, now time.Time) {
	if !d.open || !d.put || c.stop.begun() {
		return
	}
	d.told, d.put = false, false
	switch {
	case m.Kind != optout.None && m.Kind != optout.Unclear:
	case yes(text):
		c.optOut(bySpeech, text, now)
	case m.Kind == optout.None && no(text) && d.row > 0 && c.dossier.holdsNumber():
		d.open = false
		c.journal.event(calllog.EventOptOutResolved, "the person was asked, and wants to be called", now)
		f := c.dossier.fact(consent.Resolve, now)
		f.Renews, f.Result, f.Note = d.row, consent.MeantNoRefusal, "answered on the call: "+short(text, wordsMost/2)
		c.dossier.keeper.keep(keepWait, f)
	}
}

// holdsNumber tells whether who speaks is known to be at the number: we called it, or the
// carrier vouches for it. A caller ID alone proves nobody.
func (d dossier) holdsNumber() bool { return d.permit != "" || d.attests == twilio.PassedA }

// plainAnswer is an answer in lower case, without punctuation.
func plainAnswer(text string) string { return strings.ReplaceAll(plainWords(text), "'", "") }

// yes tells whether all that somebody said is yes.
func yes(text string) bool {
	words := strings.Fields(plainAnswer(text))
	against := func(w string) bool { return slices.Contains(strings.Fields("no not but dont nope"), w) }
	return len(words) > 0 && len(words) <= 5 && !slices.ContainsFunc(words, against) &&
		slices.Contains(strings.Fields("yes yeah yep yup yea please sure correct absolutely definitely si claro exactly right"), words[0])
}

// no tells whether all that somebody said is that they want nothing changed.
func no(text string) bool { return slices.Contains(nays, plainAnswer(text)) }

var nays = []string{"no", "nope", "nah", "no no", "no thats fine", "no its fine", "no thats ok", "no thats okay", "no its ok", "no its okay", "no you can call", "no you can call me",
	"no keep calling", "no please keep calling", "no its all right", "no thats all right", "no esta bien", "no not at all", "not at all", "no im fine"}
