package evitest

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// Speech is one segment that the agent speaks.
type Speech struct {
	ID       string // of the segment
	Text     string // of its assistant_message; none is sent if empty
	PCM      []int16
	Rate     int     // of PCM and on the wire, in Hz. Defaults to 48000, which is EVI's
	ChunkMS  int     // of audio in each audio_output. Defaults to 100
	Pace     float64 // 0 sends all at once, 1 in real time, 2 twice as fast
	FromText bool    // speaks an assistant_input
	Form     string  // of the audio: one of the Forms. Defaults to Plain
}

// Say sends a segment: the assistant_message, then an audio_output for each
// chunk, each a file of its own. It returns when all is sent, or, with its
// error, when ctx ends before. AssistantEnd is another call.
func (c *Conn) Say(ctx context.Context, s Speech) error {
	rate := cmp.Or(s.Rate, 48000)
	chunk := rate * cmp.Or(s.ChunkMS, 100) / 1000
	if rate < 0 || chunk < 1 || s.Pace < 0 {
		return fmt.Errorf("evitest: say: Rate %d, ChunkMS %d, Pace %g: none may be negative, and a chunk needs a sample",
			s.Rate, s.ChunkMS, s.Pace)
	}
	if s.Text != "" {
		err := c.Send(map[string]any{"type": "assistant_message", "id": s.ID,
			"from_text": s.FromText, "is_quick_response": false,
			"message": map[string]any{"role": "assistant", "content": s.Text},
			"models":  map[string]any{"prosody": nil}})
		if err != nil {
			return err
		}
	}
	id, err := json.Marshal(s.ID)
	if err != nil {
		return fmt.Errorf("evitest: say: %w", err)
	}
	start := time.Now()
	var file, message []byte
	for sent := 0; sent < len(s.PCM); sent += chunk {
		if s.Pace > 0 {
			played := float64(sent) / float64(rate) / s.Pace // seconds
			if err := waitUntil(ctx, start.Add(time.Duration(played*float64(time.Second)))); err != nil {
				return err
			}
		}
		if file, err = appendFile(file[:0], s.Form, rate, s.PCM[sent:min(sent+chunk, len(s.PCM))]); err != nil {
			return err
		}
		message = fmt.Appendf(message[:0], `{"type":"audio_output","id":%s,"index":%d,"data":"`, id, sent/chunk)
		message = base64.StdEncoding.AppendEncode(message, file)
		if err := c.SendText(string(append(message, `"}`...))); err != nil {
			return err
		}
	}
	return nil
}

func waitUntil(ctx context.Context, t time.Time) error {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("evitest: say: %w", context.Cause(ctx))
	}
}

// AssistantEnd tells that the turn is sent.
func (c *Conn) AssistantEnd() error { return c.Send(map[string]any{"type": "assistant_end"}) }

// Interrupt tells that the user spoke over the agent.
func (c *Conn) Interrupt() error {
	return c.Send(map[string]any{"type": "user_interruption", "time": time.Now().UnixMilli()})
}

// Transcribe tells what the user said, with the scores of all emotions, of which
// those that aren't given are 0; nil stands for no measures at all.
func (c *Conn) Transcribe(text string, interim bool, emotions map[string]float64) error {
	models := map[string]any{"prosody": nil}
	if emotions != nil {
		models["prosody"] = map[string]any{"scores": scores(emotions)}
	}
	return c.Send(map[string]any{"type": "user_message", "from_text": false, "interim": interim, "language": "en",
		"message": map[string]any{"role": "user", "content": text}, "models": models,
		"time": map[string]any{"begin": 1000, "end": 2000}})
}

// CallTool asks for a tool of the client's; parameters is JSON, as text.
func (c *Conn) CallTool(id, name, parameters string, responseRequired bool) error {
	return c.Send(map[string]any{"type": "tool_call", "tool_call_id": id, "name": name,
		"parameters": parameters, "response_required": responseRequired, "tool_type": "function"})
}

// Fail sends an error, and then closes the chat with the code close, unless
// that is 0. EVI closes with 1000 after timeouts.
func (c *Conn) Fail(code, slug, message string, close int) error {
	err := c.Send(map[string]any{"type": "error", "code": code, "slug": slug,
		"message": message, "request_id": "req-" + c.ChatID})
	if close != 0 {
		c.Close(close)
	}
	return err
}
