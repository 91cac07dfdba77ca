package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config/configtest"
)

// A real bash, with the script that the program prints, completes commands, flags, words and the
// names of bridge.yaml.
func TestCompletionInBash(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": benchYAML})
	bin := t.TempDir()
	self, err := os.Executable()
	if err == nil {
		err = os.WriteFile(filepath.Join(bin, "bridge"), []byte("#!/bin/sh\n"+asCommand+"=1 exec '"+self+"' \"$@\"\n"), 0o700) //nolint:gosec // it is to be run
	}
	if err != nil {
		t.Fatal(err)
	}
	const anything = "*"
	cases := []struct{ line, want string }{
		{"bridge ca", "call calls"},
		{"bridge calls ", "follow hangup list messages say show transfer"},
		{"bridge calls list --out", "--outcome"},
		{"bridge calls list --outcome no", "no_answer"},
		{"bridge calls list --outcome = vo", "voicemail"},
		{"bridge call 1 --agent ", "harbor reminders"},
		{"bridge call 1 --agent harbor --pur", "--purpose"},
		{"bridge consent export --seller r", "riverbend"},
		{"bridge completion ", "bash fish zsh"},
		{"bridge init --voice r", "realtime"},
		{"bridge nothing --x ", anything},
	}
	const script = `eval "$(bridge completion bash)" && complete -p bridge >/dev/null
while IFS= read -r line; do
	IFS=' ' read -ra COMP_WORDS <<<"$line"
	case $line in *' ') COMP_WORDS+=("") ;; esac
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _bridge bridge; echo "${COMPREPLY[*]}"
done`
	cmd := exec.Command("bash", "--norc", "-c", script)
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	var lines strings.Builder
	for _, x := range cases {
		fmt.Fprintln(&lines, x.line)
	}
	cmd.Stdin = strings.NewReader(lines.String())
	out, err := cmd.CombinedOutput()
	got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if err != nil || len(got) != len(cases) {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, x := range cases {
		if x.want != anything && strings.TrimSpace(got[i]) != x.want {
			t.Errorf("%s: %q, want %q", x.line, got[i], x.want)
		}
	}
	for _, shell := range []string{"zsh", "fish"} {
		exits(t, exitDone, []string{"completion", shell}, "completion words --")
	}
	exits(t, exitUsage, []string{"completion", "csh"})
}
