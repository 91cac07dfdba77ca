package evi

import (
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/internal/wire"
)

// soundKind is the type of messages with sound, the only frequent ones.
const soundKind = "audio_output"

// decoder owns the one AudioOutput that a chat hands out again and again. The
// buffer behind its Data is lent until the next Receive.
type decoder struct {
	out   AudioOutput
	sound wire.Sound
	cause *Error // the last that EVI reported, warnings aside
}

type audioOutput struct {
	ID    string `json:"id"`
	Index int    `json:"index"`
	Data  any    `json:"data"` // to tell an empty string from none
}

// audio decodes an audio_output that encoding/json has taken apart.
func (d *decoder) audio(m audioOutput) Event {
	data, ok := m.Data.(string)
	if !ok {
		return Malformed{Err: errors.New("an audio_output without data")}
	}
	var err error
	if d.out.Data, err = d.sound.Decode([]byte(data)); err != nil {
		return Malformed{Err: fmt.Errorf("an audio_output: %w", err)}
	}
	d.out.ID, d.out.Index = m.ID, m.Index
	return &d.out
}

// scan decodes an audio_output of the usual shape. That is one message in ten
// thousand bytes. Of anything else scan returns nil, and encoding/json decides;
// where both decide they agree.
func (d *decoder) scan(raw []byte) *AudioOutput {
	var kind, id, data []byte
	index := -1
	if !wire.ScanObject(raw, wire.Field{Name: "type", Text: &kind}, wire.Field{Name: "id", Text: &id},
		wire.Field{Name: "index", Number: &index}, wire.Field{Name: "data", Sound: &data}) ||
		string(kind) != soundKind || id == nil || index < 0 || data == nil {
		return nil
	}
	var err error
	if d.out.Data, err = d.sound.Decode(data); err != nil {
		return nil
	}
	if string(id) != d.out.ID { // the same for all pieces of a segment
		d.out.ID = string(id)
	}
	d.out.Index = index
	return &d.out
}
