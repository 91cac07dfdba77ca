package call

import "time"

// A filler bridges the wait for a tool: the agent says it when the answer takes long and
// nobody speaks. One is enough for all the tools that run at that moment.
const (
	fillerAfter = 700 * time.Millisecond // as long as a pause in a talk is none
	fillerQuiet = 300 * time.Millisecond // so long nobody has spoken
	fillerBound = 3 * time.Second        // so long one that was asked for may take to be said
)

// fillerDue is when the next filler may be said if everybody is silent until then; zero
// if there is none, or something else has to happen first.
func (e *errands) fillerDue(s *stream) (due time.Time) {
	for _, run := range e.running {
		if !run.filler.IsZero() && (due.IsZero() || run.filler.Before(due)) {
			due = run.filler
		}
	}
	switch {
	case due.IsZero(), s.ending != nil, s.link.agent == nil, s.opening.running():
		return time.Time{}
	case s.play.Unproved(): // their end is an event
		return time.Time{}
	}
	if e.filler.under && !e.filler.done {
		due = later(due, e.filled.Add(fillerBound))
	}
	return later(due, later(s.play.Dry, s.voices.since()).Add(fillerQuiet))
}

// fill is the filler that has to be said now; empty for none.
func (e *errands) fill(s *stream, now time.Time) (text string) {
	due := e.fillerDue(s)
	if due.IsZero() || now.Before(due) {
		return ""
	}
	for _, run := range e.running {
		if text == "" && !run.filler.IsZero() {
			text = run.info.Filler
		}
		run.filler = time.Time{}
	}
	e.filler, e.filled = asked{under: true}, now
	return text
}

// voices are when the two were last heard to speak, as far as the agent's words tell. What
// plays on the line is the playout's.
type voices struct{ caller, agent time.Time }

const (
	// callerPause is how long the caller is taken to go on speaking without a further
	// word of the agent's about it.
	callerPause = 1500 * time.Millisecond
	// soundWait is how long the sound may take to follow its text.
	soundWait = goodbyeGrace - fillerQuiet
)

// since is when the last of them fell silent. It may lie ahead.
func (v *voices) since() time.Time { return later(v.caller, v.agent) }

// callerSpeaks notes that the caller speaks, and that nobody knows how long.
func (v *voices) callerSpeaks(now time.Time) { v.caller = now.Add(callerPause) }

// callerSaid notes the caller's words: the last of an utterance, or those until now.
func (v *voices) callerSaid(interim bool, now time.Time) {
	if v.caller = now; interim {
		v.callerSpeaks(now)
	}
}

// agentBegins notes words of the agent whose sound is on its way.
func (v *voices) agentBegins(now time.Time) { v.agent = now.Add(soundWait) }

// agentSpeaks notes that the sound has come.
func (v *voices) agentSpeaks() { v.agent = time.Time{} }
