package amd

import (
	"fmt"
	"strings"
	"time"
)

// Bounds of the wait for the end of a machine's greeting, and of what words on the line may mean.
const (
	beepWait  = 20 * time.Second // after the carrier's verdict, or the words of a greeting
	beepKept  = 15 * time.Second // a beep counts that was heard before the verdict or the words
	maxNotes  = 5                // beeps that a call's log has
	wordsFor  = 45 * time.Second // after the answer, a machine is known by its words
	screenFor = 2 * time.Minute  // after the answer, an assistant may pass the call on
)

// Detector finds out who answered a call. It acts on nothing: each method takes what was heard, and the time, and
// returns what the call has to do about it.
//
// While it waits for a machine to beep nobody speaks into its greeting. The machine is known if the carrier said so,
// and supposed if it greets with the words of one. The wait ends with the first of: a beep on the line, or one heard
// in the 15 s before it; 3 s of silence; the carrier's word that the greeting is over. After 20 s a known machine is
// treated as if it had beeped, and a supposed one as a person, who gets the opening from its beginning. So does a
// person who speaks up. A beep alone means nothing: people have kitchens.
//
// The zero Detector is that of a call that came in: a person, of whom only endless repetition is noticed. Copy it to go
// on with the call on another stream.
type Detector struct {
	placed   bool
	answered time.Time

	machine bool      // no person answered
	since   time.Time // of the wait for the beep; zero for none
	known   bool
	full    bool // it said that it takes no message
	quiet   bool // the line has been silent for 3 s and more
	beeped  time.Time
	beeps   int

	last  string // what was said before, in plain words
	seen  [speakers]bool
	opens Speaker // who may yet pass the call on to a person; Someone for nobody
	said  repetition
}

// Placed makes d the detector of a call that was placed and has been answered.
func (d *Detector) Placed(answered time.Time) { d.placed, d.answered = true, answered }

// NextStream tells d that another stream begins, whose silence has yet to be heard.
func (d *Detector) NextStream() { d.quiet = false }

// Waits reports whether a machine's greeting is listened to, and nobody may speak.
func (d *Detector) Waits() bool { return !d.since.IsZero() }

// Machine reports whether no person answered.
func (d *Detector) Machine() bool { return d.machine }

// TookCall says that a machine took the call, as is known from elsewhere.
func (d *Detector) TookCall() { d.machine = true }

// Wake is when Tick has something to do; zero for never.
func (d *Detector) Wake() time.Time {
	if d.Waits() {
		return d.since.Add(beepWait)
	}
	return time.Time{}
}

// Tick ends a wait that has been long enough.
func (d *Detector) Tick(now time.Time) []Verdict {
	switch {
	case !d.Waits() || now.Before(d.Wake()):
		return nil
	case d.known:
		return []Verdict{d.record()}
	}
	return d.person(noteNoBeep)
}

// Heard takes a sound of the line.
func (d *Detector) Heard(s Sound, now time.Time) (v []Verdict) {
	if s.Beep != nil {
		d.beeped = now
		if d.beeps++; d.beeps <= maxNotes {
			v = append(v, Noted(fmt.Sprintf("a beep was heard: %.0f Hz for %d ms", s.Beep.Hz, s.Beep.Duration().Milliseconds())))
		}
	} else {
		d.quiet = s.Quiet
	}
	if d.Waits() && (s.Beep != nil || s.Quiet) {
		v = append(v, d.record())
	}
	return v
}

// IsMachine reports whether the carrier's word on who answered means that no person did. "unknown" is a person: nobody
// is hung up on by mistake. The words are Twilio's AnsweredBy:
// https://www.twilio.com/docs/voice/answering-machine-detection
func IsMachine(answeredBy string) bool {
	return strings.HasPrefix(answeredBy, "machine_") || answeredBy == "fax"
}

// CarrierSaid takes the carrier's word that a machine is on the line (see [IsMachine]). A message, if the call leaves
// one, waits for the greeting's end, of which the carrier's word or our own ear tells. To a carrier an assistant or a
// menu is a machine as any other, and so may be the person behind it: where its words have told of it, the call goes
// on.
func (d *Detector) CarrierSaid(answeredBy string, leavesMessage bool, now time.Time) []Verdict {
	switch {
	case d.Contradicts(answeredBy):
		return []Verdict{Noted(noteOther)}
	case answeredBy == "machine_start" && leavesMessage:
		return d.await(true, now)
	}
	d.machine = true
	fax := answeredBy == "fax"
	return []Verdict{Record{Fax: fax, Full: d.full && !fax}}
}

// Contradicts reports whether an assistant or a menu, known by its words, is what the carrier took for a machine.
func (d *Detector) Contradicts(answeredBy string) bool {
	return answeredBy != "fax" && !d.Waits() && (d.seen[Assistant] || d.seen[Menu])
}

// await waits for the end of a machine's greeting. A supposed machine may become known.
func (d *Detector) await(known bool, now time.Time) (v []Verdict) {
	if known && !d.known {
		d.known, d.machine = true, true
		v = append(v, Noted(noteWaits))
		if d.Waits() {
			d.since = now
		}
	}
	if !d.Waits() {
		d.since = now
		v = append(v, Mute{})
	}
	if d.quiet || !d.beeped.IsZero() && now.Sub(d.beeped) <= beepKept {
		v = append(v, d.record())
	}
	return v
}

// record ends the wait: the machine records.
func (d *Detector) record() Verdict {
	d.machine = true
	return Record{Full: d.full}
}

// person ends the wait: somebody is there.
func (d *Detector) person(note string) []Verdict {
	d.since, d.known, d.full, d.machine = time.Time{}, false, false, false
	d.last = "" // the words that were taken for a greeting count no more
	return []Verdict{Noted(note), Person{}}
}

// Gone says what a call came to that ended while a greeting was listened to. hungUp: the other side did; otherwise
// our agent would not stay. A machine had taken it all the same: the note says so, and is empty if that is not known.
func (d *Detector) Gone(hungUp bool) (note string) {
	switch {
	case !d.Waits() || !hungUp && !d.known && !d.full:
		return ""
	case d.full:
		note = NoteFull
	default:
		note = noteGone
	}
	d.machine = true
	return note
}
