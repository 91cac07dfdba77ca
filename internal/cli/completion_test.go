package cli

import (
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
	for line, want := range map[string]string{
		"bridge ca":                          "call calls",
		"bridge calls ":                      "follow hangup list messages say show transfer",
		"bridge calls list --out":            "--outcome",
		"bridge calls list --outcome no":     "no_answer",
		"bridge calls list --outcome = vo":   "voicemail",
		"bridge call 1 --agent ":             "harbor reminders",
		"bridge call 1 --agent harbor --pur": "--purpose",
		"bridge consent export --seller r":   "riverbend",
		"bridge completion ":                 "bash fish zsh",
		"bridge init --voice r":              "realtime",
		"bridge nothing --x ":                "",
	} {
		words := strings.Split(line, " ")
		script := `eval "$(bridge completion bash)" && complete -p bridge >/dev/null
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bridge bridge; echo "${COMPREPLY[*]}"`
		cmd := exec.Command("bash", append([]string{"--norc", "-c", script, "bash"}, words...)...)
		cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || line != "bridge nothing --x " && got != want {
			t.Errorf("%s: %q, %v, want %q", line, got, err, want)
		}
	}
	for _, shell := range []string{"zsh", "fish"} {
		exits(t, exitDone, []string{"completion", shell}, "completion words --")
	}
	exits(t, exitUsage, []string{"completion", "csh"})
}
