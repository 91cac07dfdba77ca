package recording

import (
	"errors"
	"sync"
	"time"
)

// What a recorder tells of by [Recorder.Trouble], beside what the file system says.
var (
	ErrSlow   = errors.New("recording: the disk is too slow: some audio is missing")
	ErrLate   = errors.New("recording: some of the caller's audio arrived too late to be written")
	ErrNoFile = errors.New("recording: can't create the file")
	// ErrUnfinished is what End returns whose patience has ended.
	ErrUnfinished = errors.New("recording: the file is not complete yet")
)

// Recorder records one call. Its methods copy what they are given, never wait for the disk,
// may be used by several goroutines at once, and do nothing on a nil Recorder: that of a call
// that is not recorded. Make it with [Folder.Record]; it must be ended by End.
type Recorder struct {
	begun   time.Time  // the time line's zero
	trouble chan error // has room for one
	over    chan struct{}
	done    chan struct{} // closed when the file is closed
	end     sync.Once

	mu      sync.Mutex // guards what follows; held for copies, never for the disk
	window  window
	caller  callerPlace
	agent   agentPlace
	paused  bool
	from    int64 // nothing before it is written any more: what came of a pause's time
	rests   bool  // there is no stream
	ends    int64 // since when
	dead    bool  // there is no file
	stopped bool  // for good, at the person's wish
	told    bool  // of trouble
	lost    int64 // samples
	err     error // of the file's completion; after done
}

// at is the place of a time on the time line.
func (r *Recorder) at(t time.Time) int64 {
	return max(0, int64(t.Sub(r.begun)/(time.Millisecond/perMS)))
}

// Stream says that a stream of the call has begun, whose timestamps count from then. It must
// be told before any sound of it.
func (r *Recorder) Stream(now time.Time) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return
	}
	r.caller = callerPlace{base: r.at(now)}
	r.agent.next = max(r.agent.next, r.at(now))
	r.rests = false
}

// Caller takes µ-law of the caller's, Twilio's timestamp of its first sample in ms, and when it
// was read.
func (r *Recorder) Caller(timestamp int64, ulaw []byte, read time.Time) {
	if r == nil || len(ulaw) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(callerSide, r.caller.place(timestamp, len(ulaw), r.at(read)), ulaw)
}

// Agent takes µ-law that was sent to the caller's ear, when it is due there by what was sent,
// and how long the way to Twilio and back is; negative if that isn't known.
func (r *Recorder) Agent(ulaw []byte, due time.Time, way time.Duration) {
	if r == nil || len(ulaw) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(agentSide, r.agent.place(len(ulaw), r.at(due), int64(way/(time.Millisecond/perMS))), ulaw)
}

// Trouble gets the first thing that goes wrong with a recording: one error at most. A nil
// Recorder's is nil.
func (r *Recorder) Trouble() <-chan error {
	if r == nil {
		return nil
	}
	return r.trouble
}

// Lost is how much sound is missing from the file, both channels together, though the call
// carried it.
func (r *Recorder) Lost() time.Duration {
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Duration(r.lost) * (time.Millisecond / perMS)
}

// End completes the file. It waits until that is done, at most for so long; then it returns
// ErrUnfinished, and the file is completed all the same when the disk allows it. A recording
// without a file, of which Trouble told, has no further error. A second End only waits.
func (r *Recorder) End(now time.Time, patience time.Duration) error {
	if r == nil {
		return nil
	}
	r.Rest(now)
	r.end.Do(func() { close(r.over) })
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-r.done:
		return r.err
	case <-late.C:
		return ErrUnfinished
	}
}

// put writes sound into the window, unless it must not be written. r.mu is held.
func (r *Recorder) put(side int, at int64, ulaw []byte) {
	if r.dead || r.paused {
		return
	}
	if early := r.from - at; early > 0 {
		early = min(early, int64(len(ulaw)))
		at, ulaw = at+early, ulaw[early:]
	}
	late, over := r.window.put(side, at, ulaw)
	if late+over == 0 {
		return
	}
	r.lost += int64(late + over)
	if over > 0 {
		r.tell(ErrSlow)
	} else {
		r.tell(ErrLate)
	}
}

// tell tells of the first trouble. r.mu is held.
func (r *Recorder) tell(err error) {
	if !r.told {
		r.told = true
		r.trouble <- err
	}
}
