package realtimetest

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// problem is what a server objects to: the code of its error event, and the path of the
// field.
type problem struct{ code, param, text string }

// rule finds what is wrong with a value; at is its path.
type rule func(at string, v any) *problem

func invalid(at, format string, args ...any) *problem {
	return &problem{"invalid_value", at, fmt.Sprintf(format, args...)}
}

func text(at string, v any) *problem {
	if _, ok := v.(string); !ok {
		return invalid(at, "is not a string")
	}
	return nil
}

func boolean(at string, v any) *problem {
	if _, ok := v.(bool); !ok {
		return invalid(at, "is not true or false")
	}
	return nil
}

func free(string, any) *problem { return nil }

func word(words ...string) rule {
	return func(at string, v any) *problem {
		if s, ok := v.(string); !ok || !slices.Contains(words, s) {
			return invalid(at, "is %v, not one of %q", v, words)
		}
		return nil
	}
}

func number(least, most float64) rule {
	return func(at string, v any) *problem {
		if n, ok := v.(float64); !ok || n < least || n > most {
			return invalid(at, "is %v, not between %g and %g", v, least, most)
		}
		return nil
	}
}

func integer(least, most float64) rule {
	within := number(least, most)
	return func(at string, v any) *problem {
		if n, ok := v.(float64); ok && n != math.Trunc(n) {
			return &problem{"invalid_type", at, "is not an integer"}
		}
		return within(at, v)
	}
}

func either(rules ...rule) rule {
	return func(at string, v any) (p *problem) {
		for _, r := range rules {
			if p = r(at, v); p == nil {
				return nil
			}
		}
		return p
	}
}

func nullable(r rule) rule {
	return func(at string, v any) *problem {
		if v == nil {
			return nil
		}
		return r(at, v)
	}
}

func list(r rule) rule {
	return func(at string, v any) *problem {
		values, ok := v.([]any)
		if !ok {
			return invalid(at, "is not a list")
		}
		for i, x := range values {
			if p := r(fmt.Sprintf("%s[%d]", at, i), x); p != nil {
				return p
			}
		}
		return nil
	}
}

// fields are those that an object may have; an asterisk before the name means that it
// must have it.
type fields map[string]rule

func structure(known fields) rule {
	return func(at string, v any) *problem {
		o, ok := v.(object)
		if !ok {
			return invalid(at, "is not an object")
		}
		for _, name := range slices.Sorted(maps.Keys(known)) {
			if name[0] == '*' {
				if _, ok := o[name[1:]]; !ok {
					return &problem{"missing_required_parameter", path(at, name[1:]), "is missing"}
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(o)) {
			r := known[name]
			if r == nil {
				r = known["*"+name]
			}
			if r == nil {
				return &problem{"unknown_parameter", path(at, name), "is unknown"}
			}
			if p := r(path(at, name), o[name]); p != nil {
				return p
			}
		}
		return nil
	}
}

// variant picks the rule by a field, such as the type.
func variant(field string, rules map[string]rule) rule {
	return func(at string, v any) *problem {
		o, ok := v.(object)
		if !ok {
			return invalid(at, "is not an object")
		}
		name, _ := o[field].(string)
		if rules[name] == nil {
			return invalid(path(at, field), "is %v, not one of %q", o[field], slices.Sorted(maps.Keys(rules)))
		}
		return rules[name](at, v)
	}
}

func path(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func join(all ...fields) fields {
	sum := fields{}
	for _, f := range all {
		maps.Copy(sum, f)
	}
	return sum
}
