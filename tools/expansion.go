package tools

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// expansion walks a schema with every reference followed, and counts. A schema that refers to itself without end overflows
// the validator's stack, which ends the process; references to references to references multiply into hours of work.
// Both run out of the allowance here. The price is that recursive schemas are refused; nobody fills those in by speaking.
type expansion struct {
	root map[string]any
	left int // subschemas still allowed
}

// typeNames are the values of "type" (JSON Schema Validation 2020-12, section 6.1.1). The validator takes any word, and
// would then refuse whatever it is given.
var typeNames = []string{"string", "number", "integer", "boolean", "object", "array", "null"}

// steering are the keywords that decide where the walk goes. The validator reads them in any case ("$REF"), so the walk
// insists on the right one.
var steering = []string{
	"enum", "const", "default", "examples",
	"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies",
	"type", "$ref", "$id", "$anchor", "$dynamicAnchor", "$dynamicRef",
}

// schema walks one subschema and all below it.
func (e *expansion) schema(s map[string]any) error {
	if e.left--; e.left < 0 {
		return fmt.Errorf("schema is recursive, or larger than %d subschemas with every $ref followed", maxSubschemas)
	}
	for _, word := range slices.Sorted(maps.Keys(s)) {
		if err := e.keyword(word, s[word]); err != nil {
			return err
		}
	}
	return nil
}

func (e *expansion) keyword(word string, value any) error {
	for _, right := range steering {
		if word != right && strings.EqualFold(word, right) {
			return fmt.Errorf("schema: %s must be written %s", word, right)
		}
	}
	switch word {
	case "enum", "const", "default", "examples":
		return nil // data, whatever it looks like
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies":
		named, _ := value.(map[string]any) // its keys are names, not keywords
		for _, name := range slices.Sorted(maps.Keys(named)) {
			if err := e.below(named[name]); err != nil {
				return err
			}
		}
		return nil
	case "type":
		return checkType(value)
	case "$ref":
		return e.follow(value)
	case "$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef":
		return fmt.Errorf("schema: %s is not supported here: refer to #/$defs/NAME with $ref", word)
	default:
		return e.below(value)
	}
}

// below walks what a keyword holds: a schema, a list of them, or something else.
func (e *expansion) below(value any) error {
	switch value := value.(type) {
	case map[string]any:
		return e.schema(value)
	case []any:
		for _, item := range value {
			if err := e.below(item); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkType(value any) error {
	names, ok := value.([]any)
	if !ok {
		names = []any{value}
	}
	for _, name := range names {
		if text, ok := name.(string); !ok || !slices.Contains(typeNames, text) {
			return fmt.Errorf("schema: type %v is not one of %s", name, strings.Join(typeNames, ", "))
		}
	}
	return nil
}

// follow walks what a reference points to, a JSON Pointer (RFC 6901) within the same schema.
func (e *expansion) follow(value any) error {
	ref, _ := value.(string)
	target, err := url.Parse(ref)
	if err != nil || !strings.HasPrefix(ref, "#") {
		return fmt.Errorf("schema: $ref %v must begin with #", value)
	}
	var at any = e.root
	for _, part := range strings.Split(target.Fragment, "/")[1:] {
		switch node := at.(type) {
		case map[string]any:
			at = node[UnescapePointer(part)]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(node) {
				return fmt.Errorf("schema: $ref %s points nowhere", ref)
			}
			at = node[i]
		default:
			return fmt.Errorf("schema: $ref %s points nowhere", ref)
		}
	}
	return e.below(at)
}
