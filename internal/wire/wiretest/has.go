package wiretest

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Has tells whether a message, as encoding/json reads it, has all that want has, perhaps among
// others. Maps in it are compared in the same way, everything else must be equal as JSON. The error
// shows both, raw for the message.
func Has(message, want map[string]any, raw []byte) error {
	b, err := json.Marshal(want)
	if err != nil {
		return err
	}
	var plain any
	if err := json.Unmarshal(b, &plain); err != nil {
		return err
	}
	if !contains(message, plain) {
		return fmt.Errorf("want %v in it, got %s", want, raw)
	}
	return nil
}

func contains(got, want any) bool {
	fields, ok := want.(map[string]any)
	if !ok {
		return reflect.DeepEqual(got, want)
	}
	given, ok := got.(map[string]any)
	if !ok {
		return false
	}
	for name, v := range fields {
		value, ok := given[name]
		if !ok || !contains(value, v) {
			return false
		}
	}
	return true
}
