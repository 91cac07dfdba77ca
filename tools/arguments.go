package tools

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// MaxArguments bounds the arguments of one call, in bytes. Spoken arguments are a few hundred.
const MaxArguments = 64 << 10

// arguments checks raw against the schema and returns it as clean JSON, which is what the handler gets. The text that was
// checked must be the one that is used: of a key given twice, the check would see the last value, but encoding/json puts
// both into a struct. Nothing at all, and null, are what agents send to a tool without parameters: they count as {}.
func (t Tool) arguments(raw json.RawMessage) (json.RawMessage, error) {
	refuse := func(say string, reason error) (json.RawMessage, error) {
		return nil, &Error{
			Say: fmt.Sprintf("The arguments of %s are not valid: %s", t.info.Name, say),
			Err: fmt.Errorf("arguments: %w", reason),
		}
	}
	text := bytes.TrimSpace(raw)
	switch {
	case len(text) > MaxArguments:
		return refuse("they are too long.", fmt.Errorf("%d bytes, at most %d are allowed", len(text), MaxArguments))
	case len(text) == 0 || string(text) == "null":
		text = []byte("{}")
	case !json.Valid(text):
		return refuse("they are not JSON.", errors.New("not JSON"))
	}

	clean, value, err := canonical(text)
	if err != nil {
		return refuse("a number is too large.", errors.New("a number is out of range"))
	}
	if err := t.schema.Validate(value); err != nil {
		field, rule, say := explain(err)
		return refuse(say, fmt.Errorf("%s breaks %q of the schema", field, rule))
	}
	return clean, nil
}

// canonical returns valid JSON re-written, each key once and every digit of its numbers kept, and its value for the
// validator, which wants numbers as float64.
func canonical(text []byte) (json.RawMessage, any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var exact, value any
	if err := decoder.Decode(&exact); err != nil {
		return nil, nil, err
	}
	clean, err := json.Marshal(exact)
	if err != nil {
		return nil, nil, err
	}
	err = json.Unmarshal(clean, &value)
	return clean, value, err
}

var keyword = regexp.MustCompile(`^[a-zA-Z]+$`)

// explain reads the validator's error: which field breaks which keyword of the schema (both the schema's own words, so
// fit for the log), and a sentence with the offending value, which only the agent that sent it may see.
//
// The error is a chain, one link for each subschema on the way: "validating /properties/lines/items: " and the next link.
func explain(err error) (field, rule, say string) {
	leaf := err
	for next := errors.Unwrap(leaf); next != nil; next = errors.Unwrap(leaf) {
		link := strings.TrimSuffix(leaf.Error(), ": "+next.Error())
		field += step(strings.TrimPrefix(link, "validating "))
		leaf = next
	}
	say = cut(leaf.Error(), maxReason)
	rule, _, _ = strings.Cut(say, ":")
	switch {
	case strings.HasPrefix(say, "unexpected additional properties"):
		rule = "additionalProperties" // the one text that does not begin with its keyword
	case !keyword.MatchString(rule):
		rule = "rules"
	}
	if field = strings.TrimPrefix(field, "."); field == "" {
		return "the object", rule, say
	}
	return fmt.Sprintf("%q", field), rule, field + ": " + say
}

// step is what the last part of a subschema's path adds to the path of the argument.
func step(path string) string {
	parts := strings.Split(path, "/")
	last := len(parts) - 1
	switch {
	case last > 0 && parts[last-1] == "properties":
		return "." + UnescapePointer(parts[last])
	case parts[last] == "items" || last > 0 && parts[last-1] == "prefixItems":
		return "[]"
	}
	return ""
}

// UnescapePointer reads one part of a JSON Pointer (RFC 6901).
func UnescapePointer(part string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
}
