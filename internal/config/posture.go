package config

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Posture is what weakens the set-up though it works: who runs it, what it lets through and
// who else can read its files. serve says it at each start, and doctor when asked.
func (c *Config) Posture() (weak []Finding) {
	say := func(what, format string, args ...any) {
		weak = append(weak, Finding{what, Warning, fmt.Sprintf(format, args...)})
	}
	if os.Geteuid() == 0 {
		say("user", "the service runs as root, which it never needs: give it its own user (systemd: User=, or the container image)")
	}
	if c.insecure() {
		say("BRIDGE_INSECURE", "on: calls, keys and people's data may be sent unencrypted")
	}
	for _, f := range []struct {
		name string
		not  fs.FileMode // what its mode must not have
		why  string
	}{
		{".env", 0o027, "it holds secrets"},
		{c.Config, c.File.mode(), "it names programs to run, and holds what looks like a secret"},
		{c.DataDir, 0o066, "it holds keys and people's data"},
		{filepath.Join(c.DataDir, "master.key"), 0o077, "it encrypts all personal data"},
		{filepath.Join(c.DataDir, "signing.secret"), 0o077, "it signs requests"},
	} {
		info, err := os.Stat(f.name)
		if err != nil {
			continue // whoever needs the file says so
		}
		if more := info.Mode().Perm() & f.not; more != 0 {
			say(f.name, "its mode is %04o, and %s: chmod %04o %s", info.Mode().Perm(), f.why, info.Mode().Perm()&^f.not, f.name)
		}
	}
	return weak
}

// CheckPosture is posture for doctor.
func CheckPosture(_ context.Context, c *Config) []Finding {
	if weak := c.Posture(); weak != nil {
		return weak
	}
	return []Finding{{"files and user", Well, "no other user can read secrets, and the service is not root"}}
}

// mode is what the mode of bridge.yaml must not have: others must not write it, and not read
// it either if there is a secret in it.
func (f *File) mode() fs.FileMode {
	if f.root != nil && hasSecret(f.root, "") {
		return 0o027
	}
	return 0o022
}

var secretKey = regexp.MustCompile(`(?i)^(authorization|proxy-authorization|cookie|.*(api-?key|password|token|secret))$`)

// hasSecret tells whether a text is under a key that secrets have, and is no ${NAME}.
func hasSecret(n *yaml.Node, key string) bool {
	if n.Kind == yaml.ScalarNode {
		return n.Value != "" && secretKey.MatchString(key) && !strings.Contains(n.Value, "${")
	}
	for i, child := range n.Content {
		name := ""
		if n.Kind == yaml.MappingNode && i%2 == 1 {
			name = n.Content[i-1].Value
		}
		if hasSecret(child, name) {
			return true
		}
	}
	return false
}
