package agent

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/realtime"
)

// sound is what the server has sent of its answers.
type sound struct {
	format realtime.AudioFormat
	parts  map[string]*part // by segment; of those that have ended, too, since the caller hears them later
	order  []string         // oldest first
}

// part is one part of an item: a segment.
type part struct {
	segment string
	answer  *answer
	item    realtime.ItemID
	index   int // of the part in the item

	size  int // bytes of sound that came, as they came
	begun bool
	ended bool // all of it has come
	cut   bool // the server was told how much of it was heard

	text   []byte // what it says, so far
	told   int    // bytes of text that the call knows
	toldAt time.Time

	down *media.Resampler // of linear sound
	half []byte           // of a sample
}

// partsKept bounds those that are remembered. The caller can't be further behind.
const partsKept = 128

// part finds a part of an answer, or begins it; nil if it is not to be heard.
func (a *realtimeAgent) part(at realtime.Place) *part {
	r := a.of(at.ResponseID)
	if r == nil {
		return nil
	}
	segment := string(at.ItemID) + "#" + strconv.Itoa(at.ContentIndex)
	if p := a.sound.parts[segment]; p != nil {
		if p.answer != r || p.ended {
			return nil
		}
		return p
	}
	p := &part{segment: segment, answer: r, item: at.ItemID, index: at.ContentIndex}
	r.parts = append(r.parts, p)
	a.sound.parts[segment] = p
	if a.sound.order = append(a.sound.order, segment); len(a.sound.order) > partsKept {
		delete(a.sound.parts, a.sound.order[0])
		a.sound.order = slices.Delete(a.sound.order, 0, 1)
	}
	return p
}

// hear passes sound on. µ-law goes through byte for byte.
func (a *realtimeAgent) hear(e *realtime.AudioDelta) {
	p := a.part(e.Place)
	if p == nil || len(e.Audio) == 0 {
		return
	}
	p.size += len(e.Audio)
	ulaw := bytes.Clone(e.Audio) // the event's belongs to the session
	if f := a.sound.format; f.Type == realtime.TypePCM {
		ulaw = p.convert(e.Audio, f.Rate)
	}
	a.tellText(p, time.Now())
	if len(ulaw) > 0 {
		p.begun = true
		a.emit(Audio{p.segment, ulaw})
	}
}

// convert makes µ-law of linear sound. What is left of the filter comes with the part's end.
func (p *part) convert(pcm []byte, rate int) []byte {
	if p.down == nil {
		r, err := media.NewResampler(rate, media.Rate)
		if err != nil {
			panic("internal error: a rate that was agreed on: " + err.Error())
		}
		p.down = r
	}
	p.half = append(p.half, pcm...)
	samples := make([]int16, len(p.half)/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(p.half[2*i:]))
	}
	p.half = append(p.half[:0], p.half[2*len(samples):]...)
	return media.AppendEncodeULaw(nil, p.down.Append(nil, samples))
}

// endPart ends a part, once.
func (a *realtimeAgent) endPart(p *part) {
	if p.ended {
		return
	}
	p.ended = true
	if p.answer.dropped {
		return
	}
	a.tellText(p, time.Time{})
	if p.down != nil {
		if tail := media.AppendEncodeULaw(nil, p.down.Flush(nil)); len(tail) > 0 {
			a.emit(Audio{p.segment, tail})
		}
	}
	if p.begun {
		a.emit(SegmentEnd{p.segment})
	}
}

// received is how much of a part's sound has come.
func (a *realtimeAgent) received(p *part) time.Duration { return a.sound.format.Duration(p.size) }
