package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/tools"
)

// The words and names that the tools of bridge.yaml know.
var (
	Builtins      = []string{"end_call", "transfer_call", "send_digits", "collect_digits", "stop_calling", "take_message", "schedule_callback", "pause_recording", "resume_recording"}
	interruptions = []string{"carry_on", "cancel"}
	envName       = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)
	variableName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// Bounds of a tool in bridge.yaml.
const (
	toolSlowest = 5 * time.Minute
	maxSecrets  = 32 // fields
)

// known tells whether a tool's name means something: one of ours, one of the
// program's own, one of the file's, or one that an MCP server will bring.
func (k *checker) known(tool string) bool {
	if _, ok := k.f.Tools[tool]; ok || slices.Contains(Builtins, tool) || k.own(tool) {
		return true
	}
	server, _, dotted := strings.Cut(tool, ".")
	_, ok := k.f.MCP[server]
	return dotted && ok
}

// own tells whether the program itself brings a tool of that name.
func (k *checker) own(tool string) bool { return k.c.brings(tool) }

// brings tells whether the program itself brings a tool of that name.
func (c *Config) brings(tool string) bool {
	return slices.ContainsFunc(c.Own, func(t tools.Tool) bool { return t.Info().Name == tool })
}

func (k *checker) tool(name string, t toolBlock) {
	at := func(path ...string) []string { return append([]string{"tools", name}, path...) }
	if slices.Contains(Builtins, name) {
		k.wrong("a built-in tool already has this name", at()...)
	}
	if k.own(name) {
		k.wrong("the program already has a tool with this name", at()...)
	}
	if t.Timeout < 0 || t.Timeout > toolSlowest {
		k.wrong(fmt.Sprintf("want more than 0 and at most %s", toolSlowest), at("timeout")...)
	}
	k.oneOf(t.Interruption, interruptions, at("interruption")...)
	if len(t.Secret) > maxSecrets {
		k.wrong(fmt.Sprintf("want at most %d fields", maxSecrets), at("secret")...)
	}
	for i, field := range t.Secret {
		if strings.TrimSpace(field) == "" {
			k.wrong("want the name of a field", at("secret", fmt.Sprint(i))...)
		}
	}
	if t.HTTP == nil {
		k.wrong("required: where the tool is", at("http")...)
		return
	}
	k.toolAddress(*t.HTTP, func(path ...string) []string { return at(append([]string{"http"}, path...)...) })
}

// toolAddress checks the http part of a tool. [tools.HTTP] checks what is left.
func (k *checker) toolAddress(h httpBlock, at func(path ...string) []string) {
	if h.URL == "" {
		k.wrong("required", at("url")...)
	} else if err := k.c.InTheClear(h.URL); err != nil {
		k.wrong(err.Error(), at("url")...)
	}
	if h.MaxResponse < 0 || h.MaxResponse > tools.MaxResult {
		k.wrong(fmt.Sprintf("want 1 to %d bytes", tools.MaxResult), at("max_response")...)
	}
	k.headers(h.Headers, at("headers")...)
	if h.Sign == "" {
		return
	}
	if h.Method == http.MethodGet {
		k.wrong("GET requests have no body to sign", at("sign")...)
	}
	if _, err := k.c.signingKey(h.Sign); err != nil {
		k.wrong(err.Error(), at("sign")...)
	}
}

// Lengths of a signing key in bytes, by the Standard Webhooks specification.
const (
	signingShortest  = 24
	maxSigningLength = 64
)

// signingKey reads the key that a variable holds: base64, with whsec_ before it or
// not, as the Standard Webhooks specification writes keys. Empty gives none. No
// error quotes a value, nor what may be a key in the place of a name.
func (c *Config) signingKey(variable string) ([]byte, error) {
	if variable == "" {
		return nil, nil
	}
	if !variableName.MatchString(variable) {
		return nil, errors.New("want the name of the variable that holds the key")
	}
	value := strings.TrimSpace(c.Vars[variable])
	if value == "" {
		return nil, errors.New("the environment has no variable with this name") // which may be a key, put there by mistake
	}
	key, err := decodeSigningKey(value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", variable, err)
	}
	return key, nil
}

// decodeSigningKey reads a key as the Standard Webhooks specification writes them.
func decodeSigningKey(value string) ([]byte, error) {
	value = strings.TrimRight(strings.TrimPrefix(value, "whsec_"), "=")
	key, err := base64.RawStdEncoding.DecodeString(value)
	if err != nil || len(key) < signingShortest || len(key) > maxSigningLength {
		return nil, fmt.Errorf("want %d to %d bytes in base64, with or without the prefix whsec_, as from: openssl rand -base64 32", signingShortest, maxSigningLength)
	}
	return key, nil
}
