package agent

import (
	"strings"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// slot is the place of the one answer that may write to the conversation at a time. The
// model takes it by itself when the caller has spoken; we ask for it after tools, keys and
// the like. What is asked for while it is taken waits, and becomes one answer.
type slot struct {
	active  *answer          // that runs; nil if there is none
	request realtime.EventID // of the response.create on its way, or of the answer that runs; empty if we asked for none
	asked   bool             // it is on its way
	since   time.Time        // when it was sent
	beat    int              // likewise
	dropped bool             // and what comes of it is not to be heard

	wanted   bool      // an answer is owed
	greeting bool      // only since nobody has spoken yet
	notYet   time.Time // it is not asked for before
	speaking bool      // the caller is: the model will answer them by itself
	tries    int       // in a row that failed
	timer    *time.Timer
	closed   bool

	unseen map[realtime.ItemID]bool // items of ours that the next answer may not know yet
}

const (
	// ownAnswer is how long the model may take to answer a turn of the caller's by itself,
	// before it is asked to.
	ownAnswer = time.Second
	// takenAgain is how long to wait when a slot is taken that looked free.
	takenAgain = 500 * time.Millisecond
	// unanswered is how long a request may stay without any answer before another is sent.
	unanswered = 10 * time.Second
)

// wantAnswer asks for an answer as soon as there is room for one.
func (a *realtimeAgent) wantAnswer() error {
	a.slot.wanted = true
	return a.ask()
}

// ask sends the request that is wanted, if it may be sent now.
func (a *realtimeAgent) ask() error {
	s := &a.slot
	if s.asked && time.Since(s.since) > unanswered {
		s.asked = false
	}
	if !s.wanted || s.active != nil || s.asked || s.speaking || s.closed {
		return nil
	}
	if wait := time.Until(s.notYet); wait > 0 {
		a.askLater(wait)
		return nil
	}
	s.wanted, s.asked, s.dropped, s.since = false, true, false, time.Now()
	s.request, s.beat = a.nextEvent(), a.beat()
	create := realtime.ResponseCreate{}
	if s.greeting {
		create.Response = &realtime.ResponseConfig{Instructions: strings.TrimSpace(a.prompt + "\n\n" + greetNow)}
	}
	return a.session.SendAs(s.request, create)
}

func (a *realtimeAgent) askLater(wait time.Duration) {
	s := &a.slot
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer = time.AfterFunc(wait, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		_ = a.ask() // if the session is dead, Receive says so
	})
}

// stop forgets what is wanted.
func (s *slot) stop() {
	s.closed = true
	if s.timer != nil {
		s.timer.Stop()
	}
}

// take gives the slot to an answer that has begun.
func (s *slot) take(r *answer) {
	if s.asked {
		r.greeting = s.greeting
		r.dropped = r.dropped || s.dropped
		clear(s.unseen) // what was posted came before the request
	} else {
		s.request = ""
	}
	if len(s.unseen) == 0 { // it knows all that was posted
		s.wanted = false
	}
	s.active, s.asked, s.greeting, s.notYet = r, false, false, time.Time{} // what was waited for has come
}

// free takes it back from an answer that has ended.
func (s *slot) free(r *answer) {
	if s.active == r {
		s.active, s.request = nil, ""
	}
}

// seen notes that an item of ours is in the conversation.
func (s *slot) seen(id realtime.ItemID) { delete(s.unseen, id) }

// callerSpeaks notes that the caller has begun to speak. The server cancels the answer that
// runs, and answers the caller when they have spoken.
func (s *slot) callerSpeaks() {
	s.speaking = true
	if s.active != nil {
		s.active.doomed = true
	}
	if s.greeting { // there is nothing to greet any more
		s.wanted, s.greeting = false, false
	}
}

// callerStopped notes that they have spoken.
func (a *realtimeAgent) callerStopped() {
	s := &a.slot
	if s.speaking {
		if s.speaking = false; s.active == nil || s.active.doomed { // else the model's own answer has begun
			s.notYet = time.Now().Add(ownAnswer)
		}
		_ = a.ask()
	}
}

// refused deals with an error that our request was answered by. It is false for any other.
func (a *realtimeAgent) refused(e *realtime.Error) bool {
	s := &a.slot
	switch ours := e.Cause != "" && e.Cause == s.request; {
	case ours:
	case e.Cause != "" || !s.asked || !aboutAnswers(e):
		return false
	}
	greeting := s.greeting || s.active != nil && s.active.greeting
	s.asked, s.request = false, ""
	switch e.Class() {
	case realtime.Benign: // another answer has the slot
		if s.wanted = !greeting; s.active == nil {
			s.notYet = time.Now().Add(takenAgain)
		}
		_ = a.ask()
	case realtime.RateLimited, realtime.Retry:
		a.askAgain(e.Class())
	case realtime.Other, realtime.Misuse, realtime.Expired, realtime.Fatal:
	}
	return true
}

// aboutAnswers tells whether an error that names no event is about a request for an answer.
func aboutAnswers(e *realtime.Error) bool {
	return e.Code == realtime.ErrResponseActive || strings.Contains(strings.ToLower(e.Message), "response.create")
}
