package call_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/internal/hostile"
)

// lockedBuffer is a log.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// Whatever a voice makes of a call's words, its tools and its errors, the call goes on and its log has them,
// and no line of the service's log repeats what was said.
func TestHostileVoice(t *testing.T) {
	const said = "said in confidence"
	log := &lockedBuffer{}
	inBubble(t, func(c *call.Config, _ *call.Profile) { c.Logger = zerolog.New(log) }, func(b *bubble) {
		c, p := b.connected()
		for _, in := range hostile.Texts() {
			text := in.Text + said
			p.Events <- agent.CallerSaid{Text: text, Emotions: map[string]float64{in.Text: 0.5}}
			p.Events <- agent.AgentSaid{Segment: in.Text, Text: text}
			p.Events <- agent.Audio{Segment: in.Text, ULaw: sound(20*time.Millisecond, 1)}
			p.Events <- agent.SegmentEnd{Segment: in.Text}
			p.Events <- agent.ToolCall{ID: in.Text, Name: in.Text, Arguments: text, WantAnswer: true}
			p.Events <- agent.Failed{Code: in.Text, Slug: in.Text, Message: text}
			p.Events <- agent.Ignored{Type: in.Text}
			p.Events <- agent.TurnEnd{}
			b.pass(10 * time.Second)
		}
		p.Events <- agent.AgentSaid{Segment: "last", Text: "Still here."}
		p.Events <- agent.Audio{Segment: "last", ULaw: sound(300*time.Millisecond, 7)}
		p.Events <- agent.SegmentEnd{Segment: "last"}
		p.Events <- agent.TurnEnd{}
		b.pass(time.Second)
		if heard := count(c.Heard(), 7); heard != 300*time.Millisecond {
			b.Errorf("%v are heard, want 300 ms", heard)
		}
		c.HangUp()
		counts := map[string]int{}
		for _, e := range b.record(c).Entries {
			counts[string(e.Kind)]++
			if !utf8.ValidString(e.Text) && len(e.Text) > 64<<10 {
				b.Errorf("an entry of %d bytes", len(e.Text))
			}
		}
		if n := len(hostile.Texts()); counts["caller"] < n || counts["agent"] < n || counts["tool"] < n {
			b.Errorf("the log has %v, want %d of caller, agent and tool", counts, n)
		}
	})
	if text := log.String(); strings.Contains(text, said) {
		t.Errorf("the service's log has what was said: %.500s", text[max(0, strings.Index(text, said)-300):])
	}
}
