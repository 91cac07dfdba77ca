package cli

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/patchcord/patchcord/internal/hostile"
)

// unheard are the commands that are sent nothing hostile, and why.
var unheard = map[string]string{
	"init":           "asks a terminal: init_test.go",
	"serve":          "takes its configuration alone: TestHostileConfiguration",
	"demo":           "brings its own service",
	"doctor":         "takes its configuration alone",
	"migrate up":     "takes a database alone",
	"migrate down":   "takes a database alone",
	"migrate status": "takes a database alone",
	"version":        "takes nothing",
}

// commandsOf are all commands of the parser that do something, by their path.
func commandsOf(node *kong.Node, path string) map[string]*kong.Node {
	all := map[string]*kong.Node{}
	for _, child := range node.Children {
		name := strings.TrimSpace(path + " " + child.Name)
		if len(child.Children) == 0 {
			all[name] = child
		}
		for below, n := range commandsOf(child, name) {
			all[below] = n
		}
	}
	return all
}

// argument is a value for an argument or a flag: a word that it may have, or the text.
func argument(v *kong.Value, text string) string {
	switch {
	case v.Enum != "":
		return v.EnumSlice()[0]
	case v.IsMap():
		return text + "=" + text
	}
	return text
}

// Whatever stands in a command's arguments, and whatever the service answers: it ends with an exit code that the help
// knows, and prints nothing that a terminal obeys, and no line of theirs. All commands that the parser has are here.
func TestHostileCommands(t *testing.T) {
	parser, err := newParser(&commands{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var says atomic.Value // what the service answers; a command may have left before it does
	says.Store("")
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		text := says.Load().(string)
		w.WriteHeader(http.StatusConflict)
		fmt.Fprint(w, hostile.Fill(hostile.Fill(`{"title":%,"detail":%}`, strings.ReplaceAll(text, "%", "")), text))
	})
	env := "BRIDGE_LISTEN=" + strings.TrimPrefix(url, "http://") + "\nBRIDGE_API_TOKEN=" + strings.Repeat("t", 32) + "\n"
	if err := os.WriteFile(".env", []byte(env), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(command, name string, args ...string) {
		t.Helper()
		r := bridge(t, args...)
		if r.code < exitDone || r.code > exitRefused {
			t.Errorf("%s: %s: exit code %d", command, name, r.code)
		}
		if all := r.out + r.err; obeyed(all) || strings.Contains(all, "\nforged") || len(all) > 64<<10 {
			t.Errorf("%s: %s: prints %.600q", command, name, all)
		}
	}
	commands, texts, fed := commandsOf(parser.Model.Node, ""), hostile.Texts(), map[string]bool{}
	for i, command := range slices.Sorted(maps.Keys(commands)) {
		node := commands[command]
		if unheard[command] != "" {
			continue
		}
		plain := func(text string) []string {
			args := strings.Fields(command)
			for _, f := range node.Flags {
				if f.Required && !f.IsBool() {
					args = append(args, "--"+f.Name+"="+argument(f.Value, text))
				}
			}
			args = append(args, "--")
			for _, p := range node.Positional {
				args = append(args, argument(p, text))
			}
			return args
		}
		in := texts[i%len(texts)] // a command is a process, which takes its time: to each command another text
		says.Store(in.Text)
		run(command, in.Name, plain(in.Text)...)
		text := "a\x1b[2J\nforged: line\u202e\u009b\x00\xff\u2028forged" // and to each what many of them have
		says.Store(text)
		run(command, "several", plain(text)...)
		for _, f := range node.Flags {
			if !f.IsBool() && f.Name != "help" && !fed[f.Name] { // most commands share some
				fed[f.Name] = true
				run(command, "--"+f.Name, slices.Insert(plain("x"), len(strings.Fields(command)), "--"+f.Name+"="+text)...)
			}
		}
	}
	for command := range unheard {
		if commands[command] == nil {
			t.Errorf("there is no command %s", command)
		}
	}
}
