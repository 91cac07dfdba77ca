package demo

import (
	"context"
	"sync"
	"time"
)

// How the agent tells that the caller has begun and ended to speak.
const (
	beginFrames = 3  // 60 ms of sound are speech, less is a click
	endFrames   = 25 // 500 ms of silence end it; pauses inside a sentence are shorter
)

// ear tells speech from silence in a stream of samples. It counts samples, not time: the
// sound may come late, or in one burst.
type ear struct {
	pcm  []int16 // all that was heard
	next int     // the first sample not yet judged

	loud, quiet int // frames in a row
	talk        int // loud frames of the utterance under way; 0 in silence
	begins      int // its first sample
	utterances  []utterance
}

// utterance is speech between two silences, from sample to sample.
type utterance struct{ begins, ends int }

func (e *ear) hear(pcm []int16) {
	e.pcm = append(e.pcm, pcm...)
	for ; e.next+frame <= len(e.pcm); e.next += frame {
		e.judge(loud(e.pcm[e.next : e.next+frame]))
	}
}

// judge takes the frame at next.
func (e *ear) judge(isLoud bool) {
	if isLoud {
		e.loud, e.quiet = e.loud+1, 0
	} else {
		e.loud, e.quiet = 0, e.quiet+1
	}
	switch {
	case e.talk > 0 && isLoud:
		e.talk++
	case e.talk > 0 && e.quiet == endFrames:
		e.utterances = append(e.utterances, utterance{e.begins, e.next + frame})
		e.talk = 0
	case e.talk == 0 && e.loud == beginFrames:
		e.talk = beginFrames
		e.begins = e.next + frame - beginFrames*frame
	}
}

// listener is an ear that notes when its sound came, and that others may wait on.
type listener struct {
	mu       sync.Mutex
	ear      ear
	arrivals []arrival
	changed  chan struct{} // closed and replaced by each sound
}

// arrival says when the samples before upTo, and after the one before, came.
type arrival struct {
	upTo int
	at   time.Time
}

func newListener() *listener { return &listener{changed: make(chan struct{})} }

func (l *listener) hear(pcm []int16, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ear.hear(pcm)
	l.arrivals = append(l.arrivals, arrival{len(l.ear.pcm), at})
	close(l.changed)
	l.changed = make(chan struct{})
}

// await waits until is holds of the ear. The error is the context's cause.
func (l *listener) await(ctx context.Context, is func(*ear) bool) error {
	for {
		l.mu.Lock()
		ok, changed := is(&l.ear), l.changed
		l.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// all is everything that was heard, and when it came.
func (l *listener) all() ([]int16, []arrival) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ear.pcm, l.arrivals
}
