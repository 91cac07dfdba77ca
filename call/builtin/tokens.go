package builtin

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/patchcord/patchcord/tools"
)

// Bounds of tokens.
const (
	maxTokens = 8                // kept at once; one more takes the place of the oldest
	tokenLife = 10 * time.Minute // then the digits are forgotten, even if the call goes on
)

// tokenPrefix begins a reference: the text that stands for digits wherever somebody may look.
const tokenPrefix = "digits:"

var reference = regexp.MustCompile(`^` + tokenPrefix + `[a-z0-9_]{1,32}$`)

// tokens keep the digits of one telephone call that neither its agent nor its log may see. Both know them by a
// reference; a tool that is given the reference as an argument gets the digits. The zero value is empty.
type tokens struct{ kept []kept }

// kept is digits and for how long.
type kept struct {
	ref, digits string
	until       time.Time
}

// tokenize keeps digits and returns their reference. Those kept under the same name are forgotten.
func (v *tokens) tokenize(name, digits string, now time.Time) (ref string) {
	ref = tokenPrefix + name
	live := []kept{}
	for _, k := range v.kept {
		if k.ref != ref && now.Before(k.until) {
			live = append(live, k)
		}
	}
	if n := len(live) - (maxTokens - 1); n > 0 {
		live = live[n:]
	}
	v.kept = append(live, kept{ref, digits, now.Add(tokenLife)})
	return ref
}

// Forget forgets the digits that were collected for tools alone. It is called when the call is over.
func (s *State) Forget() { s.tokens = tokens{} }

// get finds the digits behind a reference.
func (v *tokens) get(ref string, now time.Time) (kept, bool) {
	for _, k := range v.kept {
		if k.ref == ref && now.Before(k.until) {
			return k, true
		}
	}
	return kept{}, false
}

// Detokenized is the arguments of a tool with digits in them.
type Detokenized struct {
	Arguments json.RawMessage
	Missing   string // a reference behind which there is nothing; empty if there is none
	used      []kept
}

// Detokenize puts digits into a tool's arguments: in the place of each text that is a reference and nothing else. The
// names of fields are left alone, and so is what is not JSON.
func (s *State) Detokenize(arguments string, now time.Time) Detokenized {
	f := Detokenized{Arguments: json.RawMessage(arguments)}
	if !strings.Contains(arguments, tokenPrefix) {
		return f
	}
	decoder := json.NewDecoder(strings.NewReader(arguments))
	decoder.UseNumber()
	var value any
	if !json.Valid(f.Arguments) || decoder.Decode(&value) != nil {
		return f
	}
	value = f.walk(&s.tokens, value, now)
	if len(f.used) == 0 {
		return f
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) == nil { // what was decoded can be encoded
		f.Arguments = bytes.TrimSpace(text.Bytes())
	}
	return f
}

func (f *Detokenized) walk(v *tokens, value any, now time.Time) any {
	switch x := value.(type) {
	case string:
		if !reference.MatchString(x) {
			return x
		}
		k, ok := v.get(x, now)
		if !ok {
			f.Missing = x
			return x
		}
		f.used = append(f.used, k)
		return k.digits
	case []any:
		for i := range x {
			x[i] = f.walk(v, x[i], now)
		}
	case map[string]any:
		for name := range x {
			x[name] = f.walk(v, x[name], now)
		}
	}
	return value
}

// Mask puts the references back in the place of the digits that a tool was given, should its answer repeat them: in its
// result, in a fault that it found, in what the agent may say.
func (f Detokenized) Mask(a tools.Answer) tools.Answer {
	for _, k := range f.used {
		for _, text := range []*string{&a.Content, &a.Err, &a.Say} {
			*text = maskDigits(*text, k.digits, k.ref)
		}
	}
	return a
}

// maskDigits replaces digits in a text, also where they stand in groups (4111 1111-1111.1111),
// but not where they are a part of a longer number.
func maskDigits(text, digits, ref string) string {
	var out strings.Builder
	from := 0
	for i := 0; i < len(text); {
		end := runOf(text[i:], digits)
		if end == 0 || i > 0 && digit(text[i-1]) || i+end < len(text) && digit(text[i+end]) {
			i++
			continue
		}
		out.WriteString(text[from:i])
		out.WriteString(ref)
		i += end
		from = i
	}
	if from == 0 {
		return text
	}
	out.WriteString(text[from:])
	return out.String()
}

// runOf is how many bytes digits take at the beginning of a text, with at most one space, dash or
// dot between two of them; 0 if they are not there.
func runOf(text, digits string) int {
	i := 0
	for n := range len(digits) {
		if n > 0 && i < len(text) && strings.IndexByte(" -.", text[i]) >= 0 {
			i++
		}
		if i >= len(text) || text[i] != digits[n] {
			return 0
		}
		i++
	}
	return i
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// SayNoDigits is for an agent that names digits which are not there.
const SayNoDigits = "There are no digits under that reference any more. Collect them again."

// ErrNoDigits is for the log, likewise.
var ErrNoDigits = errors.New("an argument refers to digits that are no longer stored")
