package call

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// journal writes one call down. Every line goes to calllog's writer, which
// never makes audio wait. A line may be written again under its number, as when
// it becomes known how far a segment was heard.
type journal struct {
	out  *calllog.Writer
	head calllog.Call
	seq  int

	privacy privacy
	memory  memory
	goesOn  bool // with an earlier call: the log says so
}

// add appends a line and returns it with its number and time.
func (j *journal) add(e calllog.Entry, now time.Time) calllog.Entry {
	e, _ = j.keep(e, now)
	return e
}

// reserve gives a line its place without writing it: rewrite does that, or nobody.
func (j *journal) reserve(e calllog.Entry, now time.Time) calllog.Entry {
	j.seq++
	e.Seq = j.seq
	e.AtMS = max(0, now.Sub(j.head.StartedAt).Milliseconds())
	j.privacy.note(e, now)
	return e
}

// keep is add, and tells whether the writer has taken the line.
func (j *journal) keep(e calllog.Entry, now time.Time) (calllog.Entry, bool) {
	e = j.reserve(e, now)
	masked := j.privacy.mask(e)
	j.memory.take(masked, now)
	return e, j.out.Put(calllog.Change{CallID: j.head.ID, Entry: &masked, Epoch: j.head.Epoch})
}

// when is the time of a line.
func (j *journal) when(e calllog.Entry) time.Time {
	return j.head.StartedAt.Add(time.Duration(e.AtMS) * time.Millisecond)
}

// rewrite replaces a line.
func (j *journal) rewrite(e calllog.Entry) {
	e = j.privacy.mask(e)
	j.memory.take(e, j.when(e))
	j.out.Put(calllog.Change{CallID: j.head.ID, Entry: &e, Epoch: j.head.Epoch})
}

func (j *journal) note(text string, now time.Time) {
	j.add(calllog.Entry{Kind: calllog.KindNote, Text: text}, now)
}

// event is a note from which whoever goes on with the call learns something.
func (j *journal) event(e calllog.Event, text string, now time.Time) {
	j.add(calllog.Entry{Kind: calllog.KindNote, Event: e, Text: text}, now)
}

// revive opens the head again of a call that goes on, also if it was taken for failed.
func (j *journal) revive() {
	h := &j.head
	if h.Outcome == "" {
		return
	}
	h.Outcome, h.EndedAt, h.Status = "", nil, calllog.StatusRinging
	if h.AnsweredAt != nil {
		h.Status = calllog.StatusInProgress
	}
}

// save writes the head as it is now. The writer gets a copy, since the call
// goes on changing its own.
func (j *journal) save() {
	j.head.Version++
	head := j.head
	head.Entries = nil
	head.ChatIDs = append([]string(nil), j.head.ChatIDs...)
	if j.head.Opening != nil {
		o := *j.head.Opening
		head.Opening = &o
	}
	if j.head.Quality != nil {
		q := *j.head.Quality
		head.Quality = &q
	}
	j.out.Put(calllog.Change{CallID: head.ID, Call: &head})
}
