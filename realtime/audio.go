package realtime

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	vector "github.com/segmentio/asm/base64"
)

const (
	deltaKind     = "response.output_audio.delta"
	betaDeltaKind = "response.audio.delta"
)

// decoder owns the one AudioDelta that a session hands out again and again. The buffer
// behind its Audio is lent by the pool until the next Receive.
type decoder struct {
	out  AudioDelta
	lent *[]byte
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
	if err := d.decodeAudio([]byte(data)); err != nil {
		return Malformed{Err: fmt.Errorf("an audio delta: %w", err)}
	}
	d.out.Place = m.Place
	return &d.out
}

func (d *decoder) decodeAudio(text []byte) (err error) {
	if d.lent == nil {
		d.lent = buffers.Get().(*[]byte)
	}
	*d.lent, err = appendBase64((*d.lent)[:0], text)
	d.out.Audio = *d.lent
	return err
}

// appendBase64 decodes text and appends the result. It uses vector code, ten times as fast
// as encoding/base64, which decodes again if there is an error: only its errors count from
// the beginning of the text.
func appendBase64(dst, text []byte) ([]byte, error) {
	dst = slices.Grow(dst, base64.StdEncoding.DecodedLen(len(text)))
	n, err := vector.StdEncoding.Decode(dst[len(dst):cap(dst)], text)
	if err != nil {
		return base64.StdEncoding.AppendDecode(dst, text)
	}
	return dst[:len(dst)+n], nil
}

// giveBack ends the life of the last Audio.
func (d *decoder) giveBack() {
	if d.lent != nil && cap(*d.lent) <= maxPooled {
		buffers.Put(d.lent)
	}
	d.lent, d.out.Audio = nil, nil
}

// scan decodes a delta of the usual shape: a flat object whose strings have no escapes.
// It is the only frequent message. Of anything else scan returns nil, and encoding/json
// decides; where both decide they agree.
func (d *decoder) scan(raw []byte) *AudioDelta {
	m, ok := scanDelta(raw)
	if !ok || d.decodeAudio(m.delta) != nil {
		return nil
	}
	if string(m.response) != string(d.out.ResponseID) { // the same for all of an answer
		d.out.ResponseID = ResponseID(m.response)
	}
	if string(m.item) != string(d.out.ItemID) {
		d.out.ItemID = ItemID(m.item)
	}
	d.out.OutputIndex, d.out.ContentIndex = m.output, m.content
	return &d.out
}

// scanned is a delta whose strings are still part of the message.
type scanned struct {
	kind, response, item, delta []byte
	output, content             int
}

func scanDelta(raw []byte) (m scanned, ok bool) {
	s := scanner{rest: raw}
	if !s.take('{') {
		return m, false
	}
	for {
		key, ok := s.text()
		if !ok || !s.take(':') {
			return m, false
		}
		switch string(key) { // of a field that comes twice the last counts, as in encoding/json
		case "type":
			ok = s.textInto(&m.kind) && (string(m.kind) == deltaKind || string(m.kind) == betaDeltaKind)
		case "response_id":
			ok = s.textInto(&m.response)
		case "item_id":
			ok = s.textInto(&m.item)
		case "output_index":
			ok = s.numberInto(&m.output)
		case "content_index":
			ok = s.numberInto(&m.content)
		case "delta":
			ok = m.delta == nil && s.base64Into(&m.delta) // only the last would be looked at
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
	return m, s.take('}') && s.end() && m.kind != nil && m.delta != nil
}

// resembles tells whether encoding/json, which ignores case, takes the key for one of
// the fields.
func resembles(key []byte) bool {
	for _, field := range []string{"type", "response_id", "item_id", "output_index", "content_index", "delta"} {
		if strings.EqualFold(field, string(key)) {
			return true
		}
	}
	return false
}
