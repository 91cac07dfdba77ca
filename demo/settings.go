package demo

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// The telephone numbers of the support call, both fictional, and the one that reminders
// come from. That and those in people.go can't be of the kind that is kept for fiction,
// 555-01XX: the gate calls no such number.
const (
	callerNumber    = "+14155550142"
	calledNumber    = "+14155550100"
	remindersNumber = "+14155552100"
)

var (
	//go:embed bridge.yaml
	bridgeYAML string
	//go:embed policy.yaml
	policyYAML []byte
)

// settings are what the service is started with. All secrets are made up for one run.
type settings struct {
	dir         string // where it finds its files and keeps its data
	temp        string // for temporary files; empty: the system's
	listen      string // host:port
	twilioURL   string
	voices      [2]string // who answers, and who takes over
	humeURL     string
	realtimeURL string
	crmURL      string
	apiToken    string
	authToken   string
	humeKey     string
	openAIKey   string
	crmToken    string
}

// account is the Twilio account that the telephone belongs to.
const account = "AC00000000000000000000000000000d39"

func newSettings(dir, voice string) (settings, error) {
	secret := func() string { return strings.ToLower(rand.Text() + rand.Text()) } // 260 bits: a key of the API has at least 32 characters
	s := settings{dir: dir, apiToken: secret(), authToken: secret(), humeKey: secret(), openAIKey: secret(), crmToken: secret(),
		voices: [2]string{voiceEVI, voiceRealtime}}
	if voice == voiceRealtime {
		s.voices = [2]string{voiceRealtime, voiceEVI}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // a free port, found by taking it for a moment
	if err != nil {
		return s, err
	}
	s.listen = l.Addr().String()
	return s, l.Close()
}

// url is where the service is.
func (s settings) url() string { return "http://" + s.listen }

// environment is all that the service gets of ours, and nothing of the user's own
// configuration: only what programs need to run at all.
func (s settings) environment() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	if s.temp != "" {
		env = append(env, "TMPDIR="+s.temp) // of a name given twice the last counts
	}
	env = append(env, s.addresses()...)
	return append(env, "BRIDGE_CONFIG=bridge.yaml", "BRIDGE_DATA_DIR=data", "OFFICE_TOKEN="+s.crmToken,
		"BRIDGE_DRAIN_TIMEOUT=1s", "BRIDGE_DRAIN_DELAY=0s", "BRIDGE_LOG_FORMAT=console", "NO_COLOR=1")
}

// addresses is where the service, the simulated Twilio and the agent are, with their keys, as
// settings of the bridge: with them each of its commands reaches this service.
func (s settings) addresses() []string {
	return []string{
		"BRIDGE_LISTEN=" + s.listen, "PUBLIC_URL=" + s.url(), "BRIDGE_API_TOKEN=" + s.apiToken,
		"TWILIO_ACCOUNT_SID=" + account, "TWILIO_AUTH_TOKEN=" + s.authToken, "TWILIO_API_URL=" + s.twilioURL,
		"HUME_API_KEY=" + s.humeKey, "HUME_API_URL=" + s.humeURL,
		"OPENAI_API_KEY=" + s.openAIKey, "REALTIME_URL=" + s.realtimeURL,
	}
}

// write puts the service's files into its folder.
func (s settings) write(l *lines) error {
	t, err := template.New("bridge.yaml").Parse(bridgeYAML)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = t.Execute(&b, struct{ Voices, Office, Greeting, Reminder, Support, Reminders string }{
		strings.Join(s.voices[:], ", "), s.crmURL, l.greeting.text, l.reminder.text, calledNumber, remindersNumber})
	if err != nil {
		return err
	}
	files := map[string][]byte{"bridge.yaml": b.Bytes(), "policy.yaml": policyYAML}
	for _, name := range []string{"greeting.wav", "outbound-reminder.wav"} {
		if files[name], err = clips.ReadFile("audio/agent/" + name); err != nil {
			return err
		}
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(s.dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// makeFolder makes the temporary folder, in temp or where the system has such. Others may pass through it, but not look: where
// the demo runs as root, Postgres runs as somebody else and has its data in there.
func makeFolder(temp string) (string, error) {
	dir, err := os.MkdirTemp(temp, "patchcord-demo-")
	if err != nil {
		return "", fmt.Errorf("a temporary folder: %w", err)
	}
	return dir, os.Chmod(dir, 0o711)
}
