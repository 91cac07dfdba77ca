package bridge

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/patchcord/patchcord/internal/hostile"
)

// hostileFile has a file read, and looks at what it comes to: an answer soon, and an error that is
// short and acts on no terminal. The error is nil where what was read is no harm.
func hostileFile(t *testing.T, name string, read func() error) {
	t.Helper()
	begun := time.Now()
	err := read()
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("%s: read for %v", name, took)
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
			in(t, map[string]string{".env": env, "bridge.yaml": yaml, "policy.yaml": policy})
			_, err := load()
			return err
		}
	}
	for _, in := range hostile.YAML() {
		hostileFile(t, "bridge.yaml: "+in.Name, loads(enoughEnv, in.Text, "name: x\n"))
		hostileFile(t, "policy.yaml: "+in.Name, loads(enoughEnv, enoughYAML+"policy: policy.yaml\n", in.Text))
	}
	for _, in := range hostile.Texts() {
		hostileFile(t, "a value of bridge.yaml: "+in.Name, loads(enoughEnv, hostile.Fill(enoughYAML+"policy: %\n", in.Text), ""))
		hostileFile(t, "a key of bridge.yaml: "+in.Name, loads(enoughEnv, hostile.Fill(enoughYAML+"%: 1\n", in.Text), ""))
		hostileFile(t, "a name in bridge.yaml: "+in.Name, loads(enoughEnv, hostile.Fill(enoughYAML+"tools: {%: {timeout: 1h}}\n", in.Text), ""))
		hostileFile(t, "a value of policy.yaml: "+in.Name, loads(enoughEnv, enoughYAML+"policy: policy.yaml\n", hostile.Fill("name: x\nswitched_off: [%]\n", in.Text)))
		hostileFile(t, "a value of .env: "+in.Name, loads(enoughEnv+"BRIDGE_LOG_LEVEL="+in.Text+"\n", enoughYAML, ""))
		hostileFile(t, "a name in .env: "+in.Name, loads(enoughEnv+"BRIDGE_"+in.Text+"=1\n", enoughYAML, ""))
	}
	for _, in := range hostile.Large() {
		hostileFile(t, ".env: "+in.Name, loads(enoughEnv+in.Text, enoughYAML, ""))
	}
}
