package tools

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

const (
	maxSchema     = 64 << 10 // bytes
	maxSubschemas = 2000     // once every $ref is followed
)

// anyObject is the schema of a tool for which none was given.
const anyObject = `{"type":"object","properties":{}}`

// versions are the values of $schema that the validator knows; without one it takes 2020-12.
var versions = map[string]bool{
	"": true,
	"https://json-schema.org/draft/2020-12/schema": true,
	"http://json-schema.org/draft-07/schema#":      true,
	"https://json-schema.org/draft-07/schema#":     true,
}

// compile makes a validator from a schema that may come from anywhere, and returns the schema as agents are given it.
// What it accepts can be validated against without looping and in bounded time.
func compile(raw json.RawMessage) (json.RawMessage, *jsonschema.Resolved, error) {
	if len(raw) == 0 {
		raw = json.RawMessage(anyObject)
	}
	if len(raw) > maxSchema {
		return nil, nil, fmt.Errorf("schema of %d bytes, at most %d are allowed", len(raw), maxSchema)
	}
	var root any
	if err := json.Unmarshal(raw, &root); err != nil {
		return nil, nil, fmt.Errorf("schema is not JSON: %w", err)
	}
	object, ok := root.(map[string]any)
	if !ok || object["type"] != "object" {
		return nil, nil, errors.New(`schema must have type "object": arguments have names`)
	}
	// This comes before the library, which follows references without a limit. At the top, $id changes none of them.
	top := maps.Clone(object)
	delete(top, "$id")
	if err := (&expansion{root: top, left: maxSubschemas}).schema(top); err != nil {
		return nil, nil, err
	}

	// The library must read what was walked: of a key given twice, encoding/json keeps the last value in a map, but puts
	// both into a struct.
	walked, err := json.Marshal(object)
	if err != nil {
		return nil, nil, fmt.Errorf("schema: %w", err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(walked, &schema); err != nil {
		return nil, nil, misfit(err)
	}
	if !versions[schema.Schema] {
		return nil, nil, fmt.Errorf("$schema %q is not supported: use draft 2020-12 or draft-07", schema.Schema)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		return nil, nil, fmt.Errorf("schema: %w", err)
	}
	if schema.Properties == nil { // some agents refuse a schema without the word
		object["properties"] = map[string]any{}
		raw, err = json.Marshal(object)
		return raw, resolved, err
	}
	var compact bytes.Buffer
	err = json.Compact(&compact, raw)
	return compact.Bytes(), resolved, err
}

// misfit names the keyword that holds the wrong kind of value. The library's text prints its own types instead.
func misfit(err error) error {
	typ, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return fmt.Errorf("schema: %w", err)
	}
	word := typ.Field[strings.LastIndex(typ.Field, ".")+1:]
	return fmt.Errorf("schema: %s cannot be a %s", word, typ.Value)
}
