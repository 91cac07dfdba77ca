package service

import (
	"fmt"
	"os"
	"slices"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/tools"
)

// NewRegistry makes the tools that bridge.yaml describes, beside those that the program brings.
func NewRegistry(c *config.Config) (*tools.Registry, error) {
	r, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, t := range c.Own {
		if err := r.Add(t); err != nil {
			problems = append(problems, err)
		}
	}
	for name, t := range c.File.Tools {
		if err := c.AddTool(r, name, t); err != nil {
			problems = append(problems, c.File.Problem(err.Error(), "tools", name))
		}
	}
	for name, m := range c.File.MCP {
		server, err := NewMCPServer(c, name, m)
		if err == nil {
			err = r.Join(server)
		}
		if err != nil {
			problems = append(problems, c.File.Problem(err.Error(), "mcp", name))
		}
	}
	if len(problems) > 0 {
		return nil, &config.Error{Problems: problems}
	}
	return r, nil
}

// NewProfiles makes the agents that bridge.yaml describes.
func NewProfiles(c *config.Config, r *tools.Registry, log zerolog.Logger) (map[string]*call.Profile, error) {
	all := map[string]*call.Profile{}
	var problems []error
	for name, a := range c.File.Agents {
		p, err := newProfile(c, name, a, r, log)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		all[name] = p
	}
	if len(problems) > 0 {
		return nil, &config.Error{Problems: problems}
	}
	return all, nil
}

func newProfile(c *config.Config, name string, a config.AgentBlock, r *tools.Registry, log zerolog.Logger) (*call.Profile, error) {
	p := &call.Profile{Name: name, Fallback: call.Fallback{Say: a.Fallback.Say, Dial: a.Fallback.Dial}, Variables: map[string]string{},
		Seller: c.Seller(a.Seller), Purpose: consent.Purpose(a.Purpose), Voicemail: a.Voicemail, Record: a.Record, Remember: a.Remember,
		Admission: a.Limits.Admission(), Budgets: a.Budgets.Budgets()}
	if d := a.Interruption.After; d != nil {
		p.Interruption.After = *d
	}
	if n := a.Interruption.Words; n != nil {
		p.Interruption.Words = *n
	}
	if r := a.Interruption.Resume; r != nil {
		p.Interruption.NoResume = !*r
	}
	if err := c.SetTransfers(name, a, p); err != nil {
		return nil, err
	}
	for k, v := range a.Variables {
		p.Variables[k] = fmt.Sprint(v)
	}
	prompt, err := c.Prompt(name, a)
	if err != nil {
		return nil, err
	}
	for _, v := range a.Voices() {
		one := call.NewVoice(v, c.Dialer(v, a, prompt))
		if v == config.VoiceDesk {
			one.Builtins = []string{builtin.TakeMessage, builtin.TransferCall, builtin.StopCalling}
		}
		p.Voices = append(p.Voices, one)
	}
	if p.Expression, err = c.Expression(name, a.Expression); err != nil {
		return nil, err
	}
	if a.Opening != nil {
		p.Opening = &call.Opening{Text: a.Opening.Text}
		if a.Opening.Clip != "" {
			b, err := os.ReadFile(c.Path(a.Opening.Clip))
			if err == nil {
				p.Opening.Clip, err = media.ReadClip(b)
			}
			if err != nil {
				return nil, c.File.Problem(fmt.Sprintf("%s: %v", a.Opening.Clip, err), "agents", name, "opening", "clip")
			}
		}
	}
	var names []string
	for _, t := range a.Tools {
		switch {
		case r.Promises(t):
			names = append(names, t)
		case t == builtin.TransferCall && len(p.Transfers) == 0:
			log.Warn().Str("agent", name).Msg("agent has transfer_call but no transfer_to; leaving the tool out")
		case builtin.Is(t):
			p.Builtins = append(p.Builtins, t)
		default:
			log.Warn().Str("agent", name).Str("tool", t).Bool("built_in", slices.Contains(config.Builtins, t)).Msg("tool not supported in this version; leaving it out")
		}
	}
	set, err := r.Only(names...)
	if err != nil {
		return nil, c.File.Problem(err.Error(), "agents", name, "tools")
	}
	p.Tools = set
	if bad := p.Check(nil); len(bad) > 0 {
		return nil, c.File.Problem(bad[0].Problem, "agents", name, bad[0].Field)
	}
	WarnOfCallbacks(c, p, log)
	return p, nil
}
