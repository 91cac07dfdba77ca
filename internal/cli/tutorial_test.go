package cli

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The program and the configuration of docs/TOOLS.md do, as they are written there,
// what it says: in a module of their own, beside a clone of this one.
func TestTutorial(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "TOOLS.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, file := range []string{"main.go", "bridge.yaml"} {
		block := regexp.MustCompile("(?s)<!-- " + file + " -->\n```[a-z]+\n(.*?)```").FindSubmatch(text)
		if block == nil {
			t.Fatalf("docs/TOOLS.md has no %s", file)
		}
		if err := os.WriteFile(filepath.Join(dir, file), block[1], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do := func(program string, args ...string) string {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "NO_COLOR=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	do("go", "mod", "init", "example.com/phone")
	// What `go mod tidy` would find out from a proxy, our own module knows.
	var mod struct {
		Go      string
		Require []struct{ Path, Version string }
	}
	out, err := exec.Command("go", "mod", "edit", "-json", filepath.Join(root, "go.mod")).Output()
	if err == nil {
		err = json.Unmarshal(out, &mod)
	}
	if err != nil {
		t.Fatal(err)
	}
	edit := []string{"mod", "edit", "-go=" + mod.Go, "-replace=github.com/patchcord/patchcord=" + root, "-require=github.com/patchcord/patchcord@v0.0.0"}
	for _, r := range mod.Require {
		edit = append(edit, "-require="+r.Path+"@"+r.Version)
	}
	do("go", edit...)
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	do("go", "build", "-o", "phone", ".")

	phone := filepath.Join(dir, "phone")
	if got := do(phone, "tools", "run", "order_status", `{"order_id":"A-17"}`); !strings.Contains(got, `{"order":"A-17","status":"shipped"}`) {
		t.Errorf("the tool answers %q", got)
	}
	list := do(phone, "tools", "list")
	for _, want := range []string{"order_status", "end_call", "support"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list has no %s:\n%s", want, list)
		}
	}
}
