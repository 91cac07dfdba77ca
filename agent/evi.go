package agent

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/media"
)

// EVI dials Hume's Empathic Voice Interface, or whatever speaks its protocol at
// the address.
type EVI struct {
	URL       string // of the host: http(s) or ws(s)
	APIKey    string
	Tokens    Tokens // if not nil, chats are opened with a token, and never with the key
	ConfigID  string
	InputRate int  // Hz of the linear16 that EVI is sent. Defaults to 8000: no resampling at all
	Verbose   bool // interim transcripts
	Prompt    string
	// Lifetime is how long one chat may last. Defaults to 29 min: EVI ends every
	// chat at 30 (EVI configuration reference, timeouts.max_duration).
	Lifetime time.Duration

	// NetDialContext makes the connection. Defaults to that of net.Dialer.
	NetDialContext func(ctx context.Context, network, addr string) (net.Conn, error)
}

// promptInAddress is the longest system prompt that may travel in the address
// of the handshake; a longer one goes in a message.
const promptInAddress = 1000

// metadataTimeout is how long EVI may take to introduce itself. Two tries fit
// into what a caller is asked to wait.
const metadataTimeout = 5 * time.Second

// Limit is how long one chat may last.
func (d *EVI) Limit() time.Duration {
	if d.Lifetime > 0 {
		return d.Lifetime
	}
	return 29 * time.Minute
}

// Dial opens a chat.
func (d *EVI) Dial(ctx context.Context, s Session) (Agent, error) {
	rate := d.InputRate
	if rate == 0 {
		rate = media.Rate
	}
	up, err := media.NewUplink(rate)
	if err != nil {
		return nil, &LostError{Op: "dial", Fatal: true, Err: err}
	}
	settings := &evi.ConnectSettings{Audio: evi.Linear16(rate), CustomSessionID: s.CallSID}
	if len(s.Variables) > 0 {
		settings.Variables = evi.Variables{}
		for k, v := range s.Variables {
			settings.Variables[k] = v
		}
	}
	later := evi.SessionSettings{Tools: eviTools(s.Tools)}
	if len(d.Prompt) <= promptInAddress {
		settings.SystemPrompt = d.Prompt
	} else {
		later.SystemPrompt = d.Prompt
	}
	key, token, err := d.credentials(ctx)
	if err != nil {
		return nil, eviLost("dial", err)
	}
	chat, err := evi.Dial(ctx, &evi.DialOptions{URL: d.URL, APIKey: key, AccessToken: token, ConfigID: evi.ConfigID(d.ConfigID), VerboseTranscription: d.Verbose,
		ResumeChatGroupID: evi.ChatGroupID(s.Resume), Settings: settings, MetadataTimeout: metadataTimeout,
		NetDialContext: d.NetDialContext})
	if err != nil {
		d.refused(token, err)
		return nil, eviLost("dial", err)
	}
	if len(later.Tools) > 0 || later.SystemPrompt != "" {
		if err := chat.SendSettings(later); err != nil {
			chat.Close(evi.CloseNormal)
			return nil, eviLost("dial", err)
		}
	}
	return &eviAgent{chat: chat, up: up}, nil
}

func eviTools(specs []Tool) []evi.Tool {
	var list []evi.Tool
	for _, t := range specs {
		list = append(list, evi.Tool{Name: t.Name, Description: t.Description, Parameters: string(t.Schema), FallbackContent: t.Failure})
	}
	return list
}

// eviAgent is an Agent behind an EVI chat.
type eviAgent struct {
	chat *evi.Chat

	// What Receive owns.
	down    media.Downlink
	segment string  // whose audio came last
	queue   []Event // to be returned before the next message is read

	// What the sender owns.
	up  *media.Uplink
	pcm []byte

	interrupted atomic.Bool // the next segment begins with a filter at rest
}

func (a *eviAgent) Chat() Chat {
	m := a.chat.Metadata()
	return Chat{ID: string(m.ChatID), Group: string(m.ChatGroupID)}
}

func (a *eviAgent) SendAudio(ulaw []byte) error {
	a.pcm = a.up.Append(a.pcm[:0], ulaw)
	return a.chat.SendAudio(a.pcm)
}

func (a *eviAgent) Say(text string) error  { return a.chat.SendAssistantInput(text) }
func (a *eviAgent) Tell(text string) error { return a.chat.SendUserInput(text) }
func (a *eviAgent) Interrupt()             { a.interrupted.Store(true) }
func (a *eviAgent) Close() error           { return a.chat.Close(evi.CloseNormal) }

func (a *eviAgent) AnswerTool(t ToolAnswer) error {
	if t.Error == "" {
		return a.chat.SendToolResponse(evi.ToolResponse{ToolCallID: evi.ToolCallID(t.ID), ToolName: t.Name, ToolType: evi.ToolFunction, Content: t.Content})
	}
	return a.chat.SendToolError(evi.ToolError{ToolCallID: evi.ToolCallID(t.ID), ToolType: evi.ToolFunction, Error: t.Error, Content: t.Content, Level: "warn"})
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

// translate queues what a message means.
func (a *eviAgent) translate(ev evi.Event) {
	switch ev := ev.(type) {
	case *evi.AudioOutput:
		a.audio(ev)
	case evi.AssistantMessage:
		a.emit(AgentSaid{ev.ID, ev.Message.Content, ev.FromText, ev.Prosody})
	case evi.AssistantProsody:
		a.emit(AgentFelt{ev.ID, ev.Prosody})
	case evi.AssistantEnd:
		a.endSegment()
		a.emit(TurnEnd{})
	case evi.UserInterruption:
		a.emit(Interrupted{})
	case evi.UserMessage:
		a.emit(CallerSaid{ev.Message.Content, ev.Interim, ev.FromText, ev.Prosody})
	case evi.ToolCall:
		if ev.ToolType != evi.ToolBuiltin { // EVI runs those itself
			a.emit(ToolCall{string(ev.ID), ev.Name, ev.Parameters, ev.ResponseRequired})
		}
	case *evi.Error:
		a.emit(Failed{string(ev.Code), ev.Slug, ev.Message})
	case evi.Malformed:
		a.emit(Ignored{Broken: true})
	case evi.Unknown:
		a.emit(Ignored{Type: ev.Type})
	case evi.ChatMetadata, evi.SettingsEcho, evi.ToolResponseEvent, evi.ToolErrorEvent:
		// Known, and of no consequence for a call.
	}
}

func (a *eviAgent) emit(ev Event) { a.queue = append(a.queue, ev) }

// audio turns a chunk of 48 kHz WAV into the telephone's sound. The filter's
// state lives on from chunk to chunk and from segment to segment, unless the
// reply was cut.
func (a *eviAgent) audio(out *evi.AudioOutput) {
	if out.ID != a.segment {
		if a.interrupted.Swap(false) {
			a.down.Reset()
		}
		if a.segment != "" {
			a.emit(SegmentEnd{a.segment})
		}
		a.segment = out.ID
	}
	ulaw, err := a.down.Append(nil, out.Data)
	if err != nil {
		a.emit(Ignored{Type: "audio_output", Broken: true})
		return
	}
	if len(ulaw) > 0 {
		a.emit(Audio{a.segment, ulaw})
	}
}

// endSegment brings the filter's tail out behind the last chunk.
func (a *eviAgent) endSegment() {
	if a.segment == "" {
		return
	}
	if tail := a.down.Flush(nil); len(tail) > 0 {
		a.emit(Audio{a.segment, tail})
	}
	a.emit(SegmentEnd{a.segment})
	a.segment = ""
}

// eviLost explains the end of a chat, or why there is none.
func eviLost(op string, err error) *LostError {
	lost := &LostError{Op: op, Err: err}
	var handshake *evi.HandshakeError
	var token interface{ Fatal() bool } // of Tokens
	var reported *evi.Error
	var closed *evi.CloseError
	switch {
	case errors.As(err, &handshake):
		lost.Code, lost.Fatal = fmt.Sprint(handshake.Status), handshake.Fatal()
	case errors.As(err, &token):
		lost.Fatal = token.Fatal()
	case errors.As(err, &closed) && closed.Code == evi.CloseNormal && survived(closed.Cause):
		// 1000 with no error before it is the agent's own goodbye.
		lost.Code, lost.Ended = fmt.Sprint(closed.Code), true
	case errors.As(err, &reported):
		lost.Code, lost.Fresh = string(reported.Code), reported.StartFresh()
	case errors.As(err, &closed):
		lost.Code = fmt.Sprint(closed.Code)
	}
	return lost
}

// survived tells whether a chat goes on after the last error that it reported,
// if there was one: then that is not why it ended.
func survived(reported *evi.Error) bool {
	return reported == nil || reported.Code == evi.ErrLanguageModelTimeout
}
