package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/expression"
	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/internal/loopback"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/tools"
)

// Config is everything the program was told, checked. Configuration is read
// here and nowhere else.
type Config struct {
	Environment
	File *File
	Vars map[string]string // the environment as it was read, for ${NAME} in bridge.yaml
	weak map[string]bool   // the variables that .env alone gives
	Dir  string            // of bridge.yaml, which the paths in it are relative to
	Own  []tools.Tool      // that the program brings

	MCPDir string // of the folders of MCP servers' commands. Defaults to mcp in BRIDGE_DATA_DIR

	tokens agent.Tokens // that all EVI chats are opened with; nil where the key itself is used

	Accounts map[string]*expression.Account // of Hume's other services, by address
}

// Error is every problem of a configuration at once.
type Error struct{ Problems []error }

// Error is all problems, one a line.
func (e *Error) Error() string {
	return strings.Join(e.Lines(), "\n")
}

// Lines are the problems, one each.
func (e *Error) Lines() []string {
	list := []string{fmt.Sprintf("the configuration has %d problem(s):", len(e.Problems))}
	for _, p := range e.Problems {
		list = append(list, "  "+p.Error())
	}
	return list
}

// LoadEnvironment reads the settings alone: what the commands need that talk to
// a running service or to the database.
func LoadEnvironment() (*Config, error) {
	vars, problems := Variables(os.Environ(), ".env")
	e, more := ParseEnvironment(vars)
	c := &Config{Environment: e, Vars: vars, weak: fromDotenv(os.Environ(), ".env"), File: &File{}}
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, &Error{problems}
	}
	return c, nil
}

// Load reads and checks everything that serve needs. The tools are those that the program brings.
func Load(own ...tools.Tool) (*Config, error) {
	c, problems := Examine(own...)
	if len(problems) > 0 {
		return nil, &Error{problems}
	}
	return c, nil
}

// Examine is load for whoever goes on with what can be read.
func Examine(own ...tools.Tool) (*Config, []error) {
	vars, problems := Variables(os.Environ(), ".env")
	e, more := ParseEnvironment(vars)
	c := &Config{Environment: e, Vars: vars, Dir: filepath.Dir(e.Config), Own: own}
	if e.HumeSecretKey != "" {
		c.tokens = hume.NewTokens(e.HumeAPIURL, e.HumeAPIKey, e.HumeSecretKey)
	}
	problems = append(problems, more...)
	for _, p := range c.CheckEnvironment() {
		if !slices.ContainsFunc(more, func(told error) bool { return SettingOf(told) == SettingOf(p) }) {
			problems = append(problems, p)
		}
	}
	return c, append(problems, c.ReadFile(nil)...)
}

// ReadFile reads bridge.yaml and checks it, or the places of it that are asked about.
func (c *Config) ReadFile(about func(path ...string) bool) []error {
	c.File = &File{}
	b, err := os.ReadFile(c.Config)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return []error{fmt.Errorf("BRIDGE_CONFIG: file %s not found; start from bridge.example.yaml", c.Config)}
	case err != nil:
		return []error{fmt.Errorf("BRIDGE_CONFIG: %w", err)}
	}
	f, wrong := ParseFile(b)
	if f != nil {
		c.File = f
		if unread := c.fillNamed(); len(unread) > 0 {
			return unread
		}
		wrong = append(wrong, c.CheckFile(about)...)
	}
	for i, p := range wrong {
		wrong[i] = fmt.Errorf("%s: %w", c.Config, p)
	}
	return wrong
}

// fillNamed reads the variables that bridge.yaml names from their files.
func (c *Config) fillNamed() (problems []error) {
	for _, name := range c.File.namedVariables() {
		if err := fillFromFile(c.Vars, name); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// SettingOf is the setting that a problem is about.
func SettingOf(problem error) string {
	s, _, _ := strings.Cut(problem.Error(), ":")
	return s
}

// CheckEnvironment finds what is wrong with the settings one by one.
func (c *Config) CheckEnvironment() []error {
	var problems []error
	wrong := func(name, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
	}
	for _, s := range []struct{ name, value string }{{"PUBLIC_URL", c.PublicURL},
		{"TWILIO_ACCOUNT_SID", c.TwilioAccountSID}, {"TWILIO_AUTH_TOKEN", strings.Join(c.AuthTokens(), ",")}} {
		if s.value == "" {
			wrong(s.name, "required by serve")
		}
	}
	if c.PublicURL != "" {
		if err := CheckPublicURL(c.PublicURL); err != nil {
			wrong("PUBLIC_URL", "%v", err)
		}
	}
	if err := keys.CheckSecret(c.APIToken); c.APIToken != "" && err != nil {
		wrong("BRIDGE_API_TOKEN", "%v", err)
	}
	if _, err := c.Proxies(); err != nil {
		wrong("BRIDGE_TRUST_PROXY", "%v", err)
	}
	if _, err := net.ResolveTCPAddr("tcp", c.Listen); err != nil {
		wrong("BRIDGE_LISTEN", "want host:port or :port")
	}
	for _, s := range []struct{ name, value string }{{"DATABASE_URL", c.DatabaseURL}, {"BRIDGE_MIGRATE_URL", c.MigrateURL}} {
		if s.value != "" && !isPostgresURL(s.value) {
			wrong(s.name, "want postgres://…")
		}
	}
	if c.MigrateURL != "" && c.DatabaseURL == "" {
		wrong("BRIDGE_MIGRATE_URL", "requires DATABASE_URL: the private server has its own role for this")
	}
	if c.MasterKey != "" {
		if _, err := DecodeKey(c.MasterKey); err != nil {
			wrong("BRIDGE_MASTER_KEY", "%v", err)
		}
	}
	if _, err := DecodeSigningKeys(c.SigningSecret); err != nil {
		wrong("BRIDGE_SIGNING_SECRET", "%v", err)
	}
	if (c.TwilioAPIKey == "") != (c.TwilioAPISecret == "") {
		wrong("TWILIO_API_KEY", "set both this and TWILIO_API_SECRET, or neither")
	}
	for _, s := range []struct{ name, value string }{{"TWILIO_API_URL", c.TwilioAPIURL}, {"HUME_API_URL", c.HumeAPIURL}, {"REALTIME_URL", c.RealtimeURL}} {
		if u, err := url.Parse(s.value); err != nil || u.Host == "" {
			wrong(s.name, "want an absolute URL")
		}
	}
	if c.HumeSecretKey != "" && c.HumeAPIKey == "" {
		wrong("HUME_SECRET_KEY", "requires HUME_API_KEY: both together are exchanged for tokens")
	}
	if c.HumeSigningKey != "" && len(c.HumeKeys()) == 0 {
		wrong("HUME_WEBHOOK_SIGNING_KEY", "want one or more keys, comma-separated")
	}
	if c.MaxCalls < 1 || c.MaxCalls > 100_000 {
		wrong("BRIDGE_MAX_CALLS", "want 1 to 100000")
	}
	if c.MaxCallDuration <= 0 {
		wrong("BRIDGE_MAX_CALL_DURATION", "want more than 0")
	}
	if c.DrainTimeout < 0 {
		wrong("BRIDGE_DRAIN_TIMEOUT", "want 0 or more")
	}
	if c.DrainDelay < 0 || c.DrainDelay > 5*time.Minute {
		wrong("BRIDGE_DRAIN_DELAY", "want 0s to 5m")
	}
	oneOf := func(name, v string, choices ...string) {
		for _, want := range choices {
			if v == want {
				return
			}
		}
		wrong(name, "want one of %s", strings.Join(choices, ", "))
	}
	problems = append(problems, c.checkTransit()...)
	problems = append(problems, c.checkTLS()...)
	oneOf("BRIDGE_TLS", c.TLS, "on", "off")
	oneOf("BRIDGE_INSECURE", c.Insecure, "on", "off")
	oneOf("BRIDGE_MIGRATE", c.Migrate, "on", "off")
	oneOf("BRIDGE_LOG_LEVEL", c.LogLevel, "debug", "info", "warn", "error")
	if c.LogFormat != "" {
		oneOf("BRIDGE_LOG_FORMAT", c.LogFormat, "json", "console")
	}
	return problems
}

func isPostgresURL(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

// CheckPublicURL wants what Twilio will call: https, or http on this machine.
func CheckPublicURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "":
		return errors.New("want an absolute URL, such as https://voice.example.com")
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return errors.New("want a URL without a query, a fragment or a password")
	case u.Scheme == "https":
		return nil
	case u.Scheme != "http":
		return fmt.Errorf("the scheme is %q: want https", u.Scheme)
	}
	if loopback.Is(u.Hostname()) {
		return nil
	}
	return errors.New("http is only allowed for loopback hosts: Twilio would send calls unencrypted")
}

// DecodeKey reads 32 bytes of base64.
func DecodeKey(s string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != 32 {
		return nil, errors.New("want 32 bytes in base64, as from: openssl rand -base64 32")
	}
	return b, nil
}

// AuthTokens are the tokens that may sign Twilio's requests, the primary first.
func (c *Config) AuthTokens() []string { return commaList(c.TwilioAuthToken) }

// HumeKeys are the keys that may sign Hume's webhooks.
func (c *Config) HumeKeys() []string { return commaList(c.HumeSigningKey) }

// commaList is what stands between commas, without what is empty.
func commaList(s string) (list []string) {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// Path is where a file named in bridge.yaml is.
func (c *Config) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.Dir, name)
}
