package wire

import (
	"encoding/json"
	"testing"
)

// encoding/json takes a key in other letters for the field, so that ScanObject must leave it to it.
func TestAKeyInOtherLetters(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{`{"Event":"stop"}`, `{"event":"media","EVENT":"stop"}`, `{"other":1,"eVent":"stop"}`} {
		var slow struct{ Event string }
		if err := json.Unmarshal([]byte(raw), &slow); err != nil || slow.Event != "stop" {
			t.Fatalf("%s: encoding/json reads %q, %v", raw, slow.Event, err)
		}
		var event []byte
		if ScanObject([]byte(raw), Field{Name: "event", Text: &event}) {
			t.Errorf("%s: it is read as the event %q", raw, event)
		}
	}
	var event []byte
	if !ScanObject([]byte(`{"other":1,"event":"stop"}`), Field{Name: "event", Text: &event}) || string(event) != "stop" {
		t.Errorf("a key as it is: the event %q", event)
	}
}
