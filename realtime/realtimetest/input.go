package realtimetest

import (
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// vad is where the user is in a turn.
type vad struct {
	item    string // of the turn that is under way; "" between turns
	begin   int    // byte at which it began
	loud    int    // bytes, in Listen, of speech in a row
	quiet   int    // bytes, in Listen, since the last speech
	residue int    // bytes looked at
}

// format is that of audio, "input" or "output".
func (c *Conn) format(way string) realtime.AudioFormat {
	f, _ := at(c.settings, "audio", way, "format").(object)
	kind, _ := f["type"].(string)
	rate, _ := f["rate"].(float64)
	return realtime.AudioFormat{Type: kind, Rate: int(rate)}
}

// hear takes what was appended.
func (c *Conn) hear(audio []byte) {
	f := c.format("input")
	if !isClosed(c.opened) {
		c.server.report.Fault("input_audio_buffer.append before session.updated: it is taken for %s", f)
	}
	if f.Type == realtime.TypePCM && len(audio)%2 != 0 {
		c.server.report.Fault("input_audio_buffer.append: %d bytes are not whole 16-bit samples", len(audio))
	}
	c.heard = append(c.heard, audio...)
	close(c.hearing)
	c.hearing = make(chan struct{})
	if c.server.config.Listen {
		c.listen(f)
	}
}

// ms is how much audio n bytes are.
func (c *Conn) ms(n int) float64 {
	return float64(c.format("input").Duration(n)) / float64(time.Millisecond)
}

// commit makes an item of what the client wants to be one.
func (c *Conn) commit() *problem {
	if c.ms(len(c.heard)-c.committed) < 100 {
		return &problem{"input_audio_buffer_commit_empty", "", "the buffer holds less than 100 ms"}
	}
	c.commitAs(c.nextID("item"), c.committed)
	return nil
}

func (c *Conn) commitAs(id string, from int) *item {
	it := &item{id: id, kind: "message", role: "user", audio: c.heard[from:], heard: true}
	c.event("input_audio_buffer.committed", object{"item_id": id, "previous_item_id": c.lastItem()})
	c.committed = len(c.heard)
	c.add(it, len(c.items))
	return it
}

// SpeechStarted begins a turn of the user's, with the audio appended so far, and returns
// the id of its item. It cancels the answer that writes to the conversation, unless the
// settings say otherwise.
func (c *Conn) SpeechStarted() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.startSpeech()
	return c.vad.item
}

func (c *Conn) startSpeech() {
	padding, _ := at(c.settings, "audio", "input", "turn_detection", "prefix_padding_ms").(float64)
	c.vad.item, c.vad.begin = c.nextID("item"), len(c.heard)
	begin := int(max(c.ms(len(c.heard))-padding, 0))
	c.event("input_audio_buffer.speech_started", object{"audio_start_ms": begin, "item_id": c.vad.item})
	if c.active != nil && c.turns("interrupt_response") {
		c.active.interrupt("turn_detected")
	}
}

// SpeechStopped ends the turn that is under way: it is committed, written down as the
// transcript if the settings ask for one, and answered unless they say otherwise.
func (c *Conn) SpeechStopped(transcript string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.stopSpeech()
	c.transcribe(id, transcript)
	if c.turns("create_response") {
		c.answer(nil, false)
	}
}

func (c *Conn) stopSpeech() string {
	if c.vad.item == "" {
		c.vad.item, c.vad.begin = c.nextID("item"), len(c.heard)
	}
	id, begin := c.vad.item, c.vad.begin
	c.vad = vad{residue: c.vad.residue}
	c.event("input_audio_buffer.speech_stopped", object{"audio_end_ms": int(c.ms(len(c.heard))), "item_id": id})
	c.commitAs(id, begin)
	return id
}

// Idle is nobody having spoken for too long: silence is committed and answered.
func (c *Conn) Idle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.nextID("item")
	c.event("input_audio_buffer.timeout_triggered", object{"item_id": id,
		"audio_start_ms": int(c.ms(c.committed)), "audio_end_ms": int(c.ms(len(c.heard)))})
	c.commitAs(id, c.committed)
	c.answer(nil, false)
}

// Say is a whole turn of the user's.
func (c *Conn) Say(words string) {
	c.SpeechStarted()
	c.SpeechStopped(words)
}
