package consent

import (
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/phone"
)

// checkApproved looks at all that the policy allows beyond the built-in one.
func (p *Policy) checkApproved(say func(path, format string, args ...any)) {
	for _, state := range slices.Sorted(maps.Keys(p.AllowStates)) {
		if phone.StateZones(state) == nil {
			say("allow_states."+state, "%q is not a state: want two capital letters", state)
		}
		p.AllowStates[state].check("this allows sales calls that the built-in policy does not",
			below(say, "allow_states."+state))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Exemptions)) {
		if !slices.Contains(ExemptionNames(), name) {
			say("exemptions."+name, "%q is not an exemption: want one of %s", name, strings.Join(ExemptionNames(), ", "))
		}
		p.Exemptions[name].check("the built-in policy allows no exemptions", below(say, "exemptions."+name))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Templates)) {
		t, say := p.Templates[name], below(say, "emergency_templates."+name)
		if n := len(strings.TrimSpace(t.Text)); n == 0 || n > maxTemplate {
			say("text", "has %d bytes: want 1 to %d", n, maxTemplate)
		}
		t.check("it is spoken in emergency calls", say)
	}
}

// checkMore wants an approval of every row and of the caps that allow more than the
// built-in ones, but where something else is wrong with them.
func (p *Policy) checkMore(say func(path, format string, args ...any), wrong map[string]bool) {
	if p.base == nil {
		return
	}
	more := map[string][]string{}
	for _, w := range p.widenings() {
		if (strings.HasPrefix(w.Path, "states.") || w.Path == "caps") && !wrong[w.Path] {
			more[w.Path] = append(more[w.Path], w.What)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(more)) {
		a := p.Caps.Approval
		if state, ok := strings.CutPrefix(path, "states."); ok {
			a = p.States[state].Approval
		}
		a.check("allows more than the built-in policy ("+strings.Join(more[path], "; ")+")", below(say, path))
	}
}

// below says something of the keys below a path.
func below(say func(path, format string, args ...any), path string) func(key, format string, args ...any) {
	return func(key, format string, args ...any) {
		if key != "" {
			key = "." + key
		}
		say(path+key, format, args...)
	}
}

// maxTemplate bounds the text of an emergency call, in bytes: half a minute of speech.
const maxTemplate = 500
