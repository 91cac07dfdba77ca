package call

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// notRecorded stands in the log for what was said, pressed, or given to a tool during a pause
// of the recording.
const notRecorded = "[not recorded]"

// lateWords is how long after a pause the text of what the caller said in it may come: it
// comes when they have finished and the agent's side has understood them.
const lateWords = 2 * time.Second

// privacy keeps words out of the log while the recording is paused. The lines stay, with kind
// and time. What the ledger gets as evidence of an opt-out is not its affair.
type privacy struct {
	on     bool
	since  time.Time    // of the pause
	until  time.Time    // of the last one
	hidden map[int]bool // lines that began in one, by number
}

func (p *privacy) begin(now time.Time) { p.on, p.since = true, now }

func (p *privacy) end(now time.Time) (lasted time.Duration) {
	p.on, p.until = false, now
	return now.Sub(p.since)
}

// note takes a new line: one that begins in a pause stays without words for good.
func (p *privacy) note(e calllog.Entry, now time.Time) {
	switch {
	case e.Kind == calllog.KindNote || e.Name == builtin.PauseRecording || e.Name == builtin.ResumeRecording:
	case p.on, e.Kind == calllog.KindCaller && !p.until.IsZero() && now.Before(p.until.Add(lateWords)):
		if p.hidden == nil {
			p.hidden = map[int]bool{}
		}
		p.hidden[e.Seq] = true
	}
}

// mask is a line as it may be written.
func (p *privacy) mask(e calllog.Entry) calllog.Entry {
	if !p.hidden[e.Seq] {
		return e
	}
	e.Emotions, e.EmotionLabels, e.EmotionsSource, e.Measures = nil, nil, "", nil
	if e.Kind == calllog.KindCaller || e.Kind == calllog.KindAgent {
		e.Text, e.HeardTo = notRecorded, 0
	}
	if e.Arguments != nil {
		e.Arguments = json.RawMessage(`"` + notRecorded + `"`)
	}
	for _, s := range []*string{&e.Digit, &e.Result, &e.Error} {
		if *s != "" {
			*s = notRecorded
		}
	}
	return e
}

// words is what may be written of a text that replaces what was written of its line before. A
// line that ran into a pause keeps what came before it, and no more.
func (p *privacy) words(before, text string) string {
	switch {
	case strings.HasSuffix(before, notRecorded):
		return before
	case p.on && strings.TrimSpace(text) != "":
		return strings.TrimSpace(before + " " + notRecorded)
	}
	return text
}
