package realtimetest

import (
	"encoding/base64"
	"time"
)

// part is a message of an answer that is being sent.
type part struct {
	r     *Response
	it    *item
	place object
	kind  string // "audio" or "text"
}

// begin sends what comes before an item's first delta.
func (r *Response) begin(kind string) *part {
	c := r.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	it := &item{id: c.nextID("item"), kind: "message", role: "assistant", heard: kind == "audio"}
	p := &part{r: r, it: it, kind: kind}
	p.place = object{"response_id": r.ID, "item_id": it.id, "output_index": len(r.items), "content_index": 0}
	r.added(it, object{"id": it.id, "object": "realtime.item", "type": "message", "role": "assistant",
		"status": "in_progress", "content": []any{}})
	said := map[string]string{"audio": "transcript", "text": "text"}[kind]
	c.event("response.content_part.added", merge(p.place, object{"part": object{"type": kind, said: ""}}))
	return p
}

// added announces a new item of the answer.
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
