package call

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/patchcord/patchcord/calllog"
)

// segment is one stretch of the agent's speech on its way to the caller's ear.
// It is heard in full when the mark behind its last byte comes back, not before.
type segment struct {
	id      string
	entry   calllog.Entry // its line in the log; Seq 0 until it is written
	text    string        // of it so far, whatever the log may have of it
	quiet   bool          // never logged: a holding line
	opening bool
	private bool // begun before a pause of the recording ended: never recorded any more

	order  int       // in which it began, from 1
	chunks []chunk   // what waits in our queue
	queued int       // bytes of them
	sent   int       // bytes given to Twilio
	starts time.Time // when its first byte is due at the ear; zero before it is sent
	ended  bool      // the agent has nothing to add
	closed bool      // whatever comes of it is dropped: the agent that spoke it is gone
	short  bool      // the agent may have left before it had sent all of it
	mark   string    // the newest mark sent behind all of it
	marked int       // bytes before the newest mark
	proved int       // bytes before the newest mark that came back
	heard  bool      // the mark behind all of it came back
	played int       // bytes that were heard before the line fell silent
}

// complete tells whether all there ever is of the segment was heard.
func (s *segment) complete() bool { return s.ended && s.heard && s.queued == 0 }

// verdict says how far the segment was heard if the line falls silent now.
func (s *segment) verdict(now time.Time) calllog.Heard {
	switch {
	case s.heard && s.queued == 0:
		return calllog.HeardFull
	case s.sent > 0 && now.After(s.starts):
		return calllog.HeardPartly
	}
	return calllog.HeardNo
}

// spokenPace is how many characters of a text are spoken in a second: 150 words a minute, of
// six characters with the space.
const spokenPace = 15

// all is the length of a segment with all that may yet come of it, in bytes: while the agent
// may add to it, at least as long as its text takes to be spoken.
func (s *segment) all() int {
	n := s.sent + s.queued
	if s.ended && !s.short {
		return n
	}
	return max(n, utf8.RuneCountInString(s.entry.Text)*1000*bytesPerMS/spokenPace)
}

// measure notes how much of the text of a segment was heard that was heard partly.
func (s *segment) measure() {
	if s.entry.HeardTo = 0; s.entry.Heard == calllog.HeardPartly {
		s.entry.HeardTo = heardTo(s.entry.Text, s.played, s.all())
	}
}

// heardTo is how many characters of a text were heard if so much of all of its sound was: up
// to the end of a word. Where words aren't written apart, any character may be the last.
func heardTo(text string, played, all int) int {
	chars := []rune(text)
	if played >= all {
		return len(chars)
	}
	n := int(int64(len(chars)) * int64(max(0, played)) / int64(all))
	if !strings.ContainsFunc(text, unicode.IsSpace) {
		return n
	}
	for n > 0 && !unicode.IsSpace(chars[n]) { // the word at n was not heard to its end
		n--
	}
	for n > 0 && unicode.IsSpace(chars[n-1]) {
		n--
	}
	return n
}
