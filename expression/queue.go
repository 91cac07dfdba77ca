package expression

import "time"

// perMS is samples, and bytes of µ-law, in a millisecond.
const perMS = 8

// Bounds of what an observer holds before its backend takes it.
const (
	maxQueued = 2000 * perMS // samples of sound: 2 s
	maxTurns  = 8
)

// frame is a piece of the caller's sound and when it was read.
type frame struct {
	at   time.Time
	ulaw []byte // µ-law, 8 kHz
}

// queue holds sound until the backend takes it. When it is full, the oldest goes.
type queue struct {
	frames  []frame
	samples int
	dropped int // samples
}

func (q *queue) push(f frame) {
	if over := len(f.ulaw) - maxQueued; over > 0 {
		q.dropped += over
		f.ulaw = f.ulaw[over:]
	}
	q.frames, q.samples = append(q.frames, f), q.samples+len(f.ulaw)
	for q.samples > maxQueued {
		n := len(q.frames[0].ulaw)
		q.samples, q.dropped = q.samples-n, q.dropped+n
		q.frames[0] = frame{}
		q.frames = q.frames[1:]
	}
}

// take empties the queue.
func (q *queue) take() []frame {
	all := q.frames
	q.frames, q.samples = nil, 0
	return all
}

// forget is take of what nobody wants any more; it counts as not heard, not as dropped.
func (q *queue) forget() { q.frames, q.samples = nil, 0 }
