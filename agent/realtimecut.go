package agent

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// Interrupt stops what is being generated, and has the server forget what was not heard of
// each part: it takes all that it has sent for heard.
func (a *realtimeAgent) Interrupt(heard []Heard) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.silence(a.verdict.take()); err != nil {
		return err
	}
	for _, h := range heard {
		p := a.sound.parts[h.Segment]
		switch {
		case p == nil || p.cut:
			continue
		case p.answer.apart:
			p.cut = true
			if err := a.heardOfSaying(p, h.Played); err != nil {
				return err
			}
			continue
		case !a.traits.Truncate:
			continue
		}
		ms := int(max(0, min(h.Played, a.received(p))) / time.Millisecond)
		if p.ended && h.Played >= a.received(p) {
			continue
		}
		p.cut = true
		if err := a.truncate(realtime.ItemTruncate{ItemID: p.item, ContentIndex: p.index, AudioEndMS: ms}); err != nil {
			return err
		}
	}
	return nil
}

// verdict is the server's own that the caller interrupted an answer. The call empties the line
// because of it, and tells us by Interrupt; what began after the verdict is not meant.
type verdict struct {
	beat int
	at   time.Time // zero if the call has heard of none that it hasn't answered
}

// verdictKept is how long the call may take to act on a verdict. It need not act at all.
const verdictKept = 500 * time.Millisecond

// take is the beat up to which an Interrupt counts.
func (v *verdict) take() int {
	upTo := math.MaxInt
	if !v.at.IsZero() && time.Since(v.at) < verdictKept {
		upTo = v.beat
	}
	*v = verdict{}
	return upTo
}

func (a *realtimeAgent) beat() int {
	a.beats++
	return a.beats
}

// silence drops all answers that run or are on their way, of those that began up to a beat,
// and cancels those that the server doesn't cancel by itself.
func (a *realtimeAgent) silence(upTo int) error {
	if a.slot.asked && a.slot.beat <= upTo {
		a.slot.dropped = true
	}
	a.sayings.drop(upTo)
	for _, r := range a.answers.running {
		if r.dropped || r.began > upTo {
			continue
		}
		if r.dropped = true; r.doomed && !r.apart {
			continue
		}
		if err := a.send(realtime.ResponseCancel{ResponseID: r.id}); err != nil {
			return err
		}
	}
	return nil
}

// cutsKept bounds the truncations whose refusal would be noticed.
const cutsKept = 32

func (a *realtimeAgent) truncate(t realtime.ItemTruncate) error {
	id := a.nextEvent()
	if len(a.cuts) >= cutsKept {
		clear(a.cuts)
	}
	a.cuts[id] = t
	return a.session.SendAs(id, t)
}

// shorterThan is how a server says how long an item's sound really is.
var shorterThan = regexp.MustCompile(`(\d+) ?ms`)

// recut tries a truncation again that was refused because the server has less sound than we
// got: at what it says it has, or a little earlier. It is false for any other error.
func (a *realtimeAgent) recut(e *realtime.Error) bool {
	const earlier = 100 // ms; one report found 85
	t, ok := a.cuts[e.Cause]
	if e.Cause == "" || !ok {
		return false
	}
	delete(a.cuts, e.Cause)
	if e.Class() == realtime.Benign || t.AudioEndMS == 0 { // the item is gone
		return true
	}
	has := t.AudioEndMS - earlier
	if m := shorterThan.FindStringSubmatch(e.Message); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n < t.AudioEndMS {
			has = n
		}
	}
	t.AudioEndMS = max(0, has)
	_ = a.send(t) // once: this one is not remembered
	return true
}

// firstWords is how much of a text was heard, in whole words: an estimate by the time.
func firstWords(text string, played, all time.Duration) string {
	if played >= all {
		return text
	}
	runes := []rune(text)
	n := int(int64(len(runes)) * int64(max(0, played)) / int64(all))
	for n > 0 && runes[n] != ' ' {
		n--
	}
	return string(slices.Clip(runes[:n]))
}
