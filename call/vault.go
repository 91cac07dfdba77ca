package call

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/patchcord/patchcord/tools"
)

// Bounds of a vault.
const (
	vaultMost = 8                // digits kept at once; one more takes the place of the oldest
	vaultLife = 10 * time.Minute // then they are forgotten, though the call go on
)

// vaultPrefix begins a reference: the text that stands for digits wherever somebody may look.
const vaultPrefix = "digits:"

var reference = regexp.MustCompile(`^` + vaultPrefix + `[a-z0-9_]{1,32}$`)

// vault keeps the digits of one telephone call that neither its agent nor its log may see.
// Both know them by a reference; a tool that is given the reference as an argument gets the
// digits. Only run touches it. The zero vault is empty.
type vault struct{ kept []kept }

// kept is digits and for how long.
type kept struct {
	ref, digits string
	until       time.Time
}

// put keeps digits and returns their reference. Those kept under the same name are forgotten.
func (v *vault) put(name, digits string, now time.Time) (ref string) {
	ref = vaultPrefix + name
	live := []kept{}
	for _, k := range v.kept {
		if k.ref != ref && now.Before(k.until) {
			live = append(live, k)
		}
	}
	if n := len(live) - (vaultMost - 1); n > 0 {
		live = live[n:]
	}
	v.kept = append(live, kept{ref, digits, now.Add(vaultLife)})
	return ref
}

// forget empties the vault.
func (v *vault) forget() { *v = vault{} }

// get finds the digits behind a reference.
func (v *vault) get(ref string, now time.Time) (kept, bool) {
	for _, k := range v.kept {
		if k.ref == ref && now.Before(k.until) {
			return k, true
		}
	}
	return kept{}, false
}

// filled is the arguments of a tool with digits in them.
type filled struct {
	arguments json.RawMessage
	used      []kept
	missing   string // a reference behind which there is nothing; empty if there is none
}

// fill puts digits into a tool's arguments: in the place of each text that is a reference and
// nothing else. The names of fields are left alone, and so is what is no JSON.
func (v *vault) fill(arguments string, now time.Time) filled {
	f := filled{arguments: json.RawMessage(arguments)}
	if !strings.Contains(arguments, vaultPrefix) {
		return f
	}
	decoder := json.NewDecoder(strings.NewReader(arguments))
	decoder.UseNumber()
	var value any
	if !json.Valid(f.arguments) || decoder.Decode(&value) != nil {
		return f
	}
	value = f.walk(v, value, now)
	if len(f.used) == 0 {
		return f
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) == nil { // what was decoded can be encoded
		f.arguments = bytes.TrimSpace(text.Bytes())
	}
	return f
}

func (f *filled) walk(v *vault, value any, now time.Time) any {
	switch x := value.(type) {
	case string:
		if !reference.MatchString(x) {
			return x
		}
		k, ok := v.get(x, now)
		if !ok {
			f.missing = x
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

// mask puts the references back in the place of the digits that a tool was given, should its
// answer repeat them: in its result, in a fault that it found, in what the agent may say.
func (f filled) mask(a tools.Answer) tools.Answer {
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

// sayNoDigits is for an agent that names digits which are not there.
const sayNoDigits = "There are no digits under that reference any more. Collect them again."

var errNoDigits = errors.New("an argument refers to digits that are no longer stored")
