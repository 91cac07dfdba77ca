package config

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/internal/plain"
)

// fault is something that the YAML library found wrong with bridge.yaml, in our words.
type fault struct {
	text      string
	path      string // of the setting; empty if it isn't known
	suggested string // the path that was meant, of an unknown key
}

// How the YAML library says what is wrong.
var (
	unknownKey = regexp.MustCompile(`^line (\d+): field (\S+) not found in type (\S+)$`)
	twice      = regexp.MustCompile(`^line (\d+): mapping key "(.*)" already defined at line (\d+)$`)
	wrongType  = regexp.MustCompile("^line (\\d+): cannot unmarshal \\S+(?: `(.*)`)? into (\\S+)$")
)

// faultOf words one complaint of the library: with the line, the key, the value, what is wanted,
// and the nearest name.
func (f *File) faultOf(complaint string) fault {
	if m := unknownKey.FindStringSubmatch(complaint); m != nil {
		path := f.pathAt(m[1], func(key, _ *yaml.Node) bool { return key.Value == m[2] })
		parent := strings.TrimSuffix(strings.TrimSuffix(path, m[2]), ".")
		text := fmt.Sprintf("line %s: unknown key %s", m[1], m[2])
		if parent != "" {
			text += " in " + parent
		}
		one := fault{text: text, path: path}
		if names := Suggest(m[2], keysOf(m[3])); len(names) > 0 {
			one.text += ": did you mean " + strings.Join(names, " or ") + "?"
			one.suggested = strings.TrimPrefix(parent+"."+names[0], ".")
		}
		return one
	}
	if m := wrongType.FindStringSubmatch(complaint); m != nil {
		begin := strings.TrimSuffix(m[2], "...")
		path := f.pathAt(m[1], func(_, value *yaml.Node) bool { return m[2] == "" || strings.HasPrefix(value.Value, begin) })
		if path == "" {
			path = "a value"
		}
		text := fmt.Sprintf("line %s: %s: ", m[1], path)
		if m[2] != "" {
			text += m[2] + ": "
		}
		return fault{text: text + "want " + wanted(m[3]), path: path}
	}
	if m := twice.FindStringSubmatch(complaint); m != nil {
		path := f.pathAt(m[1], func(key, _ *yaml.Node) bool { return key.Value == m[2] })
		return fault{text: fmt.Sprintf("line %s: duplicate key %s, first in line %s", m[1], cmp.Or(path, m[2]), m[3]), path: path}
	}
	return fault{text: complaint}
}

// wanted says what a type of ours is in YAML.
func wanted(kind string) string {
	switch {
	case kind == "time.Duration":
		return "a duration such as 800ms, 8s or 15m"
	case strings.HasPrefix(kind, "int"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	case kind == "string":
		return "a text"
	case strings.HasPrefix(kind, "[]"):
		return "a list, such as [a, b]"
	}
	return "names with values, such as {name: value}"
}

// pathAt is the dotted path of the first entry on a line that fits; empty if there is none.
func (f *File) pathAt(line string, fits func(key, value *yaml.Node) bool) (found string) {
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		for i := 0; i < len(n.Content) && found == ""; i++ {
			key, value, at := n.Content[i], n.Content[i], path
			switch n.Kind {
			case yaml.MappingNode:
				i++
				value = n.Content[i]
				at = strings.TrimPrefix(path+"."+key.Value, ".")
			case yaml.SequenceNode:
				at = fmt.Sprintf("%s.%d", path, i)
			}
			if n.Kind != yaml.DocumentNode && (fmt.Sprint(key.Line) == line || fmt.Sprint(value.Line) == line) && fits(key, value) {
				found = at
				return
			}
			walk(value, at)
		}
	}
	walk(f.root, "")
	return found
}

// keysOf is the keys that a block of bridge.yaml knows, by the name of its type.
func keysOf(kind string) (keys []string) {
	seen := map[reflect.Type]bool{}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Map || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
			if key == "" {
				continue
			}
			if t.String() == kind {
				keys = append(keys, key)
			}
			walk(t.Field(i).Type)
		}
	}
	walk(reflect.TypeFor[File]())
	return keys
}

// faults are the library's complaints as errors.
func (f *File) faults(complaints []string) (problems []error) {
	for i, c := range complaints {
		if i == maxFaults {
			return append(problems, fmt.Errorf("and %d more", len(complaints)-i))
		}
		one := f.faultOf(c)
		f.found = append(f.found, one)
		problems = append(problems, errors.New(plain.Text(one.text)))
	}
	return problems
}

// said tells whether a problem at a place is one that the library has found already: the setting
// itself, what is below it, or what an unknown key was meant to be.
func (f *File) said(path string) bool {
	for _, one := range f.found {
		if one.suggested == path || one.path != "" && (path == one.path || strings.HasPrefix(path, one.path+".")) {
			return true
		}
	}
	return false
}
