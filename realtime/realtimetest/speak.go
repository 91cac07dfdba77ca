package realtimetest

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// Lead is where the text of an answer is while its audio is sent.
type Lead int

// The leads.
const (
	TextBeside Lead = iota // with the audio, in words
	TextAhead              // all before it
	TextBehind             // all after it
)

// Speech is what an answer says.
type Speech struct {
	Text  string
	Audio []byte        // in the session's output format. Defaults to a tone
	For   time.Duration // of the tone. Defaults to 60 ms for each character of Text
	Sizes []int         // of the deltas, in bytes, over and over. Defaults to odd ones
	Pace  float64       // 0 sends all at once, 1 in real time, 4 four times as fast
}

// oddSizes are those that no client may count on not to come.
var oddSizes = []int{1, 37, 160, 4000, 60_000}

// Say speaks. It returns ErrInterrupted when the answer is cancelled before all was sent;
// what was sent already stays, and some more comes late. In an answer that is text it is
// written.
func (r *Response) Say(s Speech) error {
	if r.conn.locked(func() bool { return r.modality() == "text" }) {
		return r.Text(s.Text)
	}
	f := r.conn.outputFormat()
	if s.Audio == nil {
		s.Audio = Tone(f, 440, cmp.Or(s.For, time.Duration(len(s.Text))*60*time.Millisecond))
	}
	p := r.begin(object{"type": "audio", "transcript": ""})
	r.conn.locked(func() bool { r.conn.spoken = true; return true })
	words := strings.SplitAfter(s.Text, " ")
	if r.conn.server.config.Lead == TextAhead {
		p.words(words)
		words = nil
	}
	total, rest, start := len(s.Audio), s.Audio, time.Now()
	for n := 0; len(rest) > 0; n++ {
		size := min(r.conn.size(s.Sizes, n), len(rest))
		if s.Pace > 0 {
			r.until(start.Add(time.Duration(float64(f.Duration(total-len(rest))) / s.Pace)))
		}
		if r.context.Err() != nil {
			p.late(rest, s.Sizes)
			p.end(true)
			return ErrInterrupted
		}
		if r.conn.server.config.Lead == TextBeside {
			due := len(words) - len(words)*(len(rest)-size)/max(len(rest), 1)
			p.words(words[:due])
			words = words[due:]
		}
		p.audio(rest[:size])
		rest = rest[size:]
	}
	p.words(words)
	p.end(false)
	return nil
}

// until waits for a time, or for the cancellation.
func (r *Response) until(t time.Time) {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.context.Done():
	}
}

// Wait waits, or returns ErrInterrupted.
func (r *Response) Wait(d time.Duration) error {
	r.until(time.Now().Add(d))
	return context.Cause(r.context)
}

// size is that of the nth delta.
func (c *Conn) size(sizes []int, n int) int {
	if len(sizes) > 0 {
		return max(sizes[n%len(sizes)], 1)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return oddSizes[c.random.IntN(len(oddSizes))]
}

// part is a message of an answer that is being sent.
type part struct {
	r     *Response
	it    *item
	place object
	kind  string // "audio" or "text"
}

// begin sends what comes before an item's first delta.
func (r *Response) begin(content object) *part {
	c := r.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	it := &item{id: c.nextID("item"), kind: "message", role: "assistant", heard: content["type"] == "audio"}
	p := &part{r: r, it: it, kind: content["type"].(string), place: object{"response_id": r.ID, "item_id": it.id, "output_index": len(r.items), "content_index": 0}}
	r.added(it, object{"id": it.id, "object": "realtime.item", "type": "message", "role": "assistant", "status": "in_progress", "content": []any{}})
	c.event("response.content_part.added", merge(p.place, object{"part": content}))
	return p
}

// added tells of a new item of the answer.
func (r *Response) added(it *item, shown object) {
	c := r.conn
	c.event("response.output_item.added", object{"response_id": r.ID, "output_index": len(r.items), "item": shown})
	r.items = append(r.items, it)
	if !r.OutOfBand {
		c.event("conversation.item.added", object{"previous_item_id": c.lastItem(), "item": shown})
		c.items = append(c.items, it)
		c.keep()
	}
}

func (p *part) words(words []string) {
	c := p.r.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range words {
		if w == "" {
			continue
		}
		if !p.it.cut {
			p.it.text += w
		}
		c.event("response.output_"+p.stream()+".delta", merge(p.place, object{"delta": w}))
	}
}

func (p *part) stream() string {
	return map[string]string{"audio": "audio_transcript", "text": "text"}[p.kind]
}

func (p *part) audio(b []byte) {
	c := p.r.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if !p.it.cut {
		p.it.audio = append(p.it.audio, b...)
		p.it.audioMS = float64(c.format("output").Duration(len(p.it.audio))) / float64(time.Millisecond)
	}
	c.event("response.output_audio.delta", merge(p.place, object{"delta": base64.StdEncoding.EncodeToString(b)}))
}

// late sends what is on its way when an answer is cancelled.
func (p *part) late(rest []byte, sizes []int) {
	n := p.r.conn.server.config.LateDeltas
	if n == 0 {
		n = 2
	}
	for i := 0; i < n && len(rest) > 0; i++ {
		size := min(p.r.conn.size(sizes, i), len(rest))
		p.audio(rest[:size])
		rest = rest[size:]
	}
}

// end sends the events that end an item, of a cancelled answer, too.
func (p *part) end(partial bool) {
	c := p.r.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	p.it.partial = partial
	text := p.it.text
	if p.kind == "audio" {
		c.event("response.output_audio.done", p.place)
		c.event("response.output_audio_transcript.done", merge(p.place, object{"transcript": text}))
		c.event("response.content_part.done", merge(p.place, object{"part": object{"type": "audio", "transcript": text}}))
	} else {
		c.event("response.output_text.done", merge(p.place, object{"text": text}))
		c.event("response.content_part.done", merge(p.place, object{"part": object{"type": "text", "text": text}}))
	}
	p.r.done(p.it)
}

// done ends an item of the answer.
func (r *Response) done(it *item) {
	c := r.conn
	shown := c.wire(it, false)
	index := 0
	for i, x := range r.items {
		if x == it {
			index = i
		}
	}
	c.event("response.output_item.done", object{"response_id": r.ID, "output_index": index, "item": shown})
	if !r.OutOfBand {
		var before any
		if n := c.find(it.id); n > 0 {
			before = c.items[n-1].id
		}
		c.event("conversation.item.done", object{"previous_item_id": before, "item": shown})
	}
}

// Text writes an answer.
func (r *Response) Text(text string) error {
	p := r.begin(object{"type": "text", "text": ""})
	p.words(strings.SplitAfter(text, " "))
	p.end(false)
	return nil
}

func (c *Conn) locked(f func() bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return f()
}

func (c *Conn) outputFormat() realtime.AudioFormat {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.format("output")
}

// Tone is a sine in a format, at a quarter of full scale. A-law is written as µ-law.
func Tone(f realtime.AudioFormat, hertz float64, d time.Duration) []byte {
	rate := f.Rate
	if f.Type != realtime.TypePCM {
		rate = 8000
	}
	n := int(d.Seconds() * float64(rate))
	var out []byte
	for i := range n {
		v := int16(8000 * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate)))
		if f.Type == realtime.TypePCM {
			out = binary.LittleEndian.AppendUint16(out, uint16(v))
		} else {
			out = append(out, encodeULaw(v))
		}
	}
	return out
}
