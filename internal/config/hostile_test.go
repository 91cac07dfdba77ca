package config

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/hostile"
)

// hostileFile has a file read, and looks at what it comes to: an answer soon, and an error that is
// short and acts on no terminal. The error is nil where what was read is no harm.
func hostileFile(t *testing.T, name string, read func() error) {
	t.Helper()
	begun := hostile.CPU()
	err := read()
	if took := hostile.CPU() - begun; took > 10*time.Second {
		t.Errorf("%s: it took %v of CPU to read", name, took)
	}
	if err == nil {
		return
	}
	text := err.Error()
	if len(text) > 64<<10 {
		t.Errorf("%s: an error of %d bytes: %.200s", name, len(text), text)
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) }); i >= 0 {
		t.Errorf("%s: the error has a control character: %.200q", name, text[max(0, i-20):])
	}
}

// bridge.yaml, policy.yaml and .env are somebody's text, too.
func TestHostileConfiguration(t *testing.T) {
	loads := func(env, yaml, policy string) func() error {
		return func() error {
			configtest.In(t, map[string]string{".env": env, "bridge.yaml": yaml, "policy.yaml": policy})
			_, err := Load()
			return err
		}
	}
	for _, in := range hostile.YAML() {
		hostileFile(t, "bridge.yaml: "+in.Name, loads(configtest.EnoughEnv, in.Text, "name: x\n"))
		hostileFile(t, "policy.yaml: "+in.Name, loads(configtest.EnoughEnv, configtest.EnoughYAML+"policy: policy.yaml\n", in.Text))
	}
	for _, in := range hostile.Texts() {
		hostileFile(t, "a value of bridge.yaml: "+in.Name, loads(configtest.EnoughEnv, hostile.Fill(configtest.EnoughYAML+"policy: %\n", in.Text), ""))
		hostileFile(t, "a key of bridge.yaml: "+in.Name, loads(configtest.EnoughEnv, hostile.Fill(configtest.EnoughYAML+"%: 1\n", in.Text), ""))
		hostileFile(t, "a name in bridge.yaml: "+in.Name, loads(configtest.EnoughEnv, hostile.Fill(configtest.EnoughYAML+"tools: {%: {timeout: 1h}}\n", in.Text), ""))
		hostileFile(t, "a value of policy.yaml: "+in.Name, loads(configtest.EnoughEnv, configtest.EnoughYAML+"policy: policy.yaml\n", hostile.Fill("name: x\nswitched_off: [%]\n", in.Text)))
		hostileFile(t, "a value of .env: "+in.Name, loads(configtest.EnoughEnv+"BRIDGE_LOG_LEVEL="+in.Text+"\n", configtest.EnoughYAML, ""))
		hostileFile(t, "a name in .env: "+in.Name, loads(configtest.EnoughEnv+"BRIDGE_"+in.Text+"=1\n", configtest.EnoughYAML, ""))
	}
	for _, in := range hostile.Large() {
		hostileFile(t, ".env: "+in.Name, loads(configtest.EnoughEnv+in.Text, configtest.EnoughYAML, ""))
	}
}
