// Package configtest has what tests of settings need: a working folder with the files of a setup, and nothing
// of the environment of whoever runs the test.
package configtest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// EnoughYAML is the shortest bridge.yaml that serves.
const EnoughYAML = "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a: {seller: s}\nnumbers:\n  \"+14155550100\": a\n"

// EnoughEnv is the shortest .env that serves.
const EnoughEnv = `PUBLIC_URL=https://voice.example.com
BRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef
TWILIO_ACCOUNT_SID=AC00000000000000000000000000000001
TWILIO_AUTH_TOKEN=secret
HUME_API_KEY=key
`

// In makes a folder with these files, by their paths in it, the working folder, and takes all settings out of
// the environment. Both are as before when the test ends, which can't run beside others.
func In(t testing.TB, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); IsSetting(name) {
			t.Setenv(name, "") // puts the old value back at the end
			os.Unsetenv(name)
		}
	}
}

// IsSetting tells whether a variable of the environment is a setting, or the file with one, by its name's
// beginning. The tests of config hold it to all settings; those that begin with BRIDGE_TEST_ are of tests.
func IsSetting(name string) bool {
	if strings.HasPrefix(name, "BRIDGE_TEST_") {
		return false
	}
	return slices.ContainsFunc([]string{"BRIDGE_", "TWILIO_", "HUME_", "OPENAI_", "REALTIME_", "PUBLIC_URL", "DATABASE_URL"},
		func(beginning string) bool { return strings.HasPrefix(name, beginning) })
}
