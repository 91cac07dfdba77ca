package cli

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
)

// asCommand is how this test's binary is told to be the program.
const asCommand = "BRIDGE_TEST_AS_COMMAND"

// callPeople is the commands of README.md's section on calls that are placed.
func callPeople(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(readme), "\n## Call people\n")
	if !ok {
		t.Fatal("README.md has no section Call people")
	}
	block := regexp.MustCompile(`(?m)(^    .*\n)+`).FindString(section)
	if strings.Count(block, "bridge ") < 3 {
		t.Fatalf("the section's first block is\n%s", block)
	}
	return block
}

// runs runs commands by bash, with this program as bridge and nothing else of ours.
func (b *bench) runs(script string) (out string, err error) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	bin := b.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "bridge"), []byte("#!/bin/sh\n"+asCommand+"=1 exec '"+self+"' \"$@\"\n"), 0o700); err != nil { //nolint:gosec // it is to be run
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", script)
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	all, err := cmd.CombinedOutput()
	return string(all), err
}

// README.md's own commands end in a call, with nothing added: the hours are those of
// the demo.
func TestReadmeCallsSomebody(t *testing.T) {
	block := callPeople(t)
	open, err := filepath.Abs("../../demo/policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := servingWith(t, strings.Replace(benchYAML, "policy.yaml", open, 1), evitest.Script())
	out, err := b.runs("set -e\n" + block)
	if n := len(b.callee.Calls()); n != 1 {
		t.Fatalf("it rang %d times: %v\n%s", n, err, out)
	}
	for _, want := range []string{"ALLOWED", "busy"} {
		if !strings.Contains(out, want) {
			t.Errorf("nothing of %q in\n%s", want, out)
		}
	}
}

// As it is shipped the same rings, or it is night, and nothing else is in the way.
func TestReadmeCallsSomebodyByTheLaw(t *testing.T) {
	block := callPeople(t)
	b := servingWith(t, strings.Replace(benchYAML, "policy: policy.yaml\n", "", 1), evitest.Script())
	out, _ := b.runs(block) // its end is refused at night
	if len(b.callee.Calls()) == 1 {
		return
	}
	var last *consent.Decision
	for _, f := range b.history(person) {
		if f.Type == consent.Decided {
			last = f.Decision
		}
	}
	if last == nil {
		t.Fatalf("nothing was decided:\n%s", out)
	}
	for _, r := range last.Failing() {
		if !strings.HasPrefix(r.Rule, "hours.") && !strings.HasPrefix(r.Rule, "holiday") { // in November there are two
			t.Errorf("in the way is %s: %s", r.Rule, r.Reason)
		}
	}
	if last.Outcome != consent.Defer {
		t.Errorf("the call is not put off:\n%s", out)
	}
}
