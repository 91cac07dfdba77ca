package realtime_test

import (
	"encoding/json"
	"testing"

	"github.com/patchcord/patchcord/realtime"
)

// A field is left out, null, or a value; what is of another type is left out.
func TestOpt(t *testing.T) {
	type message struct {
		Speed realtime.Opt[float64] `json:"speed,omitzero"`
	}
	for raw, want := range map[string]struct {
		opt realtime.Opt[float64]
		out string
	}{
		`{}`:              {realtime.Opt[float64]{}, `{}`},
		`{"speed":null}`:  {realtime.Null[float64](), `{"speed":null}`},
		`{"speed":0}`:     {realtime.Set(0.0), `{"speed":0}`},
		`{"speed":"old"}`: {realtime.Opt[float64]{}, `{}`},
	} {
		var m message
		if err := json.Unmarshal([]byte(raw), &m); err != nil {
			t.Fatal(err)
		}
		out, err := json.Marshal(m)
		if err != nil || !m.Speed.Equal(want.opt) || string(out) != want.out ||
			m.Speed.IsNull() != (want.out == `{"speed":null}`) {
			t.Errorf("%s: got %+v, %s, %v", raw, m.Speed, out, err)
		}
	}
}
