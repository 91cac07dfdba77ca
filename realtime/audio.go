package realtime

import (
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/internal/wire"
)

const (
	deltaKind     = "response.output_audio.delta"
	betaDeltaKind = "response.audio.delta"
)

// isSound tells whether a message has sound.
func isSound(kind string) bool { return kind == deltaKind || kind == betaDeltaKind }

// isEcho tells whether a message repeats the settings, or items of the conversation: those
// were sent by us, or have come in other messages before.
func isEcho(kind string) bool {
	switch kind {
	case "session.created", "session.updated", "response.created", "response.done",
		"conversation.item.added", "conversation.item.done", "conversation.item.created", "conversation.item.retrieved":
		return true
	}
	return false
}

// decoder owns the one AudioDelta that a session hands out again and again. The buffer
// behind its Audio is lent until the next Receive.
type decoder struct {
	out   AudioDelta
	sound wire.Sound
	cause *Error // the last that could explain an end
}

type audioDelta struct {
	Place
	Delta any `json:"delta"` // to tell an empty string from none
}

// audio decodes a delta that encoding/json has taken apart.
func (d *decoder) audio(m audioDelta) Event {
	data, ok := m.Delta.(string)
	if !ok {
		return Malformed{Err: errors.New("an audio delta without delta")}
	}
	var err error
	if d.out.Audio, err = d.sound.Decode([]byte(data)); err != nil {
		return Malformed{Err: fmt.Errorf("an audio delta: %w", err)}
	}
	d.out.Place = m.Place
	return &d.out
}

// scan decodes a delta of the usual shape, which is the only frequent message. Of anything
// else scan returns nil, and encoding/json decides; where both decide they agree.
func (d *decoder) scan(raw []byte) *AudioDelta {
	var kind, response, item, delta []byte
	var output, content int
	if !wire.ScanObject(raw, wire.Field{Name: "type", Text: &kind},
		wire.Field{Name: "response_id", Text: &response}, wire.Field{Name: "item_id", Text: &item},
		wire.Field{Name: "output_index", Number: &output}, wire.Field{Name: "content_index", Number: &content},
		wire.Field{Name: "delta", Sound: &delta}) || !isSound(string(kind)) || delta == nil {
		return nil
	}
	var err error
	if d.out.Audio, err = d.sound.Decode(delta); err != nil {
		return nil
	}
	if string(response) != string(d.out.ResponseID) { // the same for all of an answer
		d.out.ResponseID = ResponseID(response)
	}
	if string(item) != string(d.out.ItemID) {
		d.out.ItemID = ItemID(item)
	}
	d.out.OutputIndex, d.out.ContentIndex = output, content
	return &d.out
}
