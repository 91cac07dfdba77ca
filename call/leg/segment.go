package leg

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/patchcord/patchcord/calllog"
)

// Segment is one stretch of the agent's speech on its way to the caller's ear.
// It is heard in full when the mark behind its last byte comes back, not before.
type Segment struct {
	ID      string
	Entry   calllog.Entry // its line in the log; Seq 0 until it is written
	Text    string        // of it so far, whatever the log may have of it
	Quiet   bool          // never logged: a holding line
	Opening bool
	Private bool // begun before a pause of the recording ended: never recorded any more

	Order  int       // in which it began, from 1
	chunks []chunk   // what waits in our queue
	Queued int       // bytes of them
	Sent   int       // bytes given to Twilio
	Starts time.Time // when its first byte is due at the ear; zero before it is sent
	Ended  bool      // the agent has nothing to add
	Closed bool      // whatever comes of it is dropped: the agent that spoke it is gone
	Short  bool      // the agent may have left before it had sent all of it
	mark   string    // the newest mark sent behind all of it
	marked int       // bytes before the newest mark
	proved int       // bytes before the newest mark that came back
	Heard  bool      // the mark behind all of it came back
	played int       // bytes that were heard before the line fell silent
}

// Complete tells whether all there ever is of the segment was heard.
func (s *Segment) Complete() bool { return s.Ended && s.Heard && s.Queued == 0 }

// Verdict says how far the segment was heard if the line falls silent now.
func (s *Segment) Verdict(now time.Time) calllog.Heard {
	switch {
	case s.Heard && s.Queued == 0:
		return calllog.HeardFull
	case s.Sent > 0 && now.After(s.Starts):
		return calllog.HeardPartly
	}
	return calllog.HeardNo
}

// spokenPace is how many characters of a text are spoken in a second: 150 words a minute, of
// six characters with the space.
const spokenPace = 15

// All is the length of a segment with all that may yet come of it, in bytes: while the agent
// may add to it, at least as long as its text takes to be spoken.
func (s *Segment) All() int {
	n := s.Sent + s.Queued
	if s.Ended && !s.Short {
		return n
	}
	return max(n, utf8.RuneCountInString(s.Entry.Text)*1000*BytesPerMS/spokenPace)
}

// Measure notes how much of the text of a segment was heard that was heard partly.
func (s *Segment) Measure() {
	if s.Entry.HeardTo = 0; s.Entry.Heard == calllog.HeardPartly {
		s.Entry.HeardTo = HeardTo(s.Entry.Text, s.played, s.All())
	}
}

// HeardTo is how many characters of a text were heard if so much of all of its sound was: up
// to the end of a word. Where words aren't written apart, any character may be the last.
func HeardTo(text string, played, all int) int {
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
