package cli

import (
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/remind"
)

type completionCmd struct {
	Shell string   `arg:"" enum:"bash,zsh,fish,words" help:"bash, zsh or fish."`
	Words []string `arg:"" optional:"" hidden:"" help:"For words: the words typed after the program's name; the last is completed."`
}

func (*completionCmd) Help() string {
	return "bash: eval \"$(bridge completion bash)\" in ~/.bashrc. zsh: the same in ~/.zshrc, after compinit. " +
		"fish: bridge completion fish > ~/.config/fish/completions/bridge.fish. " +
		"The script asks the program, so it is always up to date; names of agents, sellers and tools come from bridge.yaml."
}

// Run prints the script, or what the script asks for.
func (c *completionCmd) Run(k *kong.Context) error {
	if c.Shell != "words" {
		plain.Fprintf(os.Stdout, "%s", plain.Lines(completionScripts[c.Shell]))
		return nil
	}
	for _, word := range complete(k.Model.Node, c.Words) {
		plain.Println(word)
	}
	return nil
}

var completionScripts = map[string]string{
	"bash": `_bridge() {
  mapfile -t COMPREPLY < <("$1" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _bridge bridge
`,
	"zsh": `_bridge() {
  local -a found
  found=("${(@f)$("$words[1]" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found || _files
}
compdef _bridge bridge
`,
	"fish": `complete -c bridge -a '(bridge completion words -- (commandline -opc)[2..] (commandline -ct | string collect --allow-empty) 2>/dev/null)'
`,
}

// complete is what the last word may become, given those before it.
func complete(node *kong.Node, words []string) []string {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "=" }) // bash makes it a word
	if len(words) == 0 {
		words = []string{""}
	}
	last := words[len(words)-1]
	var waits *kong.Value // the flag whose value comes next
	at := 0               // the next of the node's own arguments
	for _, word := range words[:len(words)-1] {
		switch {
		case waits != nil:
			waits = nil
		case strings.HasPrefix(word, "-"):
			waits = flagOf(node, word)
		default:
			if child := childOf(node, word); child != nil {
				node, at = child, 0
			} else {
				at++
			}
		}
	}
	var all []string
	switch {
	case waits != nil:
		all = wordsFor(waits)
	case strings.HasPrefix(last, "-"):
		for n := node; n != nil; n = n.Parent {
			for _, f := range n.Flags {
				if !f.Hidden {
					all = append(all, "--"+f.Name)
				}
			}
		}
	case len(node.Children) > 0:
		for _, child := range node.Children {
			if !child.Hidden {
				all = append(all, child.Name)
			}
		}
	case at < len(node.Positional):
		all = wordsFor(node.Positional[at])
	}
	all = slices.DeleteFunc(all, func(w string) bool { return !strings.HasPrefix(w, last) })
	slices.Sort(all)
	return all
}

// flagOf is the flag that a word is, if its value is another word.
func flagOf(node *kong.Node, word string) *kong.Value {
	for n := node; n != nil; n = n.Parent {
		for _, f := range n.Flags {
			if word == "--"+f.Name && !f.IsBool() {
				return f.Value
			}
		}
	}
	return nil
}

func childOf(node *kong.Node, name string) *kong.Node {
	for _, child := range node.Children {
		if child.Name == name {
			return child
		}
	}
	return nil
}

// wordsFor is the words that a flag or an argument may be, as far as they are known.
func wordsFor(v *kong.Value) (all []string) {
	if v.Enum != "" {
		return slices.DeleteFunc(v.EnumSlice(), func(w string) bool { return w == "words" })
	}
	switch v.Name {
	case "purpose":
		return slices.Clone(config.Purposes)
	case "outcome":
		return slices.Clone(calllog.Outcomes)
	case "direction":
		return []string{calllog.Inbound, calllog.Outbound}
	case "voice":
		return slices.Clone(config.Voices)
	case "status":
		for _, s := range remind.Statuses {
			all = append(all, string(s))
		}
		return all
	case "agent", "seller", "name":
	default:
		return nil
	}
	c, err := config.LoadEnvironment()
	if err != nil {
		return nil
	}
	_ = c.ReadFile(nil) // what can be read of it has names, whatever is wrong with the rest
	switch v.Name {
	case "agent":
		return slices.Collect(maps.Keys(c.File.Agents))
	case "seller":
		return slices.Collect(maps.Keys(c.File.Sellers))
	}
	return slices.Collect(maps.Keys(c.File.Tools))
}
