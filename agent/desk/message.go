package desk

import (
	"fmt"
	"math"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/media"
)

// Bounds of a spoken message.
const (
	messageMax  = 2 * time.Minute
	messageRest = 5 * time.Second        // of silence behind the last word
	messageLead = 10 * time.Second       // of silence before the first
	messageMin  = 500 * time.Millisecond // of speech: less is a cough
	loud        = 500                    // of 32768: a telephone line's noise stays below
)

// recording is what the caller says, µ-law at 8 kHz.
type recording struct {
	ulaw  []byte
	voice int  // bytes of frames with a voice in them
	last  int  // bytes up to the last of those
	sent  bool // it was given to a tool
}

// prompt asks for a message.
func (d *desk) prompt(time.Time) {
	d.say(speak)
	d.beep()
}

// beep is the tone after which the message begins.
func (d *desk) beep() {
	d.message = recording{}
	d.sound("", tone)
	d.emit(agent.TurnEnd{})
	d.state, d.due = prompting, d.played
}

// tone is 300 ms of 1000 Hz, a quarter of full scale.
var tone = func() []byte {
	pcm := make([]int16, media.Rate*3/10)
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*1000*float64(i)/media.Rate))
	}
	return media.AppendEncodeULaw(nil, pcm)
}()

// SendAudio keeps what the caller says while a message is taken, and drops it otherwise.
func (d *desk) SendAudio(ulaw []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if d.state == prompting && !now.Before(d.due) {
		d.waited(now)
	}
	if d.state != recorded {
		return nil
	}
	m := &d.message
	m.ulaw = append(m.ulaw, ulaw...)
	if voiced(ulaw) {
		m.voice += len(ulaw)
		m.last = len(m.ulaw)
	}
	rest := messageRest
	if m.voice == 0 {
		rest = messageLead
	}
	if lasts(m.ulaw[m.last:]) >= rest || lasts(m.ulaw) >= messageMax {
		d.deliver(now)
	}
	return nil
}

// voiced tells whether a frame is louder than a line is by itself.
func voiced(ulaw []byte) bool {
	sum := 0
	for _, v := range media.AppendDecodeULaw(nil, ulaw) {
		sum += int(max(v, -v))
	}
	return len(ulaw) > 0 && sum/len(ulaw) > loud
}

// deliver has the message kept; where there is none, the menu follows.
func (d *desk) deliver(now time.Time) {
	if !d.message.whole() {
		d.message = recording{}
		d.offer()
		return
	}
	d.message.sent = true
	seconds := int(lasts(d.message.ulaw).Round(time.Second) / time.Second)
	d.call("take_message", fmt.Sprintf(`{"message":"A spoken message of %d seconds."}`, seconds), now)
}

// whole tells whether there is a message.
func (m *recording) whole() bool {
	return time.Duration(m.voice)*time.Second/media.Rate >= messageMin
}

// Message returns the message that the caller has spoken so far, and forgets it. It is nil if
// there is none. µ-law, 8 kHz.
func (d *desk) Message() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.message.whole() {
		return nil
	}
	ulaw := d.message.ulaw
	d.message.ulaw, d.message.voice, d.message.last = nil, 0, 0
	return ulaw
}

// Say plays the clip of a text that a call may ask for; of any other the desk has none, and
// says that it was not said.
func (d *desk) Say(text string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := prompt(text)
	if ok {
		d.say(p)
	}
	d.emit(agent.Spoken{Exact: ok}, agent.TurnEnd{})
	return nil
}

// SendTurn means that something happened while the caller was away: the menu follows.
func (d *desk) SendTurn(string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.ended && d.state == choosing {
		d.offer()
	}
	return nil
}

// SendContext means nothing to a desk.
func (d *desk) SendContext(string) error { return nil }

// Remember means nothing to a desk.
func (d *desk) Remember(agent.Memory) error { return nil }

// Interrupt means nothing to a desk: the caller's voice does not interrupt it.
func (d *desk) Interrupt([]agent.Heard) error { return nil }
