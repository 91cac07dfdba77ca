package consent

import (
	"bytes"
	_ "embed" // the built-in policy
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed policy.yaml
var builtinYAML []byte

// rowMust is what a row has to say itself: it replaces the built-in one. Of all
// else a row that is silent keeps what was built in, for a protection has to be
// taken away in so many words.
var rowMust = []string{"weekdays", "saturday", "sunday", "holidays", "cap", "device", "citation"}

// LoadPolicy is the built-in policy with a policy file laid over it; an empty one
// changes nothing. The file's lists and numbers replace the built-in ones, and each
// of its rows that of the state. Keys that nobody knows, values out of bounds and
// rows with a hole are errors that name line, field and bound; all of them are
// returned at once, joined.
func LoadPolicy(override []byte) (*Policy, error) {
	if len(bytes.TrimSpace(override)) == 0 {
		return Builtin(), nil
	}
	p := *Builtin()
	p.base = Builtin()
	p.States = maps.Clone(p.States)
	p.Name = ""
	if err := p.lay(override); err != nil {
		return nil, err
	}
	p.seal()
	return &p, nil
}

// Builtin is the policy that is in force when a tenant has none of its own: the
// strict reading of every rule.
func Builtin() *Policy { return builtin() }

var builtin = sync.OnceValue(func() *Policy {
	p := &Policy{States: map[string]StateRow{}}
	if err := p.lay(builtinYAML); err != nil {
		panic("internal error: the built-in policy: " + err.Error())
	}
	p.seal()
	return p
})

// lay lays a file over the policy and checks what comes of it.
func (p *Policy) lay(b []byte) error {
	f, at, problems := readPolicy(b)
	if f == nil {
		return problem(problems)
	}
	fill(p, *f)
	fill(&p.Caps, f.Caps)
	fill(&p.Caps, f.Caps.approvalFile)
	rows := slices.Sorted(maps.Keys(f.States))
	for _, state := range rows {
		row, said := p.States[state], f.States[state]
		if said == nil {
			said = &rowFile{}
		}
		for _, key := range fill(&row, *said) {
			if slices.Contains(rowMust, key) {
				problems = append(problems, at.say("states."+state, key+" is missing: a row replaces the whole built-in one"))
			}
		}
		fill(&row, said.approvalFile)
		if row.Cap > 0 && row.CapHours == 0 {
			row.CapHours = 24
		}
		p.States[state] = row
	}
	off := len(p.SwitchedOff) > 0 || p.base != nil && len(p.widenings()) > 0
	switch {
	case !hasWords(p.Name):
		if p.Name = "unnamed"; off {
			problems = append(problems,
				at.say("name", "is missing: decisions name the policy that switches off a rule or allows more"))
		}
	case off && p.base != nil && p.Name == p.base.Name:
		problems = append(problems,
			at.say("name", "is the name of the built-in policy, which switches off nothing and allows nothing more: use another name"))
	case len(p.Name) > maxWord || strings.ContainsFunc(p.Name, unicode.IsControl):
		problems = append(problems, at.say("name", fmt.Sprintf("must be one line of at most %d bytes", maxWord)))
	}
	return problem(append(problems, p.check(at, rows)...))
}

// fill copies what a file says into the fields of the same name, and returns the
// keys of what it doesn't say.
func fill(into, from any) (silent []string) {
	dst, src := reflect.ValueOf(into).Elem(), reflect.ValueOf(from)
	for i := range src.NumField() {
		field := src.Type().Field(i)
		switch v := src.Field(i); {
		case v.Kind() != reflect.Pointer:
		case v.IsNil():
			silent = append(silent, field.Tag.Get("yaml"))
		default:
			to := dst.FieldByName(field.Name)
			to.Set(v.Elem().Convert(to.Type()))
		}
	}
	return silent
}

// problem joins problems, each named as one of the policy.
func problem(list []error) error {
	for i, err := range list {
		list[i] = fmt.Errorf("policy: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return errors.Join(list...)
}
