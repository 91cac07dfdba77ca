package cli

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/joho/godotenv"
	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/service"
)

// Modes of the files that init writes: .env holds secrets, the others none.
const (
	secretMode = 0o600
	openMode   = 0o644
)

// firstFile is a file that init writes.
type firstFile struct {
	name, text string
	mode       os.FileMode
}

// write writes the files, or none of them if one may not be replaced.
func (s setup) write(q *questions, config string) error {
	old, err := godotenv.Read(".env")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		old = map[string]string{} // no use for what can't be read; it is kept beside
	}
	env, err := s.env(old)
	if err != nil {
		return err
	}
	structure, err := s.structure()
	if err != nil {
		return err
	}
	files := []firstFile{{".env", env, secretMode}, {config, structure, openMode}}
	for _, f := range files {
		if _, err := os.Lstat(f.name); err == nil {
			if err := q.mayReplace(f.name); err != nil {
				return err
			}
		}
	}
	prompt := filepath.Join(filepath.Dir(config), firstPrompt)
	if _, err := os.Lstat(prompt); errors.Is(err, os.ErrNotExist) {
		files = append(files, firstFile{prompt, promptText, openMode})
	}
	for _, f := range files {
		if err := f.put(); err != nil {
			return err
		}
		plain.Printf("wrote %s\n", f.name)
	}
	return nil
}

// put writes a file; what is there under its name is kept beside it.
func (f firstFile) put() error {
	if err := os.MkdirAll(filepath.Dir(f.name), 0o755); err != nil { //nolint:gosec // prompts are no secret
		return err
	}
	err := os.Rename(f.name, f.name+".old-"+time.Now().UTC().Format("20060102-150405"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	w, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode)
	if err != nil {
		return err
	}
	_, err = w.WriteString(f.text)
	return errors.Join(err, w.Chmod(f.mode), w.Close())
}

// env is the text of .env. The keys that an earlier one holds stay: the ledger can't be read
// without its master key. A key that is kept in the data folder counts as well.
func (s setup) env(old map[string]string) (string, error) {
	token := make([]byte, 32)
	rand.Read(token)
	values := map[string]string{"PUBLIC_URL": s.publicURL, "DATABASE_URL": s.database, "TWILIO_ACCOUNT_SID": s.account,
		"TWILIO_AUTH_TOKEN": s.authToken, "BRIDGE_API_TOKEN": hex.EncodeToString(token), "BRIDGE_MASTER_KEY": service.RandomKey()}
	dir := "data"
	if d := old["BRIDGE_DATA_DIR"]; d != "" {
		dir, values["BRIDGE_DATA_DIR"] = d, d
	}
	if _, err := os.Lstat(filepath.Join(dir, "master.key")); err == nil {
		values["BRIDGE_MASTER_KEY"] = ""
	}
	for _, name := range []string{"BRIDGE_MASTER_KEY", "BRIDGE_SIGNING_SECRET"} {
		if old[name] != "" {
			values[name] = old[name]
		}
	}
	if name := voiceKeys[s.voice]; name != "" {
		values[name] = s.voiceKey
	}
	required := map[string]bool{"PUBLIC_URL": true, "TWILIO_ACCOUNT_SID": true, "TWILIO_AUTH_TOKEN": true, voiceKeys[s.voice]: true}
	var b strings.Builder
	b.WriteString("# Written by bridge init. It holds secrets: keep it out of version control. .env.example lists every setting.\n")
	for _, of := range config.Settings() {
		v := values[of.Name]
		if v == "" && !required[of.Name] {
			continue
		}
		line, err := godotenv.Marshal(map[string]string{of.Name: v})
		if err != nil {
			return "", fmt.Errorf("%s: %w", of.Name, err)
		}
		fmt.Fprintf(&b, "\n# %s\n%s\n", of.About, line)
	}
	return b.String(), nil
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// sellerKey is a key of bridge.yaml for a legal name.
func sellerKey(name string) string {
	key := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if key = strings.Trim(key[:min(len(key), 40)], "-"); key == "" {
		return "business"
	}
	return key
}

// structure is the text of bridge.yaml.
func (s setup) structure() (string, error) {
	n, err := parseNumber(s.number)
	if err != nil {
		return "", err
	}
	voice := s.voice
	if voice != config.VoiceDesk { // which answers when the other can't
		voice = "[" + voice + ", " + config.VoiceDesk + "]"
	}
	var b bytes.Buffer
	err = firstYAML.Execute(&b, map[string]string{"Key": sellerKey(s.seller), "Name": s.seller, "Number": n.E164(), "Voice": voice, "Prompt": firstPrompt})
	return b.String(), err
}

// firstYAML is bridge.yaml for one number. A scalar is quoted by the YAML library.
var firstYAML = template.Must(template.New("bridge.yaml").Funcs(template.FuncMap{"scalar": func(v string) (string, error) {
	b, err := yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Style: yaml.DoubleQuotedStyle, Value: v})
	return strings.TrimSpace(string(b)), err
}}).Parse(`# Written by bridge init. bridge.example.yaml shows every setting; bridge doctor checks this file.

sellers:                 # on whose behalf calls are made; consent belongs to a seller
  {{.Key}}:
    legal_name: {{scalar .Name}}
    callback_number: {{scalar .Number}}

agents:                  # who answers
  reception:
    seller: {{.Key}}
    voice: {{.Voice}}
    prompt_file: {{.Prompt}}
    variables: {business: {{scalar .Name}}}
    opening:             # spoken first, and in full
      text: {{scalar (print "Thanks for calling " .Name ". I'm an AI assistant. How can I help?")}}
    tools: [take_message, stop_calling, end_call]
    fallback:            # when the agent can't serve the caller
      say: "Sorry, we can't take your call right now."

numbers:
  {{scalar .Number}}: reception
`))

// firstPrompt is where the prompt of init's agent is.
const firstPrompt = "prompts/reception.md"

const promptText = `You answer the telephone for {{business}}. Callers hear you; they read nothing.

- Speak in short, plain sentences, one question at a time. No lists, no links, no symbols.
- Read numbers and dates back before you use them.
- When you can't help, offer to take a message with take_message: who calls, about what, and the number to call back.
- If the caller wants no more calls, use stop_calling at once.
- Say goodbye, then use end_call, when the caller is done.
- If you are asked whether you are a person: you are an AI assistant.
`
