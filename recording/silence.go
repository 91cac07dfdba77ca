package recording

import "time"

// Cut says that the line was emptied: of what was sent, nothing that was still to be heard
// then ever sounded.
func (r *Recorder) Cut(now time.Time) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.window.silence(agentSide, r.agent.cut(r.at(now)))
}

// Rest says that the stream is over. Another may follow; if not, the recording ends here.
func (r *Recorder) Rest(now time.Time) {
	if r == nil {
		return
	}
	r.Cut(now)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.rests {
		r.rests, r.ends = true, r.at(now)
	}
}

// Pause makes both channels silent from now on, also of sound that is on its way. It is false
// if they are already.
func (r *Recorder) Pause(now time.Time) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused {
		return false
	}
	r.paused = true
	for side := range sides {
		r.window.silence(side, r.at(now))
	}
	return true
}

// Resume ends a pause. What was said before it stays silent, however late it comes, and so
// does what was sent to the caller's ear before. It is false if there is no pause.
func (r *Recorder) Resume(now time.Time) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.paused || r.stopped {
		return false
	}
	r.paused, r.from = false, r.at(now)
	return true
}
