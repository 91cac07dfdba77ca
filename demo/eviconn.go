package demo

import (
	"context"
	"errors"

	"github.com/patchcord/patchcord/evi/evitest"
)

// eviConn is a conn on EVI's wire.
type eviConn struct{ chat *evitest.Conn }

func (c eviConn) voice() string                { return voiceEVI }
func (c eviConn) open(group string) error      { return c.chat.Greet(group) }
func (c eviConn) done() <-chan struct{}        { return c.chat.Done() }
func (c eviConn) drop()                        { c.chat.Drop() }
func (c eviConn) callerSpeaks()                {}
func (c eviConn) interrupt() error             { return c.chat.Interrupt() }
func (c eviConn) transcribe(text string) error { return c.chat.Transcribe(text, false, nil) }
func (c eviConn) ready(context.Context) error  { return nil }
func (c eviConn) endTurn() error               { return c.chat.AssistantEnd() }
func (c eviConn) untilAsked()                  {}

func (c eviConn) resumed(group string) (bool, error) {
	if c.chat.Resumed != group {
		return false, errors.New("the bridge did not name the conversation's chat group")
	}
	return true, nil
}

// speak sends the text, and then WAV files of 100 ms, as EVI does.
func (c eviConn) speak(ctx context.Context, segment string, l *line, pace float64) error {
	return c.chat.Say(ctx, evitest.Speech{ID: segment, Text: l.text, PCM: l.wide, Rate: wideRate, Pace: pace})
}

func (c eviConn) callTool(_ context.Context, name, arguments string) error {
	return c.chat.CallTool("call-1", name, arguments, true)
}

func (c eviConn) listen(a *agent) {
	for {
		m, err := c.chat.Receive(a.ctx)
		switch {
		case err != nil:
			return
		case m.Type == "audio_input":
			a.hears(decode(m.Audio))
		case m.Type == "tool_response" || m.Type == "tool_error":
			a.toolAnswered(m.Type == "tool_error")
		case m.Type == "user_input":
			text, _ := m.Fields["text"].(string)
			a.isGiven(text)
		case m.Type == "session_settings":
			if given, ok := m.Fields["context"].(map[string]any); ok {
				text, _ := given["text"].(string)
				a.isGiven(text)
			}
		}
	}
}
