package humesync

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/internal/config"
)

// wanted is what the account shall have, by bridge.yaml.
type wanted struct {
	tools   []wantedTool
	prompts []wantedPrompt
	configs []wantedConfig
	out     []Step          // what is left out, and why
	known   map[string]bool // names of tools and prompts of all agents, also of those that are not synced now
}

type wantedTool struct {
	hume.ToolSpec
	agents []string
}

type wantedPrompt struct{ agent, name, text string }

// wantedConfig is a configuration that agents name, and what it shall name.
type wantedConfig struct {
	id     string
	agents []string
	tools  []string // names
	prompt string   // its name; empty leaves the prompt as it is
}

// maxPrompt bounds a prompt, in bytes: far more than a model's patience.
const maxPrompt = 256 << 10

// promptName is the name of an agent's prompt in the account.
func promptName(agent string) string { return "patchcord-" + agent }

// desired works out what the account shall have for one agent, or for all.
func desired(c *config.Config, only string) (*wanted, error) {
	w := &wanted{known: map[string]bool{}}
	users := map[string][]string{} // of a tool
	for _, name := range slices.Sorted(maps.Keys(c.File.Agents)) {
		a := c.File.Agents[name]
		if !a.Speaks(config.VoiceEVI) {
			continue
		}
		for _, t := range a.Tools {
			w.known[t] = true
			if (only == "" || only == name) && !slices.Contains(users[t], name) {
				users[t] = append(users[t], name)
			}
		}
		if a.PromptFile != "" {
			w.known[promptName(name)] = true
			if only == "" || only == name {
				if err := wantPrompt(c, w, name, a.PromptFile); err != nil {
					return nil, err
				}
			}
		}
	}
	fit := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(users)) {
		info, unfit := c.DescribeTool(name, nil)
		if c.ToolKind(name) == config.KindMCP {
			unfit = "an MCP server's tool: the account may not accept a name with a dot; the agent receives it at the start of a call"
		} else if err := hume.CheckName(name); unfit == "" && err != nil {
			unfit = err.Error()
		}
		if unfit != "" {
			w.out = append(w.out, Step{Kind: "tool", Name: name, Action: LeftOut, Why: unfit, Agents: users[name]})
			continue
		}
		fit[name] = true
		w.tools = append(w.tools, wantedTool{hume.ToolSpec{Name: name, Description: info.Description, Parameters: string(info.Schema), Fallback: info.Failure}, users[name]})
	}
	wantConfigs(c, w, only, fit)
	return w, nil
}

func wantPrompt(c *config.Config, w *wanted, agent, file string) error {
	b, err := os.ReadFile(c.Path(file))
	text := strings.TrimSpace(string(b))
	switch {
	case err != nil:
		err = c.File.Problem(err.Error(), "agents", agent, "prompt_file")
	case text == "":
		err = c.File.Problem("the file is empty", "agents", agent, "prompt_file")
	case len(text) > maxPrompt:
		err = c.File.Problem(fmt.Sprintf("want at most %d bytes", maxPrompt), "agents", agent, "prompt_file")
	default:
		w.prompts = append(w.prompts, wantedPrompt{agent, promptName(agent), text})
		return nil
	}
	return &config.Error{Problems: []error{err}}
}

// wantConfigs works out what each configuration shall name. Agents that share one
// share its tools; of prompts it can have but one, so where several have their own
// it keeps the one it has, and each call brings its agent's.
func wantConfigs(c *config.Config, w *wanted, only string, fit map[string]bool) {
	byID := map[string]*wantedConfig{}
	writers := map[string][]string{} // agents with a prompt, of all that name a configuration
	for _, name := range slices.Sorted(maps.Keys(c.File.Agents)) {
		a := c.File.Agents[name]
		id := a.EVI.ConfigID
		if id == "" || !a.Speaks(config.VoiceEVI) {
			continue
		}
		if a.PromptFile != "" {
			writers[id] = append(writers[id], name)
		}
		if only != "" && only != name {
			continue
		}
		if byID[id] == nil {
			byID[id] = &wantedConfig{id: id}
		}
		byID[id].agents = append(byID[id].agents, name)
		for _, t := range a.Tools {
			if fit[t] && !slices.Contains(byID[id].tools, t) {
				byID[id].tools = append(byID[id].tools, t)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		config := byID[id]
		switch own := writers[id]; {
		case len(own) == 1 && slices.Contains(config.agents, own[0]):
			config.prompt = promptName(own[0])
		case len(own) > 1:
			w.out = append(w.out, Step{Kind: "configuration", Name: id, Action: LeftOut, Agents: own,
				Why: "its prompt: agents with different prompts share it, and it can name only one; each call sends its agent's prompt"})
		}
		if len(config.tools) > 0 || config.prompt != "" {
			w.configs = append(w.configs, *config)
		}
	}
}
