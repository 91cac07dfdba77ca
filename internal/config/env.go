package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
	"go.yaml.in/yaml/v3"
)

// Environment is all settings that come from the environment. The tags are the
// one place where names, defaults and meanings stand: a test compares .env.example
// and docs/SETTINGS.md with them, and go generate writes the latter's table.
//
//go:generate go test -run ^TestSettingsPage$ -update .
type Environment struct {
	Listen           string        `env:"BRIDGE_LISTEN" envDefault:":8080" about:"address to serve on"`
	PublicURL        string        `env:"PUBLIC_URL" about:"the address that Twilio uses: https, or http on a loopback host. Required by serve"`
	Config           string        `env:"BRIDGE_CONFIG" envDefault:"bridge.yaml" about:"the YAML file"`
	DatabaseURL      string        `env:"DATABASE_URL" about:"Postgres 15 or later, for the role that serves. Empty: a private server on this machine's Postgres binaries, kept in BRIDGE_DATA_DIR"`
	MigrateURL       string        `env:"BRIDGE_MIGRATE_URL" about:"the same database for the role that owns its tables, used by migrate and at the start of serve. Empty: DATABASE_URL"`
	DataDir          string        `env:"BRIDGE_DATA_DIR" envDefault:"data" about:"folder for the private Postgres, spool, keys, recordings and the ledger's anchors"`
	MasterKey        string        `env:"BRIDGE_MASTER_KEY" about:"32 bytes in base64; the same on every instance, forever: without it the consent ledger can't be read. Empty: generated once and stored in BRIDGE_DATA_DIR"`
	SigningSecret    string        `env:"BRIDGE_SIGNING_SECRET" about:"signs ask requests and permits' callbacks (Standard Webhooks): 24 to 64 bytes in base64, with or without the prefix whsec_; two, comma-separated, while rotating. Empty: generated once and stored in BRIDGE_DATA_DIR"`
	APIToken         string        `env:"BRIDGE_API_TOKEN" about:"bootstrap key with all rights, at least 32 characters (openssl rand -hex 32). Required by serve while there are no keys (bridge keys)"`
	TLS              string        `env:"BRIDGE_TLS" envDefault:"off" about:"on: BRIDGE_LISTEN serves TLS with a certificate for the host of PUBLIC_URL, obtained and renewed by ACME; port 443 of the host must reach the service. Setting it accepts the ACME server's terms"`
	ACMEURL          string        `env:"BRIDGE_ACME_URL" envDefault:"https://acme-v02.api.letsencrypt.org/directory" about:"the ACME server, for BRIDGE_TLS"`
	ACMEEmail        string        `env:"BRIDGE_ACME_EMAIL" about:"contact address of the ACME account"`
	ACMERoots        string        `env:"BRIDGE_ACME_ROOTS" about:"a PEM file with root certificates to verify a private ACME server. Empty: the system's roots"`
	Insecure         string        `env:"BRIDGE_INSECURE" envDefault:"off" about:"on: allows plain http to a voice, Twilio, a tool or a service on another host, and a database on another host without verified TLS"`
	TwilioAccountSID string        `env:"TWILIO_ACCOUNT_SID" about:"the Twilio account. Required by serve"`
	TwilioAuthToken  string        `env:"TWILIO_AUTH_TOKEN" about:"verifies Twilio's requests, and authenticates REST requests without an API key; two, comma-separated, while rotating. Required by serve"`
	TwilioAPIKey     string        `env:"TWILIO_API_KEY" about:"authenticates REST requests, if set"`
	TwilioAPISecret  string        `env:"TWILIO_API_SECRET" about:"the secret of TWILIO_API_KEY"`
	TwilioAPIURL     string        `env:"TWILIO_API_URL" envDefault:"https://api.twilio.com" about:"another host, for tests or a compatible carrier"`
	HumeAPIKey       string        `env:"HUME_API_KEY" about:"for agents with voice: evi, and for expression: decisions and measurement. By Hume's announcement hosted EVI ended on 2026-11-13: bridge doctor names the line that changes the voice"`
	HumeSecretKey    string        `env:"HUME_SECRET_KEY" about:"the secret of HUME_API_KEY. If set, EVI connections use 30-minute tokens instead of the key"`
	HumeAPIURL       string        `env:"HUME_API_URL" envDefault:"https://api.hume.ai" about:"REST and, over ws or wss, the EVI socket /v0/evi/chat"`
	HumeSigningKey   string        `env:"HUME_WEBHOOK_SIGNING_KEY" about:"the keys that sign Hume's webhooks (POST /hume/webhook), comma-separated; without one, all webhooks are refused"`
	OpenAIAPIKey     string        `env:"OPENAI_API_KEY" about:"for agents with voice: realtime"`
	RealtimeURL      string        `env:"REALTIME_URL" envDefault:"wss://api.openai.com/v1/realtime" about:"the URL of the realtime agent"`
	MaxCalls         int           `env:"BRIDGE_MAX_CALLS" envDefault:"500" about:"the maximum number of live calls on this instance; further calls are politely refused"`
	MaxCallDuration  time.Duration `env:"BRIDGE_MAX_CALL_DURATION" envDefault:"1h" about:"the maximum duration of a call, announced to the caller one minute before the end"`
	DrainTimeout     time.Duration `env:"BRIDGE_DRAIN_TIMEOUT" envDefault:"30m" about:"how long the service waits for live calls after SIGTERM; a second signal ends them"`
	TrustProxy       string        `env:"BRIDGE_TRUST_PROXY" about:"addresses or networks, comma-separated, of the proxy whose X-Forwarded-For is trusted"`
	DrainDelay       time.Duration `env:"BRIDGE_DRAIN_DELAY" envDefault:"5s" about:"how long an idle service keeps answering after SIGTERM, so that a load balancer sees /readyz fail first; Ctrl-C does not wait"`
	Migrate          string        `env:"BRIDGE_MIGRATE" envDefault:"on" about:"off: serve does not migrate the schema"`
	LogLevel         string        `env:"BRIDGE_LOG_LEVEL" envDefault:"info" about:"debug, info, warn or error"`
	LogFormat        string        `env:"BRIDGE_LOG_FORMAT" about:"json, or console (the default on a terminal)"`
}

// Setting is one row of the table of settings.
type Setting struct{ Name, Default, About string }

// Settings lists all variables in the order in which they are understood.
func Settings() []Setting {
	var list []Setting
	t := reflect.TypeFor[Environment]()
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		list = append(list, Setting{tag.Get("env"), tag.Get("envDefault"), tag.Get("about")})
	}
	return list
}

// Variables is the environment of the process over what .env says, with X read
// from the file that X_FILE names.
func Variables(osEnv []string, dotenv string) (map[string]string, []error) {
	if info, err := os.Stat(dotenv); err == nil && info.Size() > maxFile {
		return map[string]string{}, []error{fmt.Errorf("%s has %d bytes: want at most %d", dotenv, info.Size(), maxFile)}
	}
	vars, err := godotenv.Read(dotenv)
	var problems []error
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		problems = append(problems, fmt.Errorf("%s: not of the form NAME=value: %s", dotenv, firstLine(err)))
	}
	if vars == nil {
		vars = map[string]string{}
	}
	for _, kv := range osEnv {
		name, value, _ := strings.Cut(kv, "=")
		vars[name] = value
	}
	for _, s := range Settings() {
		if err := fillFromFile(vars, s.Name); err != nil {
			problems = append(problems, err)
		}
	}
	return vars, problems
}

// firstLine is an error's first line without what it may quote of a secret.
func firstLine(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	text, _, _ = strings.Cut(text, " near ")
	return text
}

// ParseEnvironment reads the settings. Every one that is of the wrong form is a
// problem of its own.
func ParseEnvironment(vars map[string]string) (Environment, []error) {
	filled := map[string]string{}
	for _, s := range Settings() {
		if v := vars[s.Name]; v != "" { // empty counts as not set
			filled[s.Name] = v
		}
	}
	e, err := env.ParseAsWithOptions[Environment](env.Options{Environment: filled})
	var problems []error
	var all env.AggregateError
	if errors.As(err, &all) {
		for _, err := range all.Errors {
			problems = append(problems, named(err))
		}
	} else if err != nil {
		problems = append(problems, err)
	}
	return e, problems
}

// named names a setting of the wrong form by its variable and not by our field.
func named(err error) error {
	var bad env.ParseError
	if !errors.As(err, &bad) {
		return err
	}
	f, _ := reflect.TypeFor[Environment]().FieldByName(bad.Name)
	want := map[reflect.Kind]string{reflect.Int: "a whole number", reflect.Int64: "a duration such as 90s, 30m or 1h"}[f.Type.Kind()]
	return fmt.Errorf("%s: want %s", f.Tag.Get("env"), want)
}

// unknownVariables are variables that begin as ours do, and that nothing reads.
func (c *Config) unknownVariables() (texts []string) {
	var names []string
	for _, s := range Settings() {
		names = append(names, s.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Vars)) {
		known := slices.Contains(names, name) || slices.Contains(names, strings.TrimSuffix(name, "_FILE"))
		if known || !strings.HasPrefix(name, "BRIDGE_") || c.File != nil && c.File.mentions(name) {
			continue
		}
		text := name + ": unknown setting"
		if close := Suggest(name, names); len(close) > 0 {
			text += ": did you mean " + strings.Join(close, " or ") + "?"
		}
		texts = append(texts, text)
	}
	return texts
}

// mentions tells whether bridge.yaml names a variable.
func (f *File) mentions(name string) bool {
	return f.root != nil && f.holds(f.root, name)
}

func (f *File) holds(n *yaml.Node, text string) bool {
	return n.Kind == yaml.ScalarNode && strings.Contains(n.Value, text) ||
		slices.ContainsFunc(n.Content, func(child *yaml.Node) bool { return f.holds(child, text) })
}
