package consent

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Approval is who takes it upon themselves that a policy allows more than the built-in
// one, why, and until when: after that day the built-in policy counts again.
type Approval struct {
	ApprovedBy string `yaml:"approved_by,omitempty" json:"approved_by,omitempty"`
	Reason     string `yaml:"reason,omitempty" json:"reason,omitempty"`
	Expires    string `yaml:"expires,omitempty" json:"expires,omitempty"` // 2006-01-02: its last day, in UTC
}

// missing is the keys that an approval has to have and has not.
func (a Approval) missing() []string {
	var keys []string
	for _, k := range []struct{ key, value string }{{"approved_by", a.ApprovedBy}, {"reason", a.Reason},
		{"expires", a.Expires}} {
		if !hasWords(k.value) {
			keys = append(keys, k.key)
		}
	}
	return keys
}

// check says what an approval of something lacks; what is why one is needed.
func (a Approval) check(what string, say func(key, format string, args ...any)) {
	if keys := a.missing(); len(keys) > 0 {
		say("", "%s, which requires approved_by, reason and expires: %s missing", what, strings.Join(keys, ", "))
	}
	if _, err := time.Parse(time.DateOnly, a.Expires); a.Expires != "" && err != nil {
		say("expires", "%q is not a date: want one such as 2027-06-30", a.Expires)
	}
}

// Until is when an approval is over: the end of its last day, in UTC.
func (a Approval) Until() time.Time {
	t, err := time.Parse(time.DateOnly, a.Expires)
	if err != nil {
		return time.Time{}
	}
	return t.AddDate(0, 0, 1)
}

// String is the approval as a reason says it.
func (a Approval) String() string {
	return fmt.Sprintf("approved by %s, until %s", a.ApprovedBy, a.Expires)
}

// approvals is a map of them as a policy file has it: by a state or an exemption.
type approvals map[string]Approval

// UnmarshalYAML reads a map. What was a list before approvals were asked for is an error
// that shows how to write it.
func (m *approvals) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		name := n.Content[0].Value
		return wrongAt(n, "must now be a map with the approval of each: {%s: {approved_by: NAME, reason: "+
			"WHY, expires: 2027-06-30}}", name)
	}
	*m = approvals{}
	return eachPair(n, func(key string, v *yaml.Node) error {
		var a Approval
		if err := decodeKnown(v, &a, "approved_by", "reason", "expires"); err != nil {
			return err
		}
		(*m)[key] = a
		return nil
	})
}

// Template is the text of an emergency call, which somebody has approved.
type Template struct {
	Text string `yaml:"text" json:"text"`

	Approval `yaml:",inline"`
}

type templates map[string]Template

// UnmarshalYAML reads a map of templates, by their names.
func (m *templates) UnmarshalYAML(n *yaml.Node) error {
	*m = templates{}
	return eachPair(n, func(key string, v *yaml.Node) error {
		var t Template
		if err := decodeKnown(v, &t, "text", "approved_by", "reason", "expires"); err != nil {
			return err
		}
		(*m)[key] = t
		return nil
	})
}

// eachPair goes through a map's pairs; of an empty list or nothing there are none.
func eachPair(n *yaml.Node, f func(key string, value *yaml.Node) error) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		if len(n.Content) == 0 && (n.Kind == yaml.SequenceNode || n.Tag == "!!null") {
			return nil
		}
		return wrongAt(n, "want a map")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if seen[key] {
			return wrongAt(n.Content[i], "duplicate key %q", key)
		}
		seen[key] = true
		if err := f(key, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// decodeKnown reads a map that has none but these keys.
func decodeKnown(n *yaml.Node, into any, keys ...string) error {
	err := eachPair(n, func(key string, v *yaml.Node) error {
		if !slices.Contains(keys, key) {
			return wrongAt(v, "unknown key %s", key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return n.Decode(into)
}

// wrongAt is an error that names the line, as the YAML library makes them.
func wrongAt(n *yaml.Node, format string, args ...any) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: ", n.Line) + fmt.Sprintf(format, args...)}}
}
