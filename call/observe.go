package call

import (
	"slices"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/expression"
)

// Expression says how an agent's callers are observed. See package expression.
type Expression struct {
	Meter   *expression.Meter
	Empathy bool // the voice is told how the caller sounds, as silent context
}

const (
	// observerPatience is how long a call's outcome waits for the result of its last turn.
	observerPatience = 500 * time.Millisecond
	// observedTurns is how many of the caller's newest turns a result may still come for.
	observedTurns = 8
)

// observation is what a call knows about how its caller sounds. Its observer is nil if
// nothing is observed; it hears sound by a tap.
type observation struct {
	observer *expression.Observer
	turns    []calllog.Entry // as they were written last; the newest last
}

// begin begins to observe a call that is to be observed, or goes on with it on another
// stream.
func (o *observation) begin(e *Expression, paused bool) {
	if o.observer == nil && e != nil {
		o.observer = e.Meter.Observe()
	}
	if paused { // since another instance had the call
		o.observer.Pause()
	}
}

// turnIsOver has a turn measured whose line was just written.
func (o *observation) turnIsOver(line calllog.Entry, now time.Time) {
	if o.observer == nil {
		return
	}
	o.turns = append(o.turns, line)
	o.turns = slices.Clone(o.turns[max(0, len(o.turns)-observedTurns):])
	o.observer.End(line.Seq, now)
}

// written keeps a turn's line as it was written again, so that a result that comes later
// adds to it.
func (o *observation) written(line calllog.Entry) {
	if i := o.find(line.Seq); i >= 0 {
		o.turns[i] = line
	}
}

func (o *observation) find(seq int) int {
	return slices.IndexFunc(o.turns, func(e calllog.Entry) bool { return e.Seq == seq })
}

// result writes down how a turn sounded. It is what the voice may be told of it, of the newest turn alone.
// What the voice measured itself stays: scores of two sources are never mixed.
func (o *observation) result(r expression.Result, j *journal, unrecorded bool) (context string) {
	i := o.find(r.Turn)
	if i < 0 || j.privacy.hidden[r.Turn] || unrecorded {
		return ""
	}
	line := &o.turns[i]
	switch {
	case !r.Source.Emotions():
		line.Measures = r.Scores
	case line.EmotionsSource == "":
		line.Emotions, line.EmotionLabels, line.EmotionsSource = r.Scores, r.Labels, string(r.Source)
	}
	if line.Text != "" { // or its words are yet to come
		j.rewrite(*line)
	}
	if i != len(o.turns)-1 || j.privacy.on {
		return ""
	}
	return r.Context
}

// onExpression takes how a turn sounded, and lets the voice know if it may.
func (c *Call) onExpression(r expression.Result, now time.Time) {
	context := c.observed.result(r, &c.journal, c.unrecorded)
	if context != "" && c.profile.Expression.Empathy && c.ending == nil {
		c.loseAgent(c.link.tell(context), now)
	}
}

// badExpression notes the first thing that goes wrong with an observer. The call goes on.
func (j *journal) badExpression(err error, log *zerolog.Logger, now time.Time) {
	log.Warn().Err(err).Msg("expression measurement failed")
	j.note("not every turn is measured: "+err.Error(), now)
}

// end writes down what is still to come of the last turn.
func (o *observation) end(j *journal, unrecorded bool, log *zerolog.Logger, now time.Time) {
	o.observer.Close(observerPatience)
	for {
		select {
		case r := <-o.observer.Results():
			o.result(r, j, unrecorded)
		case err := <-o.observer.Trouble():
			j.badExpression(err, log, now)
		default:
			if s := o.observer.Stats(); s.Dropped > 0 {
				log.Warn().Dur("dropped_ms", s.Dropped).Msg("expression measurement skipped audio: backend too slow")
			}
			return
		}
	}
}

// emotionsOf is the source of what a voice measured itself: the voice.
func (l *link) emotionsOf(emotions map[string]float64) string {
	switch v := l.voice; {
	case len(emotions) == 0:
		return ""
	case v != nil:
		return v.Name
	}
	return l.profile.voice()
}
