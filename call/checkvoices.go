package call

import (
	"errors"
	"maps"

	"github.com/patchcord/patchcord/agent"
)

// Check asks each voice whether it can be given the profile's prompt, variables and tools,
// and the variables of a call over them. It dials nobody. The fields are variables, tools and
// prompt_file.
func (p *Profile) Check(variables map[string]string) []FieldError {
	all := maps.Clone(p.Variables)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, variables)
	var wrong []FieldError
	for _, v := range p.Voices {
		err := v.Dialer.Check(agent.Session{Variables: all, Tools: p.as(v).toolSpecs()})
		var bad *agent.SessionError
		switch {
		case errors.As(err, &bad):
			wrong = append(wrong, FieldError{bad.Field, bad.Problem + " (voice " + v.Name + ")"})
		case err != nil:
			wrong = append(wrong, FieldError{"agent", err.Error() + " (voice " + v.Name + ")"})
		}
	}
	return wrong
}
