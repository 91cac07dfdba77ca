package config

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/config/configtest"
)

func TestLoadTakesTheLeastThatServes(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": configtest.EnoughYAML})
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != ":8080" || c.MaxCalls != 500 || c.MaxCallDuration != time.Hour || c.DrainTimeout != 30*time.Minute {
		t.Errorf("defaults are %+v", c.Environment)
	}
}

func TestEnvironmentIsOverDotenvAndFilesFillIn(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "BRIDGE_MAX_CALLS=7\n", "bridge.yaml": configtest.EnoughYAML, "secret": "from a file\n"})
	t.Setenv("BRIDGE_MAX_CALLS", "9")
	t.Setenv("HUME_SECRET_KEY_FILE", "secret")
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if c.MaxCalls != 9 || c.HumeSecretKey != "from a file" {
		t.Errorf("MaxCalls %d, HumeSecretKey %q", c.MaxCalls, c.HumeSecretKey)
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	tests := map[string]struct {
		env, yaml string
		want      []string
	}{
		"everything missing": {"", "", []string{"PUBLIC_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "agents"}},
		"wrong forms": {
			"PUBLIC_URL=http://voice.example.com\nBRIDGE_MAX_CALLS=many\nBRIDGE_MAX_CALL_DURATION=long\nBRIDGE_LOG_LEVEL=loud\nBRIDGE_MASTER_KEY=c2hvcnQ=\nTWILIO_API_KEY=SK1\nHUME_WEBHOOK_SIGNING_KEY=\" , \"\nHUME_SECRET_KEY=s\n",
			configtest.EnoughYAML,
			[]string{"PUBLIC_URL: http is only allowed for loopback", "BRIDGE_MAX_CALLS: want a whole number", "BRIDGE_MAX_CALL_DURATION: want a duration",
				"BRIDGE_LOG_LEVEL: want one of debug", "BRIDGE_MASTER_KEY: want 32 bytes", "TWILIO_API_SECRET", "HUME_WEBHOOK_SIGNING_KEY: want one or more keys", "HUME_SECRET_KEY: requires HUME_API_KEY"},
		},
		"unknown keys, each with its line": {configtest.EnoughEnv, "sellers:\n  s: {legal_name: S, nmae: x}\nagents:\n  a:\n    seller: s\n    opnening: {}\n",
			[]string{"line 2: unknown key nmae", "line 6: unknown key opnening"}},
		"references to nobody": {configtest.EnoughEnv, "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: nobody\n    tools: [end_call, no_such_tool]\nnumbers:\n  \"+14155550100\": b\n  \"555\": a\n",
			[]string{"line 5: agents.a.seller", "line 6: agents.a.tools.1: unknown tool no_such_tool", "line 8: numbers.+14155550100: unknown agent", "line 9: numbers.555: want a number"}},
		"values out of bounds": {configtest.EnoughEnv,
			"sellers:\n  s: {legal_name: S LLC, callback_number: \"12\"}\nagents:\n  a:\n    seller: s\n    evi: {input_rate: 4000}\n    interruption: {after: 3s, words: 11}\n    opening: {clip: nowhere.wav}\n    voicemail: maybe\n    purpose: fun\n    fallback: {dial: help}\ntools:\n  t: {http: {url: \"https://x.example\", headers: {A: \"${NO_SUCH}\"}}}\nmcp:\n  m: {}\npolicy: nowhere.yaml\n",
			[]string{"line 2: sellers.s.callback_number", "line 6: agents.a.evi.input_rate: want 8000 to 48000 Hz", "line 7: agents.a.interruption.after: want 50ms to 2s", "agents.a.interruption.words: want 1 to 10 words", "agents.a.opening.text", "agents.a.voicemail: want one of hang_up, leave_message",
				"agents.a.purpose", "agents.a.fallback.dial", "the environment has no NO_SUCH", "mcp.m: want either url or command", "line 16: policy: file not found"}},
		"tools out of bounds": {configtest.EnoughEnv + "SHORT=c2hvcnQ=\n", configtest.EnoughYAML + "tools:\n  a:\n    secret: [pin, \"\"]\n    interruption: perhaps\n    http:\n      url: \"https://x.example\"\n      method: GET\n      sign: SHORT\n      max_response: 70000\n" +
			"  b: {http: {url: \"https://x.example\", sign: whsec_c2VjcmV0}}\n  c: {http: {url: \"https://x.example\", sign: bm90YXZhcmlhYmxl, retry: 3}}\n  d: {timeout: 10m}\n",
			[]string{"line 9: tools.a.secret.1: want the name of a field", "line 10: tools.a.interruption: want one of carry_on, cancel", "line 14: tools.a.http.sign: GET requests have no body to sign", "tools.a.http.sign: SHORT: want 24 to 64 bytes in base64",
				"line 15: tools.a.http.max_response: want 1 to 65536 bytes", "line 16: tools.b.http.sign: the environment has no variable with this name", "line 17: unknown key retry", "tools.d.timeout", "tools.d.http: required"}},
		"transfers and keys": {configtest.EnoughEnv,
			"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    transfer_to:\n      sales: \"+14155550199\"\n      Sales: \"+14155550198\"\n      \"4155550197\": \"+14155550197\"\n      desk: ring\n      door: {}\n      hall: \"\"\n    keys: {\"0\": transfer, \"12\": end_call, \"9\": end_call}\n  b: {seller: s, keys: {\"0\": transfer_call}}\n  c: {seller: s, transfer_to: [x]}\n  d: {seller: s, transfer_to: \"12\"}\n",
			[]string{"line 8: agents.a.transfer_to.Sales: duplicate name", "line 9: agents.a.transfer_to.4155550197: want a name", "line 10: agents.a.transfer_to.desk: want a number",
				"line 11: transfer_to.door: want a number", "line 12: agents.a.transfer_to.hall: want a number", "line 13: agents.a.keys.0: want one of transfer_call, end_call",
				"line 13: agents.a.keys.12: want a key", "line 13: agents.a.keys.9: key 9", "line 14: agents.b.keys.0: transfer_call requires a transfer_to",
				"line 15: transfer_to: want a number, or names", "line 16: agents.d.transfer_to: want a number"}},
		"voices": {configtest.EnoughEnv, "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a: {seller: s, voice: [evi, desk, evi]}\n  b: {seller: s, voice: {}}\n  c: {seller: s, voice: [sung]}\n",
			[]string{"agents.a.voice.1: desk always answers", "agents.a.voice.2: duplicate", "line 5: voice: want a voice, or a list of them", "agents.c.voice.0: want one of evi, realtime, desk"}},
		"a realtime voice without a key": {configtest.EnoughEnv, "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a: {seller: s, voice: realtime}\n", []string{"line 4: agents.a.voice: an agent with voice: realtime needs OPENAI_API_KEY"}},
		"how long a call is remembered": {configtest.EnoughEnv,
			"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a: {seller: s, remember: 59s}\n  b: {seller: s, remember: 24h1s}\n  c: {seller: s, remember: -15m}\n  d: {seller: s, remember: 15}\n  e: {seller: s, remember: a while}\n",
			[]string{"line 4: agents.a.remember: 59s: want 1m to 24h", "line 5: agents.b.remember: 24h0m1s: want", "line 6: agents.c.remember: -15m0s: want", "line 7: ", "line 8: "}},
		"limits of calls that come in": {configtest.EnoughEnv,
			"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    limits:\n      caller: {at_once: 0}\n      number: {per_hour: 1000001, per_day: 3}\n      say: " + strings.Repeat("x", 1001) + "\n",
			[]string{"line 7: agents.a.limits.caller.at_once: want 1 to 1000000 calls", "line 8: agents.a.limits.number.per_hour: want 1 to", "line 8: unknown key per_day", "line 9: agents.a.limits.say: want at most 1000 bytes"}},
		"a realtime voice out of bounds": {configtest.EnoughEnv + "OPENAI_API_KEY=k\nX_KEY=k\n", "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    voice: [realtime]\n    variables: {two words: x, ok: \"a\\u0000\"}\n    realtime:\n      speed: 2\n      temperature: 0.7\n" +
			"      max_output_tokens: 5000\n      reasoning: hard\n      noise_reduction: near\n      greet: nobody\n      turn_detection: {type: semantic_vad, threshold: 2, silence_duration_ms: 5, eagerness: never}\n      transcription: {language: English, keywords: [\"\"]}\n" +
			"      prices: {m: {audio_in: -1}}\n      url: ws://voice.example/v1\n      colour: red\n  b: {seller: s, voice: realtime, realtime: {dialect: azure}}\n  c: {seller: s, voice: realtime, realtime: {dialect: klingon}}\n" +
			"  d: {seller: s, voice: realtime, realtime: {dialect: xai, key_env: X_KEY, turn_detection: semantic_vad, model: m, reasoning: low}}\n  e: {seller: s, voice: realtime, realtime: {key_env: sk-proj-1}}\n  f: {seller: s, voice: realtime, realtime: {key_env: NO_SUCH, url: \"wss://u:p@x\"}}\n",
			[]string{"agents.a.variables.two words: want a name of a letter", "agents.a.variables.ok: the value has a control character", "line 9: agents.a.realtime.speed: want 0.25 to 1.5", "line 10: agents.a.realtime.temperature: this dialect does not support temperature",
				"line 11: agents.a.realtime.max_output_tokens: want 1 to 4096", "realtime.reasoning: want one of minimal", "realtime.noise_reduction: want one of near_field", "realtime.greet: want one of agent, caller",
				"turn_detection.threshold: want 0 to 1", "turn_detection.threshold: only valid with server_vad", "turn_detection.silence_duration_ms: want 100 to 10000", "turn_detection.eagerness: want one of low",
				"transcription.language: want a language", "transcription.keywords.0: want 1 to 100 bytes", "realtime.prices.m: want 0 to 100000", "realtime.url: everything sent there would be unencrypted", "unknown key colour",
				"agents.b.realtime.key_env: required in the dialect azure", "agents.b.realtime.url: required in the dialect azure", "agents.b.realtime.model: required", "agents.c.realtime.dialect: want one of azure",
				"agents.d.realtime.turn_detection: want one of server_vad", "agents.e.realtime.key_env: want the name of a variable, not the key itself", "agents.f.realtime.key_env: the environment has no NO_SUCH", "agents.f.realtime.url: want an address"}},
		"a policy with holes": {configtest.EnoughEnv, configtest.EnoughYAML + "policy: policy.yaml\n",
			[]string{"policy.yaml: policy: line 2", "revoked", "policy.yaml: policy: line 3: unknown key colour"}},
		"no YAML at all": {configtest.EnoughEnv, "agents: [", []string{"bridge.yaml: line 1: want a value"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			configtest.In(t, map[string]string{".env": test.env, "bridge.yaml": test.yaml, "policy.yaml": "name: x\nswitched_off: [revoked]\ncolour: red\n"})
			_, err := Load()
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("nothing of %q in:\n%v", want, err)
				}
			}
			if strings.Contains(strings.ReplaceAll(err.Error(), ".secret", ""), "secret") || strings.Contains(err.Error(), "bm90YXZhcmlhYmxl") || strings.Contains(err.Error(), "c2VjcmV0") {
				t.Error("the error quotes a secret")
			}
		})
	}
}

func TestPublicURL(t *testing.T) {
	for url, ok := range map[string]bool{"https://voice.example.com": true, "https://voice.example.com/prefix": true, "http://127.0.0.1:8080": true,
		"http://localhost": true, "http://[::1]:80": true, "http://10.0.0.1": false, "ftp://x": false, "voice.example.com": false,
		"https://user:pass@voice.example.com": false, "https://voice.example.com/?a=b": false} {
		if err := CheckPublicURL(url); (err == nil) != ok {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestTheExampleIsWhole(t *testing.T) {
	b, err := os.ReadFile("../../bridge.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{".env": strings.ReplaceAll(configtest.EnoughEnv, "HUME_API_KEY", "OPENAI_API_KEY") + "CRM_TOKEN=x\n", "bridge.yaml": string(b)}
	for _, name := range []string{"prompts/support.md", "prompts/reminders.md"} {
		prompt, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(prompt)
	}
	configtest.In(t, files)
	if _, err := Load(); err != nil { // with no key of Hume's: the first steps need none
		t.Error(err)
	}
}

func TestThePolicyExampleIsWhole(t *testing.T) {
	b, err := os.ReadFile("../../policy.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": configtest.EnoughYAML + "policy: policy.yaml\n", "policy.yaml": string(b)})
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Policy()
	if err != nil || p.Caps.PerWeek != 2 || p.States["CO"].Sunday != "none" {
		t.Errorf("got %+v, %v", p, err)
	}
}

// .env.example says what the program says.
func TestSettingsAreDocumented(t *testing.T) {
	example, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Settings() {
		if line := fmt.Sprintf("# %s\n%s=%s\n", s.About, s.Name, s.Default); !strings.Contains(string(example), line) && !strings.Contains(string(example), "# "+s.About+"\n#"+s.Name+"="+s.Default+"\n") {
			t.Errorf(".env.example lacks\n%s", line)
		}
	}
	for line := range strings.Lines(string(example)) {
		name, _, ok := strings.Cut(strings.TrimPrefix(line, "#"), "=")
		if ok && !slices.ContainsFunc(Settings(), func(s Setting) bool { return s.Name == name }) {
			t.Errorf(".env.example names %s, which nothing reads", name)
		}
	}
}

// The kit takes every setting out of the environment, and the files with them.
func TestTheKitKnowsEverySetting(t *testing.T) {
	for _, s := range Settings() {
		if !configtest.IsSetting(s.Name) || !configtest.IsSetting(s.Name+"_FILE") {
			t.Errorf("configtest leaves %s in the environment", s.Name)
		}
	}
}
