package redact

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/patchcord/patchcord/tools"
)

const (
	// maxMarks bounds the subschemas that are looked at for the arguments of one call, past which all values are masked.
	maxMarks = 100_000
	// maxExpansion bounds how deep references and alternatives lie in one another. A schema that was compiled is far below.
	maxExpansion = 64
)

// schema is a subschema that applies to a value.
type schema = map[string]any

// schemas finds the subschemas that apply to each value within the arguments.
type schemas struct {
	top      any
	patterns map[string]*regexp.Regexp
}

// root returns what applies to the arguments as a whole.
func (w *walk) root(raw json.RawMessage) []schema {
	if len(raw) == 0 || json.Unmarshal(raw, &w.top) != nil {
		return nil
	}
	w.patterns = map[string]*regexp.Regexp{}
	return w.expand(nil, w.top, 0)
}

// marked tells whether a value must not be written down.
func (w *walk) marked(by []schema) bool {
	if len(by) > 0 && w.left < 0 {
		return true
	}
	for _, s := range by {
		if s["writeOnly"] == true || s["format"] == "password" {
			return true
		}
	}
	return false
}

// expand appends a subschema and all that apply where it does.
func (w *walk) expand(to []schema, value any, depth int) []schema {
	s, ok := value.(schema)
	if !ok {
		return to
	}
	if w.left--; w.left < 0 || depth > maxExpansion {
		w.left = -1
		return append(to, s)
	}
	to = append(to, s)
	if ref, ok := s["$ref"].(string); ok {
		to = w.expand(to, w.target(ref), depth+1)
	}
	for _, word := range []string{"allOf", "anyOf", "oneOf"} {
		list, _ := s[word].([]any)
		for _, part := range list {
			to = w.expand(to, part, depth+1)
		}
	}
	for _, word := range []string{"if", "then", "else"} {
		to = w.expand(to, s[word], depth+1)
	}
	for _, word := range []string{"dependentSchemas", "dependencies"} {
		named, _ := s[word].(schema)
		for _, part := range named {
			to = w.expand(to, part, depth+1)
		}
	}
	return to
}

// target is what a reference points to, as tools checks it when it compiles a schema.
func (w *walk) target(ref string) any {
	u, err := url.Parse(ref)
	if err != nil || !strings.HasPrefix(ref, "#") {
		return nil
	}
	at := w.top
	for _, part := range strings.Split(u.Fragment, "/")[1:] {
		switch node := at.(type) {
		case schema:
			at = node[tools.UnescapePointer(part)]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(node) {
				return nil
			}
			at = node[i]
		default:
			return nil
		}
	}
	return at
}

// property returns what applies to a property of an object.
func (w *walk) property(by []schema, name string) (to []schema) {
	for _, s := range by {
		known := false
		if named, ok := s["properties"].(schema); ok {
			if part, ok := named[name]; ok {
				known, to = true, w.expand(to, part, 0)
			}
		}
		patterns, _ := s["patternProperties"].(schema)
		for pattern, part := range patterns {
			if w.matches(pattern, name) {
				known, to = true, w.expand(to, part, 0)
			}
		}
		if !known {
			to = w.expand(to, s["additionalProperties"], 0)
			to = w.expand(to, s["unevaluatedProperties"], 0)
		}
	}
	return to
}

// matches tells whether a pattern is that of a name. One that can't be read is of every name.
func (w *walk) matches(pattern, name string) bool {
	re, ok := w.patterns[pattern]
	if !ok {
		re, _ = regexp.Compile(pattern)
		w.patterns[pattern] = re
	}
	return re == nil || re.MatchString(name)
}

// item returns what applies to an element of an array.
func (w *walk) item(by []schema, i int) (to []schema) {
	for _, s := range by {
		first, _ := s["prefixItems"].([]any)
		rest := s["items"]
		if list, ok := rest.([]any); ok { // as in draft-07
			first, rest = list, s["additionalItems"]
		}
		if i < len(first) {
			to = w.expand(to, first[i], 0)
		} else {
			to = w.expand(to, rest, 0)
		}
		to = w.expand(to, s["contains"], 0)
		to = w.expand(to, s["unevaluatedItems"], 0)
	}
	return to
}
