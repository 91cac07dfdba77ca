package builtin

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/patchcord/patchcord/tools"
)

// Tool is a tool that a call carries out by itself.
type Tool struct {
	info tools.Info
	// fit makes info what one agent is told; false if the tool is not for it. Nil if it is the same for all.
	fit func(Transfers, tools.Info) (tools.Info, bool)
	run func(*State, Controls, Invocation, time.Time)
}

// all is every tool, in the order in which agents are told of them.
var all = []Tool{
	newTool(endCallForm, endCall),
	newTool(stopCallingForm, stopCalling),
	newTool(transferForm, transferCall).fits(transferInfo),
	newTool(digitsForm, pressDigits),
	newTool(collectForm, collectDigits),
	newTool(messageForm, takeMessage),
	newTool(callbackForm, scheduleCallback),
	newTool(pauseForm, pauseRecording),
	newTool(resumeForm, resumeRecording),
}

// newTool makes a tool whose arguments are checked before it runs.
func newTool[In any](form tools.Form[In], run func(*State, Controls, Invocation, In, time.Time)) Tool {
	info := form.Info()
	return Tool{info: info, run: func(s *State, c Controls, t Invocation, now time.Time) {
		in, err := form.Read([]byte(t.Arguments))
		if err != nil {
			say := ""
			if e, ok := errors.AsType[*tools.Error](err); ok {
				say = e.Say
			}
			c.Refuse(t, cmp.Or(say, info.Failure), err, now)
			return
		}
		run(s, c, t, in, now)
	}}
}

// fits is t, described to each agent in its own way.
func (t Tool) fits(fit func(Transfers, tools.Info) (tools.Info, bool)) Tool {
	t.fit = fit
	return t
}

// form is [tools.NewForm] for what is known to be right.
func form[In any](name, description string, opts ...tools.Option) tools.Form[In] {
	f, err := tools.NewForm[In](name, description, opts...)
	if err != nil {
		panic("internal error: builtin: " + err.Error())
	}
	return f
}

// All describes every tool, in the order in which agents are told of them.
func All() []tools.Info {
	var infos []tools.Info
	for _, t := range all {
		infos = append(infos, t.info)
	}
	return infos
}

// Is tells whether there is a tool of that name.
func Is(name string) bool {
	_, ok := Find(name)
	return ok
}

// Find returns the tool of that name; false if there is none.
func Find(name string) (Tool, bool) {
	i := slices.IndexFunc(all, func(t Tool) bool { return t.info.Name == name })
	if i < 0 {
		return Tool{}, false
	}
	return all[i], true
}

// Info describes the tool.
func (t Tool) Info() tools.Info { return t.info }

// Run begins a tool, on the goroutine that owns the call. It doesn't wait: the tool answers by way of Controls, at once
// or later.
func (t Tool) Run(s *State, c Controls, i Invocation, now time.Time) { t.run(s, c, i, now) }
