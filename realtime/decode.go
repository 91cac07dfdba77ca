package realtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// DecodeEvent makes an event of one message of the server's, whatever it is. Nothing in
// the event points into raw.
func DecodeEvent(raw []byte) Event {
	var d decoder
	return d.decode(raw)
}

// Decode is decode, and remembers an error that may explain the end.
func (d *decoder) Decode(raw []byte) Event {
	e := d.decode(raw)
	if e, ok := e.(*Error); ok && e.Class() != Benign && e.Class() != Misuse {
		d.cause = e
	}
	return e
}

func (d *decoder) Malformed(err error) Event { return Malformed{Err: err} }

func (d *decoder) TooLarge(kind string, bytes, most int) Event {
	return TooLarge{Type: kind, Bytes: bytes, Max: most}
}

// Forget ends the life of the last Audio.
func (d *decoder) Forget() {
	d.sound.Forget()
	d.out.Audio = nil
}

func (d *decoder) Ended(code int, text string) error { return newCloseError(code, text, d.cause) }

func (d *decoder) decode(raw []byte) Event {
	if a := d.scan(raw); a != nil {
		return a
	}
	var head struct {
		Type *string `json:"type"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return Malformed{Err: fmt.Errorf("not a JSON object with a type: %w", err)}
	}
	if head.Type == nil || *head.Type == "" {
		return Malformed{Err: errors.New("a message without a type")}
	}
	kind := gaName(*head.Type)
	switch kind {
	case deltaKind:
		return d.audio(fields[audioDelta](raw))
	case "error":
		m := fields[struct {
			EventID EventID `json:"event_id"`
			Error   Error   `json:"error"`
		}](raw)
		m.Error.EventID = m.EventID
		return &m.Error
	}
	if decode := decoders[kind]; decode != nil {
		return decode(raw)
	}
	if state, ok := strings.CutPrefix(kind, "mcp_list_tools."); ok {
		e := fields[MCPListTools](raw)
		e.State = MCPState(state)
		return e
	}
	if state, ok := strings.CutPrefix(kind, "response.mcp_call."); ok {
		e := fields[MCPCall](raw)
		e.State = MCPState(state)
		return e
	}
	return Unknown{Type: *head.Type, Raw: bytes.Clone(raw)}
}

// betaNames are those of the beta, which some servers still send.
var betaNames = map[string]string{
	"response.audio.delta":            deltaKind,
	"response.audio.done":             AudioDone{}.kind(),
	"response.audio_transcript.delta": AudioTranscriptDelta{}.kind(),
	"response.audio_transcript.done":  AudioTranscriptDone{}.kind(),
	"response.text.delta":             TextDelta{}.kind(),
	"response.text.done":              TextDone{}.kind(),
}

func gaName(kind string) string {
	if ga, ok := betaNames[kind]; ok {
		return ga
	}
	return kind
}

// decoders are those of the events that are decoded by their fields alone.
var decoders = table(
	of[SessionCreated], of[SessionUpdated], of[RateLimitsUpdated], of[ConversationCreated],
	of[SpeechStarted], of[SpeechStopped], of[AudioCommitted], of[AudioCleared], of[TimeoutTriggered], of[DTMFReceived],
	of[TranscriptionDelta], of[TranscriptionUpdated], of[TranscriptionCompleted],
	of[TranscriptionFailed], of[TranscriptionSegment],
	of[ItemAdded], of[ItemDone], of[ItemCreated], of[ItemRetrieved], of[ItemTruncated], of[ItemDeleted],
	of[OutputAudioStarted], of[OutputAudioStopped], of[OutputAudioCleared],
	of[MCPArgumentsDelta], of[MCPArgumentsDone],
	of[ResponseCreated], of[ResponseDone], of[OutputItemAdded], of[OutputItemDone],
	of[ContentPartAdded], of[ContentPartDone], of[AudioDone], of[AudioTranscriptDelta], of[AudioTranscriptDone],
	of[TextDelta], of[TextDone], of[ArgumentsDelta], of[ArgumentsDone],
)

func of[E Event](raw []byte) Event { return fields[E](raw) }

// table finds each decoder by what it makes of nothing.
func table(all ...func([]byte) Event) map[string]func([]byte) Event {
	t := make(map[string]func([]byte) Event, len(all))
	for _, decode := range all {
		t[decode(nil).kind()] = decode
	}
	return t
}
