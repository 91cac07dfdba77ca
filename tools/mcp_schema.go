package tools

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/internal/plain"
)

// draft7 is what older drafts are read as: what they have beside it is rewritten.
const draft7 = "http://json-schema.org/draft-07/schema#"

// dialects are the values of $schema that servers write, without scheme and #, and the one of the validator's that each is
// read as; "" is 2020-12.
var dialects = map[string]string{
	"json-schema.org/draft/2020-12/schema": "",
	"json-schema.org/draft/2019-09/schema": "",
	"json-schema.org/schema":               "",
	"json-schema.org/draft-07/schema":      draft7,
	"json-schema.org/draft-06/schema":      draft7,
	"json-schema.org/draft-05/schema":      draft7,
	"json-schema.org/draft-04/schema":      draft7,
	"json-schema.org/draft-03/schema":      draft7,
}

// adapt reads the schema of a server's tool, which may be of any draft. Shown is what agents get; checked is without what
// the validator has no means to check, such as a pattern with a look-ahead: that is left to the server.
func adapt(schema any) (shown, checked json.RawMessage, err error) {
	if schema == nil {
		return json.RawMessage(anyObject), json.RawMessage(anyObject), nil
	}
	raw, err := json.Marshal(schema)
	if err != nil {
		return nil, nil, errors.New("its schema is not JSON")
	}
	if len(raw) > maxSchema {
		return nil, nil, fmt.Errorf("schema of %d bytes, at most %d are allowed", len(raw), maxSchema)
	}
	var root map[string]any
	if json.Unmarshal(raw, &root) != nil {
		return nil, nil, errors.New("schema must be an object")
	}
	a := adapter{}
	if err := a.dialect(root); err != nil {
		return nil, nil, err
	}
	switch names, list := root["type"].([]any); {
	case root["type"] == nil, list && slices.Contains(names, any("object")):
		root["type"] = "object"
	}
	if root["properties"] == nil { // some agents refuse a schema without the word
		root["properties"] = map[string]any{}
	}
	a.schema(root)
	if a.err != nil {
		return nil, nil, a.err
	}
	if shown, err = json.Marshal(root); err != nil {
		return nil, nil, err
	}
	a.forCheck = true
	a.schema(root)
	checked, err = json.Marshal(root)
	return shown, checked, err
}

// schemaLists are the keywords that hold a list of schemas.
var schemaLists = []string{"items", "prefixItems", "allOf", "anyOf", "oneOf"}

// adapter rewrites a schema, the first error is kept.
type adapter struct {
	lists    bool // items may be a list
	forCheck bool // drops what can't be checked
	err      error
}

// dialect sets $schema to what the validator knows.
func (a *adapter) dialect(root map[string]any) error {
	word, written := root["$schema"]
	delete(root, "$schema")
	if !written {
		return nil
	}
	name, _ := word.(string)
	for _, scheme := range []string{"http://", "https://"} {
		name = strings.TrimPrefix(name, scheme)
	}
	known, ok := dialects[strings.TrimRight(name, "#/")]
	if !ok {
		return fmt.Errorf("$schema %.100q is not a draft of JSON Schema", fmt.Sprint(word))
	}
	if known != "" {
		root["$schema"], a.lists = known, true
	}
	return nil
}

// schema rewrites one subschema and all below it.
func (a *adapter) schema(s map[string]any) {
	for _, word := range slices.Sorted(maps.Keys(s)) {
		a.text("", word, nil)
		if list, ok := s[word].([]any); ok && slices.Contains(schemaLists, word) {
			a.list(list)
			continue
		}
		a.text(word, s[word], s)
		if value, ok := s[word].(map[string]any); ok {
			switch word {
			case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies":
				a.named(word, value, s)
			case "const", "default", "examples":
			default:
				a.schema(value)
			}
		}
	}
	a.exclusive(s, "exclusiveMinimum", "minimum")
	a.exclusive(s, "exclusiveMaximum", "maximum")
	if list, ok := s["items"].([]any); ok && !a.lists { // what 2020-12 calls prefixItems
		delete(s, "items")
		s["prefixItems"] = list
		if rest, ok := s["additionalItems"]; ok {
			delete(s, "additionalItems")
			s["items"] = rest
		}
	}
	if _, ok := s["required"].(bool); ok {
		delete(s, "required") // of draft 3; named has looked at it
	}
	if pattern, ok := s["pattern"].(string); ok && a.forCheck && !checkable(pattern) {
		delete(s, "pattern")
	}
}

// named rewrites the subschemas that have names.
func (a *adapter) named(word string, all, parent map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a.text("", name, nil)
		sub, ok := all[name].(map[string]any)
		if !ok {
			continue
		}
		delete(sub, "$schema")
		delete(sub, "$id") // what refers to it would not begin with #
		if needed, _ := sub["required"].(bool); needed && word == "properties" {
			list, _ := parent["required"].([]any)
			parent["required"] = append(list, name)
		}
		if id, ok := sub["id"].(string); ok && a.lists && id != "" { // draft 4's $id
			delete(sub, "id")
		}
		a.schema(sub)
		if word == "patternProperties" && a.forCheck && !checkable(name) {
			delete(all, name)
			delete(parent, "additionalProperties")
			delete(parent, "unevaluatedProperties")
		}
	}
}

func (a *adapter) list(all []any) {
	for _, item := range all {
		if sub, ok := item.(map[string]any); ok {
			a.schema(sub)
		}
	}
}

// exclusive rewrites draft 4's flag beside a bound.
func (a *adapter) exclusive(s map[string]any, word, bound string) {
	flag, ok := s[word].(bool)
	if !ok {
		return
	}
	delete(s, word)
	if limit, bounded := s[bound]; flag && bounded {
		delete(s, bound)
		s[word] = limit
	}
}

// text cleans what a model reads as words, and refuses hidden characters in all else, where they would mean something.
func (a *adapter) text(word string, value any, in map[string]any) {
	switch value := value.(type) {
	case string:
		clean := plain.Clean(value)
		switch {
		case clean == value:
		case word == "description" || word == "title" || word == "$comment":
			in[word] = clean
		case a.err == nil:
			a.err = fmt.Errorf("schema: hidden characters in %s", plain.Text(cut(value, 80)))
		}
	case []any:
		for _, item := range value {
			a.text("", item, nil)
		}
	case map[string]any:
		if word == "const" || word == "default" || word == "examples" || word == "" {
			for key, item := range value {
				a.text("", key, nil)
				a.text("", item, nil)
			}
		}
	}
}

// checkable tells whether the validator knows all of a regular expression: it has no look-around and no back-reference.
func checkable(pattern string) bool {
	_, err := regexp.Compile(pattern)
	return err == nil
}
