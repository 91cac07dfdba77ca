package config

import (
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config/configtest"
)

// X_FILE stands for X also where bridge.yaml names the variable.
func TestNamedVariablesComeFromFiles(t *testing.T) {
	const yaml = configtest.EnoughYAML + `  "+14155550101": b
tools:
  t: {http: {url: "https://x.example", headers: {Authorization: "Bearer ${CRM_TOKEN}"}, sign: CRM_SIGN}}
mcp:
  m: {command: [prog], env: [CRM_TOKEN, mcp_secret]}
`
	config := strings.Replace(yaml, "agents:\n", "agents:\n  b: {seller: s, voice: realtime, realtime: {dialect: xai, key_env: X_KEY, model: m, url: \"wss://voice.example\"}}\n", 1)
	files := map[string]string{".env": configtest.EnoughEnv + "CRM_TOKEN_FILE=crm\nCRM_SIGN_FILE=sign\nX_KEY_FILE=x\nmcp_secret_FILE=mcp\nPATH_FILE=crm\n", "bridge.yaml": config,
		"crm": "crm token\n", "sign": "whsec_" + strings.Repeat("QUFB", 12), "x": "x key", "mcp": "mcp secret"}
	configtest.In(t, files)
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Expand(c.File.Tools["t"].HTTP.Headers)["Authorization"]; got != "Bearer crm token" {
		t.Errorf("the header is %q", got)
	}
	if got := c.realtime(c.File.Agents["b"], "").APIKey; got != "x key" {
		t.Errorf("the voice's key is %q", got)
	}
	if c.Vars["mcp_secret"] != "mcp secret" || c.Vars["CRM_SIGN"] == "" || c.Vars["PATH"] == "crm token" {
		t.Error("a variable that an MCP server is given is missing, or one that nobody named was read")
	}

	for name, want := range map[string]string{"nowhere": "CRM_TOKEN_FILE: open nowhere", "large": "CRM_TOKEN_FILE: large has more than 65536 bytes"} {
		files[".env"] = configtest.EnoughEnv + "CRM_TOKEN_FILE=" + name + "\n"
		files["large"] = strings.Repeat("x", maxVarFile+1)
		configtest.In(t, files)
		if _, err := Load(); err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "CRM_TOKEN") != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// X_FILE stands for X, whichever setting X is, and never over X itself.
func TestEverySettingComesFromAFile(t *testing.T) {
	configtest.In(t, map[string]string{"value": "of the file\n"})
	for _, s := range Settings() {
		file := s.Name + "_FILE=value"
		if vars, problems := Variables([]string{file}, ".env"); vars[s.Name] != "of the file" || len(problems) > 0 {
			t.Errorf("%s is %q, %v", file, vars[s.Name], problems)
		}
		if vars, problems := Variables([]string{file, s.Name + "=its own"}, ".env"); vars[s.Name] != "its own" || len(problems) > 0 {
			t.Errorf("%s, set itself, is %q, %v", s.Name, vars[s.Name], problems)
		}
	}
}
