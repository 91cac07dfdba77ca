package cli

import (
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

// A variable that begins as ours do, and that nothing reads, is warned of with the nearest name.
func TestUnknownVariablesWarn(t *testing.T) {
	yaml := configtest.EnoughYAML + "tools:\n  t: {description: T., http: {url: \"https://127.0.0.1:1/\", headers: {A: \"${BRIDGE_OWN}\"}}}\n"
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "BRIDGE_MAX_CALL=7\nBRIDGE_OWN=x\nBRIDGE_MASTER_KEY_FILE=\n", "bridge.yaml": yaml})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	c.WarnOfPlaceholders(zerolog.New(&log))
	if !strings.Contains(log.String(), "BRIDGE_MAX_CALL: unknown setting: did you mean BRIDGE_MAX_CALLS") || strings.Contains(log.String(), "BRIDGE_OWN") || strings.Count(log.String(), `"message":"unknown setting`) != 1 {
		t.Errorf("the log: %s", log.String())
	}
	exits(t, exitFailed, []string{"doctor"}, "warning  environment", "BRIDGE_MAX_CALL:")
}
