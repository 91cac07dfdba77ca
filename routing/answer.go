package routing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/patchcord/patchcord/call"
)

// Bounds of an answer: as many and as long variables as POST /v1/calls takes.
const (
	maxAnswer    = 64 << 10 // bytes
	maxVariables = 50
	maxName      = 64   // bytes
	maxValue     = 1000 // bytes
)

// read makes a route of an answer. Fields that it does not know are no error.
func read(body []byte) (call.Route, error) {
	wrong := func(format string, args ...any) (call.Route, error) {
		return call.Route{}, fmt.Errorf("%w: %s", call.ErrBadRoute, fmt.Sprintf(format, args...))
	}
	var answer struct {
		Agent     string         `json:"agent"`
		Variables map[string]any `json:"variables"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&answer); err != nil {
		return wrong(`not an object such as {"agent": "…", "variables": {…}}`)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return wrong("extra data after its end")
	}
	switch {
	case answer.Agent == "":
		return wrong("it does not name an agent")
	case len(answer.Variables) > maxVariables:
		return wrong("it has %d variables: want at most %d", len(answer.Variables), maxVariables)
	}
	route := call.Route{Agent: answer.Agent}
	if len(answer.Variables) > 0 {
		route.Variables = map[string]string{}
	}
	for name, v := range answer.Variables {
		switch v.(type) {
		case string, bool, json.Number:
		default:
			return wrong("a variable is not a string, a number or a boolean")
		}
		text := fmt.Sprint(v)
		if name == "" || len(name) > maxName || len(text) > maxValue {
			return wrong("a variable has a name that is not 1 to %d bytes, or a value of more than %d", maxName, maxValue)
		}
		route.Variables[name] = text
	}
	return route, nil
}
