package expressiontest

import (
	"bytes"
	"encoding/json"
)

// order is the keys of the object at the key questions, as they were sent.
func order(request []byte) []string {
	var body struct {
		Questions json.RawMessage `json:"questions"`
	}
	if json.Unmarshal(request, &body) != nil {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body.Questions))
	if _, err := d.Token(); err != nil {
		return nil
	}
	var keys []string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return keys
		}
		if s, ok := key.(string); ok {
			keys = append(keys, s)
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return keys
		}
	}
	return keys
}
