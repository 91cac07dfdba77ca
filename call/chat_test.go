package call_test

import (
	"context"
	"encoding/binary"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
)

// chat is EVI's side of a chat: what the bridge sends is kept.
type chat struct {
	*evitest.Conn

	mu       sync.Mutex
	heard    []byte // the caller, as µ-law again
	messages []evitest.Message
}

// startEVI starts an EVI that greets each chat and leaves it to the test, unless
// greet, which gets the number of the chat, says that it has done with it.
func (r *rig) startEVI(greet func(int, *evitest.Conn) bool) {
	var mu sync.Mutex
	n := 0
	r.evi = evitest.NewServer(humeKey, func(conn *evitest.Conn) {
		mu.Lock()
		n++
		mine := n
		mu.Unlock()
		if greet != nil && !greet(mine, conn) {
			return
		}
		if err := conn.Greet(""); err != nil {
			return // the bridge thought better of it
		}
		c := &chat{Conn: conn}
		r.chats <- c
		c.listen()
	})
	r.Cleanup(func() {
		r.evi.Close()
		if faults := r.evi.Faults(); len(faults) > 0 {
			r.Errorf("EVI would complain: %q", faults)
		}
	})
}

// listen keeps what comes until the bridge has left.
func (c *chat) listen() {
	for {
		m, err := c.Receive(context.Background())
		if err != nil {
			return
		}
		c.mu.Lock()
		if m.Type == "audio_input" {
			pcm := make([]int16, len(m.Audio)/2)
			for i := range pcm {
				pcm[i] = int16(binary.LittleEndian.Uint16(m.Audio[2*i:]))
			}
			c.heard = media.AppendEncodeULaw(c.heard, pcm)
		} else {
			c.messages = append(c.messages, m)
		}
		c.mu.Unlock()
	}
}

// Heard is the caller's sound so far.
func (c *chat) Heard() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.heard)
}

// sent is every message of a type, in order.
func (c *chat) sent(kind string) (some []evitest.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.messages {
		if m.Type == kind {
			some = append(some, m)
		}
	}
	return some
}

// reply speaks a whole turn: a tone of so many hertz.
func (c *chat) reply(t testing.TB, id, text string, hz float64, d time.Duration) {
	t.Helper()
	if err := c.Say(t.Context(), evitest.Speech{ID: id, Text: text, PCM: tone(hz, d)}); err != nil {
		t.Error(err)
	}
	if err := c.AssistantEnd(); err != nil {
		t.Error(err)
	}
}

// speaks is a turn in which the agent says what it was asked to say.
func (c *chat) speaks(t testing.TB, text string, hz float64, d time.Duration) {
	t.Helper()
	if err := c.Say(t.Context(), evitest.Speech{ID: "asked", Text: text, FromText: true, PCM: tone(hz, d)}); err != nil {
		t.Error(err)
	}
	if err := c.AssistantEnd(); err != nil {
		t.Error(err)
	}
}

// input is what the agent is asked to say, when it is.
func (r *rig) input(c *chat) string {
	r.Helper()
	r.until("the agent is asked to speak", func() bool { return len(c.sent("assistant_input")) > 0 })
	text, _ := c.sent("assistant_input")[0].Fields["text"].(string)
	return text
}

// tone is a sine at EVI's rate.
func tone(hz float64, d time.Duration) []int16 {
	pcm := make([]int16, int(d*48/time.Millisecond))
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/48000))
	}
	return pcm
}

// heardTone is for how long a tone was heard, in frames of 20 ms of which it is
// most (by Goertzel's algorithm).
func heardTone(ulaw []byte, hz float64) time.Duration {
	var total time.Duration
	for ; len(ulaw) >= 160; ulaw = ulaw[160:] {
		if hasTone(ulaw[:160], hz) {
			total += 20 * time.Millisecond
		}
	}
	return total
}

func hasTone(ulaw []byte, hz float64) bool {
	w := 2 * math.Cos(2*math.Pi*hz/8000)
	var a, b, energy float64
	pcm := media.AppendDecodeULaw(nil, ulaw)
	for _, v := range pcm {
		x := float64(v)
		a, b = x+w*a-b, a
		energy += x * x
	}
	power := a*a + b*b - w*a*b
	return energy > 1e6 && power*2/float64(len(pcm)) > energy/2
}

// silent tells whether the last stretch of what was heard is silence.
func silent(ulaw []byte, d time.Duration) bool {
	n := int(d / (time.Millisecond / 8))
	if len(ulaw) < n {
		return false
	}
	for _, b := range ulaw[len(ulaw)-n:] {
		if b != media.Silence {
			return false
		}
	}
	return true
}
