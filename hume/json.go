package hume

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
)

// equalJSON tells whether two texts are the same JSON value, in whatever order
// their keys stand. A text that is no JSON equals none but itself.
func equalJSON(a, b string) bool {
	if a == b {
		return true
	}
	x, okX := decode(a)
	y, okY := decode(b)
	return okX && okY && equal(x, y)
}

func decode(text string) (any, bool) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, false
	}
	_, err := d.Token()
	return v, errors.Is(err, io.EOF)
}

func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, equal)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case json.Number:
		b, ok := b.(json.Number)
		return ok && equalNumber(a, b)
	}
	return a == b // text, booleans and null
}

// exact is up to where a float64 tells whole numbers apart.
const exact = 1 << 53

// equalNumber holds 1, 1.0 and 1e0 for the same.
func equalNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, errX := a.Float64()
	y, errY := b.Float64()
	return errX == nil && errY == nil && x == y && x < exact && x > -exact
}
