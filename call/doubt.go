package call

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/optout"
)

// wordsMost bounds what a fact keeps of what was said, in bytes.
const wordsMost = 2000

// doubt is something that a caller said and that may have been a refusal. It holds every
// automated call to the number until somebody decides; the answer to our question may.
type doubt struct {
	open    bool
	times   int          // that it was opened in this call
	row     int64        // of the ledger; 0 while it is not there
	told    bool         // the agent was told to ask
	put     *leg.Segment // our question, if no other came behind it: the next words answer it
	asking  *leg.Segment // what the agent says now, and its words
	words   string
	standIn bool // somebody spoke for the person
}

// doubtsMost is how often a no ends a doubt in one call: then the number stays held.
const doubtsMost = 3

const tellDoubt = "[From the line, not from a person: what they just said may mean that they want no more calls. Before anything else ask them, in these words: " +
	"Do you want us to stop calling you? Don't persuade. If they say yes, they are taken off the list and the call ends by itself.]"

// unclear writes down that somebody may have refused, and has the agent ask.
func (c *Call) unclear(words string, now time.Time) {
	d := &c.stated.doubt
	if d.open || !c.dossier.known() {
		return
	}
	d.open, d.row = true, 0
	d.times++
	c.journal.event(calllog.EventOptOutUnclear, "it is unclear whether the person wants no more calls: the agent is told to ask", now)
	f := c.dossier.fact(consent.OptOutUnclear, now)
	f.Words = short(words, wordsMost)
	k := c.dossier.keeper
	c.aside(keepWait, func(ctx context.Context) func(*Call, time.Time) {
		row := k.recordRow(ctx, f)
		return func(c *Call, _ time.Time) { c.stated.doubt.row = row }
	})
	c.tell(tellDoubt, now)
	d.told, d.put = c.link.agent != nil, nil
}

// asksToStop is how the agent asks whether somebody wants no more calls, in plain words: its own may
// differ from those that it was told.
var asksToStop = regexp.MustCompile(`\b(want|like|should|shall|prefer|quier\w*|dese\w*|prefier\w*|gusta\w*)\b.*` +
	`\b((stop|quit|cease|end)( \w+){0,3} (calls|calling|contacting|phoning)|(dej|par|ces)\w+ de( \w+)? (llam|contact)\w+)\b`)

// asked looks for our question in what the agent says. Behind another question, an answer is
// that one's.
func (d *doubt) asked(s *leg.Segment, text string) {
	if !d.open || !d.told {
		return
	}
	if d.asking != s {
		d.asking, d.words = s, ""
	}
	d.words = short(d.words+" "+text, questionMost)
	for sentence := range strings.SplitAfterSeq(d.words, "?") {
		switch {
		case asksToStop.MatchString(amd.Plain(sentence)):
			d.put = s
		case strings.HasSuffix(sentence, "?"):
			d.put = nil
		}
	}
}

// answered takes the first words after the question was heard. A yes is a refusal. A clear no says
// that there was none, if the person is known to be at the number; after all else it stays
// unclear, and a later yes answers something else.
func (d *doubt) answered(c *Call, m optout.Meaning, text string, at, now time.Time) {
	if !d.open || d.put == nil || d.put.Sent == 0 || at.Before(d.put.Starts) || c.stop.begun() {
		return
	}
	d.told, d.put = false, nil
	switch {
	case m.Kind != optout.None && m.Kind != optout.Unclear:
	case yes(text):
		c.optOut(bySpeech, text, now)
	case m.Kind == optout.None && no(text) && d.row > 0 && d.times <= doubtsMost && c.dossier.holdsNumber():
		d.open = false
		c.journal.event(calllog.EventOptOutResolved, "the person was asked, and wants to be called", now)
		f := c.dossier.fact(consent.Resolve, now)
		f.Renews, f.Result, f.Note = d.row, consent.MeantNoRefusal, "answered on the call: "+short(text, wordsMost/2)
		c.dossier.keeper.keep(keepWait, f)
	}
}

// holdsNumber tells whether who speaks is known to be at the number: we called it, or the
// carrier vouches for it. A caller ID alone proves nobody.
func (d dossier) holdsNumber() bool { return d.permit != "" || d.attests == carrier.PassedA }

// plainAnswer is an answer in lower case, without punctuation.
func plainAnswer(text string) string { return strings.ReplaceAll(amd.Plain(text), "'", "") }

// yes tells whether all that somebody said is yes.
func yes(text string) bool {
	words := strings.Fields(plainAnswer(text))
	against := func(w string) bool {
		return slices.Contains(strings.Fields("no not but dont nope keep call calls calling continue can may llamen llame sigan siga pueden puede"), w)
	}
	return len(words) > 0 && len(words) <= 5 && !slices.ContainsFunc(words, against) &&
		slices.Contains(strings.Fields("yes yeah yep yup yea please sure correct absolutely definitely si claro exactly right"), words[0])
}

// no tells whether all that somebody said is that they want nothing changed.
func no(text string) bool { return slices.Contains(nays, plainAnswer(text)) }

var nays = []string{"no", "nope", "nah", "no no", "no thats fine", "no its fine", "no thats ok", "no thats okay", "no its ok", "no its okay", "no you can call", "no you can call me",
	"no keep calling", "no please keep calling", "no its all right", "no thats all right", "no esta bien", "no not at all", "not at all", "no im fine",
	"i dont", "no i dont", "no i do not", "no sir", "no maam", "no gracias"}
