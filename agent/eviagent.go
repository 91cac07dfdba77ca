package agent

import (
	"context"
	"sync"
	"time"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/media"
)

// eviAgent is an Agent behind an EVI chat.
type eviAgent struct {
	chat    *evi.Chat
	budgets Budgets
	resumed bool
	expires time.Time

	// What Receive owns.
	sound eviSound
	texts map[string]string // of the segments of the reply under way
	asked bool              // what Say asked for is in it
	queue []Event           // to be returned before the next message is read

	// What the sender owns, but for the sound.
	memory string   // a persistent context
	notes  []string // what the agent was to know since the caller's last turn

	// What SendAudio owns.
	up  *media.Uplink
	pcm []byte

	mu  sync.Mutex
	cut map[string]bool // segments that are no longer played
}

func (a *eviAgent) Chat() Chat {
	m := a.chat.Metadata()
	return Chat{ID: string(m.ChatID), Group: string(m.ChatGroupID), Voice: "evi", Resumed: a.resumed, Expires: a.expires}
}

func (a *eviAgent) SendAudio(ulaw []byte) error {
	a.pcm = a.up.Append(a.pcm[:0], ulaw)
	return a.chat.SendAudio(a.pcm)
}

func (a *eviAgent) Say(text string) error      { return a.chat.SendAssistantInput(text) }
func (a *eviAgent) SendTurn(text string) error { return a.chat.SendUserInput(text) }
func (a *eviAgent) Close() error               { return a.chat.Close(evi.CloseNormal) }

// Interrupt drops what still comes of the segments. EVI has no message for how far it
// was heard.
func (a *eviAgent) Interrupt(heard []Heard) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cut == nil || len(a.cut) > cutMax {
		a.cut = map[string]bool{}
	}
	for _, h := range heard {
		a.cut[h.Segment] = true
	}
	return nil
}

// cutMax is how many segments are remembered that were cut; late sound of one comes
// within moments.
const cutMax = 256

func (a *eviAgent) isCut(segment string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.cut[segment]
}

func (a *eviAgent) AnswerTool(t ToolAnswer) error {
	id := evi.ToolCallID(t.ID)
	if t.Error == "" {
		return a.chat.SendToolResponse(evi.ToolResponse{ToolCallID: id, ToolName: t.Name, ToolType: evi.ToolFunction, Content: t.Content})
	}
	return a.chat.SendToolError(evi.ToolError{ToolCallID: id, ToolType: evi.ToolFunction, Error: t.Error, Content: t.Content, Level: "warn"})
}

// Receive reads messages until one of them means something to a call.
func (a *eviAgent) Receive(ctx context.Context) (Event, error) {
	for len(a.queue) == 0 {
		ev, err := a.chat.Receive(ctx)
		if err != nil {
			return nil, eviLost("receive", err)
		}
		a.translate(ev)
	}
	ev := a.queue[0]
	if a.queue = a.queue[1:]; len(a.queue) == 0 {
		a.queue = nil
	}
	return ev, nil
}
