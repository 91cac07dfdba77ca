package call

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/tools"
)

// ownTool is a tool that a call carries out by itself, since it is about the call.
type ownTool struct {
	info    tools.Info
	builtin bool // of package builtin
	// run begins it, on the goroutine that owns the call. It must not wait. It, or what
	// it begins, answers by answered or refused, once.
	run func(*Call, builtin.Invocation, time.Time)
}

// builtins is every built-in tool, in the order in which agents are told of them.
var builtins []ownTool

func init() { // they answer by what looks them up: a cycle, were it their initial value
	builtins = []ownTool{
		moved(builtin.EndCall),
		moved(builtin.StopCalling),
		moved(builtin.TransferCall),
		moved(builtin.SendDigits),
		moved(builtin.CollectDigits),
		moved(builtin.TakeMessage),
		moved(builtin.ScheduleCallback),
		moved(builtin.PauseRecording),
		moved(builtin.ResumeRecording),
	}
}

// moved is a tool of package builtin.
func moved(name string) ownTool {
	t, ok := builtin.Find(name)
	if !ok {
		panic("internal error: call: no tool " + name)
	}
	return ownTool{info: t.Info(), builtin: true, run: func(c *Call, i builtin.Invocation, now time.Time) {
		t.Run(&c.errands.builtins, controls{c}, i, now)
	}}
}

// newBuiltin makes a built-in whose arguments are checked before it runs.
func newBuiltin[In any](form tools.Form[In], run func(*Call, builtin.Invocation, In, time.Time)) ownTool {
	return ownTool{info: form.Info(), run: func(c *Call, t builtin.Invocation, now time.Time) {
		in, err := form.Read([]byte(t.Arguments))
		if err != nil {
			say := ""
			if e, ok := errors.AsType[*tools.Error](err); ok {
				say = e.Say
			}
			c.refused(t, cmp.Or(say, form.Info().Failure), err, now)
			return
		}
		run(c, t, in, now)
	}}
}

// of is what an agent is told of it; false if the agent may not use it.
func (b ownTool) of(p *Profile) (tools.Info, bool) {
	switch {
	case !slices.Contains(p.Builtins, b.info.Name):
		return b.info, false
	case b.builtin:
		for _, info := range p.grant().List() {
			if info.Name == b.info.Name {
				return info, true
			}
		}
		return b.info, false
	}
	return b.info, true
}

// form is [tools.NewForm] for what is known to be right.
func form[In any](name, description string, opts ...tools.Option) tools.Form[In] {
	f, err := tools.NewForm[In](name, description, opts...)
	if err != nil {
		panic("internal error: call: " + err.Error())
	}
	return f
}

// BuiltinTools describes the tools that a call carries out by itself.
func BuiltinTools() []tools.Info {
	var all []tools.Info
	for _, b := range builtins {
		all = append(all, b.info)
	}
	return all
}

// IsBuiltin tells whether a call carries out a tool of that name by itself.
func IsBuiltin(name string) bool {
	return slices.ContainsFunc(builtins, func(b ownTool) bool { return b.info.Name == name })
}

// builtin finds a built-in tool that the agent may use.
func (p *Profile) builtin(name string) (ownTool, bool) {
	i := slices.IndexFunc(builtins, func(b ownTool) bool { return b.info.Name == name })
	if i < 0 {
		return ownTool{}, false
	}
	_, ok := builtins[i].of(p)
	return builtins[i], ok
}

// answered gives the agent the result of a built-in tool.
func (c *Call) answered(t builtin.Invocation, content string, now time.Time) {
	controls{c}.Answer(t, content, now)
}

// refused tells the agent that a built-in tool did not do it: say is for the agent, err
// for the log.
func (c *Call) refused(t builtin.Invocation, say string, err error, now time.Time) {
	controls{c}.Refuse(t, say, err, now)
}
