package realtime

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
)

// EncodeClient is an event of a client's as it is sent in a dialect, with an id if that
// is not empty. It is for those who keep a socket of their own; [Session.Send] does it.
func EncodeClient(d Dialect, id EventID, e ClientEvent) ([]byte, error) {
	if err := cmp.Or(d.check(), e.check()); err != nil {
		return nil, err
	}
	var o object
	var err error
	switch e := e.(type) {
	case SessionUpdate:
		o = object{}
		o["session"], err = d.session(e.Session)
	case ItemCreate:
		if o, err = toObject(e); err == nil {
			o["item"], err = d.item(e.Item)
		}
	case ResponseCreate:
		o = object{}
		if e.Response != nil {
			o["response"], err = d.response(*e.Response)
		}
	case AudioCommit, AudioClear, OutputAudioClear, ItemTruncate, ItemDelete, ItemRetrieve, ResponseCancel:
		o, err = toObject(e)
	}
	if err != nil {
		return nil, err
	}
	o["type"] = e.clientKind()
	if id != "" {
		o["event_id"] = id
	}
	return json.Marshal(o)
}

// EncodeEvent is an event of the server's in the GA shape, for servers of this wire.
// What it makes is decoded as an equal event. A [Malformed] can't be encoded.
func EncodeEvent(e Event) ([]byte, error) {
	switch e := e.(type) {
	case Unknown:
		return e.Raw, nil
	case Malformed:
		return nil, errors.New("realtime: encode: a malformed event")
	case *Error:
		return encode(e.kind(), struct {
			EventID EventID `json:"event_id,omitempty"`
			Error   *Error  `json:"error"`
		}{e.EventID, e})
	default:
		return encode(e.kind(), e)
	}
}

// encode writes the type before the fields.
func encode(kind string, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("realtime: encode %s: %w", kind, err)
	}
	head, err := json.Marshal(kind)
	if err != nil {
		return nil, fmt.Errorf("realtime: encode %s: %w", kind, err)
	}
	out := append([]byte(`{"type":`), head...)
	if len(b) > len("{}") {
		out = append(out, ',')
	}
	return append(out, b[1:]...), nil
}
