package call

import (
	"strings"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/amd"
)

const (
	// mistakeBound is how long the caller may say nothing real, from the end of the speech that
	// cut the agent, until the cut is taken for a mistake.
	mistakeBound = 1500 * time.Millisecond
	// lateInterim is how long after the agent began to answer a voice without turns may still
	// send words of what it answers.
	lateInterim = 2 * time.Second
)

// floor is who may speak: what the voice reports of the caller's speech, and what the call
// has cut because of it.
type floor struct {
	serial    int       // of the agent whose reports these are
	reports   bool      // it reports speech
	since     time.Time // when the caller began to speak; zero if they don't
	spent     bool      // that speech has interrupted
	cut       *cut      // by speech alone, and no words have come yet
	partialOf string    // the turn of the call's partial words, if they have one
	last      string    // the caller's last words, plain
	answered  string    // those before the reply under way
	replied   time.Time // when that began
}

// callerSpeaks notes that the voice hears the caller.
func (f *floor) callerSpeaks(serial int, now time.Time) {
	if f.serial != serial {
		f.serial, f.since = serial, time.Time{}
	}
	f.reports = true
	if f.since.IsZero() {
		f.since, f.spent = now, false
	}
	if f.cut != nil {
		f.cut.until = time.Time{}
	}
}

// stopped notes that they have paused.
func (f *floor) stopped(now time.Time) {
	f.since = time.Time{}
	if f.cut != nil && f.cut.until.IsZero() {
		f.cut.until = now.Add(mistakeBound)
	}
}

// reply notes that the agent begins a reply.
func (f *floor) reply(now time.Time) { f.answered, f.replied = f.last, now }

// of tells whether words so far belong to what the agent answers already, as those of a voice
// that sends no turns may: they are a beginning of its words, or go on from them.
func (f *floor) of(plain string, now time.Time) bool {
	if f.answered == "" || now.Sub(f.replied) > lateInterim {
		return false
	}
	return strings.HasPrefix(f.answered, plain) || strings.HasPrefix(plain, f.answered)
}

// cutDue is when speech has lasted long enough to interrupt; zero if there is none that may.
func (f *floor) cutDue(serial int, after time.Duration) time.Time {
	if f.since.IsZero() || f.spent || f.serial != serial {
		return time.Time{}
	}
	return f.since.Add(after)
}

// yield cuts the agent when the caller has spoken for long enough, and lets it go on when that
// was nothing.
func (c *Call) yield(now time.Time) error {
	f := &c.floor
	if c.ending != nil {
		return nil
	}
	if due := f.cutDue(c.link.serial, c.profile.Interruption.after()); !due.IsZero() && !now.Before(due) && c.play.Sounds(now) {
		f.spent = true
		return c.interrupt(bySpeechAlone, now)
	}
	if f.cut != nil && !f.cut.until.IsZero() && !now.Before(f.cut.until) {
		c.resume(now)
	}
	return nil
}

// yieldWake is when yield has something to do.
func (s *stream) yieldWake(after time.Duration, now time.Time) time.Time {
	if f := &s.floor; f.cut != nil {
		return f.cut.until
	}
	if !s.play.Sounds(now) {
		return time.Time{}
	}
	return s.floor.cutDue(s.link.serial, after)
}

// talksOver deals with words of the caller's that may be said over the agent. t is their turn
// if that is over: it cuts no answer to it.
func (c *Call) talksOver(ev agent.CallerSaid, t *turn, now time.Time) error {
	f := &c.floor
	plain := amd.Plain(ev.Text)
	late := ev.Interim && ev.Turn == "" && f.of(plain, now)
	f.last = plain
	switch {
	case late:
		return nil
	case c.ending != nil:
		return c.overGoodbye(ev.Text, t, now)
	case t != nil && c.answers(t):
		return nil
	}
	if !c.profile.Interruption.counts(ev.Text) {
		if !ev.Interim {
			if c.floor.mistaken() {
				c.resume(now)
			}
		}
		return nil
	}
	f.confirmCut(c.errands)
	if !f.reports && (!c.turnEnded || !ev.Interim) { // of what it still sends, this voice judges itself
		return nil
	}
	if !c.play.Sounds(now) {
		return nil
	}
	f.spent = true
	return c.interrupt(byWords, now)
}

// answers tells whether the agent has begun to answer a turn, or speaks of something later.
func (s *stream) answers(t *turn) bool {
	for _, seg := range s.play.Live {
		if seg.ID != "" && t.entry.Seq > 0 && seg.Entry.Seq > t.entry.Seq {
			return true
		}
	}
	return false
}

// mistaken tells whether words that were none, or a sign of listening, show that a cut was a mistake.
func (f *floor) mistaken() bool { return f.cut != nil && f.since.IsZero() }
