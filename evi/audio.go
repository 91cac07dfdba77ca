package evi

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	vector "github.com/segmentio/asm/base64"
)

// decoder owns the one AudioOutput that a chat hands out again and again. The
// buffer behind its Data is lent by the pool until the next Receive.
type decoder struct {
	out  AudioOutput
	lent *[]byte
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
	if err := d.decodeData([]byte(data)); err != nil {
		return Malformed{Err: fmt.Errorf("an audio_output: %w", err)}
	}
	d.out.ID, d.out.Index = m.ID, m.Index
	return &d.out
}

func (d *decoder) decodeData(text []byte) (err error) {
	if d.lent == nil {
		d.lent = buffers.Get().(*[]byte)
	}
	*d.lent, err = appendBase64((*d.lent)[:0], text)
	d.out.Data = *d.lent
	return err
}

// appendBase64 appends what text, in base64, stands for. It does so in vector
// code, ten times as fast as encoding/base64, which has the word if there is
// anything wrong: only its errors count from the beginning of the text.
func appendBase64(dst, text []byte) ([]byte, error) {
	dst = slices.Grow(dst, base64.StdEncoding.DecodedLen(len(text)))
	n, err := vector.StdEncoding.Decode(dst[len(dst):cap(dst)], text)
	if err != nil {
		return base64.StdEncoding.AppendDecode(dst, text)
	}
	return dst[:len(dst)+n], nil
}

// giveBack ends the life of the last Data.
func (d *decoder) giveBack() {
	if d.lent != nil && cap(*d.lent) <= maxPooled {
		buffers.Put(d.lent)
	}
	d.lent, d.out.Data = nil, nil
}

// scan decodes an audio_output of the usual shape: a flat object whose strings
// have no escapes. That is one message in ten thousand bytes and the only
// frequent one, and encoding/json takes ten times as long. Of anything else scan
// returns nil, and encoding/json decides; where both decide they agree.
func (d *decoder) scan(raw []byte) *AudioOutput {
	m, ok := scanAudio(raw)
	if !ok || d.decodeData(m.data) != nil {
		return nil
	}
	if string(m.id) != d.out.ID { // the same for all pieces of a segment
		d.out.ID = string(m.id)
	}
	d.out.Index = m.index
	return &d.out
}

// scanned is an audio_output whose strings are still part of the message.
type scanned struct {
	kind, id, data []byte
	index          int
}

func scanAudio(raw []byte) (m scanned, ok bool) {
	s := scanner{rest: raw}
	if !s.take('{') {
		return m, false
	}
	m.index = -1
	for {
		key, ok := s.text()
		if !ok || !s.take(':') {
			return m, false
		}
		switch string(key) { // of a field that comes twice the last counts, as in encoding/json
		case "type":
			ok = s.textInto(&m.kind) && string(m.kind) == "audio_output"
		case "id":
			ok = s.textInto(&m.id)
		case "index":
			ok = s.numberInto(&m.index)
		case "data":
			ok = m.data == nil && s.base64Into(&m.data) // only the last would be looked at
		default:
			ok = !resembles(key) && s.skip()
		}
		if !ok {
			return m, false
		}
		if !s.take(',') {
			break
		}
	}
	return m, s.take('}') && s.end() && m.kind != nil && m.id != nil && m.index >= 0 && m.data != nil
}

// resembles tells whether encoding/json, which ignores case, takes the key for
// one of the fields.
func resembles(key []byte) bool {
	for _, field := range []string{"type", "id", "index", "data"} {
		if strings.EqualFold(field, string(key)) {
			return true
		}
	}
	return false
}
