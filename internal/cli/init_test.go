package cli

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/service"
)

// dialog runs a command on a terminal and answers what it asks: each answer is typed when its
// question is on the screen.
func dialog(t *testing.T, answers [][2]string, args ...string) (screen string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(with(t), self, args...)
	cmd.Env = append(os.Environ(), asCommand+"=1", "NO_COLOR=1")
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	var all bytes.Buffer
	piece := make([]byte, 4096)
	for seen := 0; ; {
		n, err := tty.Read(piece) // an error when the other side is closed
		all.Write(piece[:n])
		if err != nil {
			break
		}
		for len(answers) > 0 {
			at := strings.Index(all.String()[seen:], answers[0][0])
			if at < 0 {
				break
			}
			seen += at + len(answers[0][0])
			if _, err := tty.WriteString(answers[0][1] + "\r"); err != nil {
				t.Fatal(err)
			}
			answers = answers[1:]
		}
	}
	_ = cmd.Wait() // the screen says how it ended
	if len(answers) > 0 {
		t.Errorf("it never asked %q:\n%s", answers[0][0], all.String())
	}
	return all.String()
}

// The first steps: questions on a terminal, answers, two files with the right modes that the
// program reads, secrets that the screen never shows, and the doctor.
func TestInitAsksOnATerminal(t *testing.T) {
	configtest.In(t, nil)
	t.Setenv("DATABASE_URL", "") // in() unset it
	os.Unsetenv("DATABASE_URL")
	answers := [][2]string{
		{"Legal name", "Riverbend Dental \"West\" LLC"}, {"Twilio number", "what"}, {"Twilio number", "(628) 235-0100"},
		{"Voice", "tuba"}, {"Voice", ""}, {"DATABASE_URL", "postgres://b:p$w#1@127.0.0.1:1/b"}, {"Public address", "http://voice.example.com"},
		{"Public address", "https://127.0.0.1:1"}, {"account SID", "AC0"}, {"account SID", "AC00000000000000000000000000000001"},
		{"auth token", "hush-hush"}, {"OPENAI_API_KEY", "sk-hush"},
	}
	screen := dialog(t, answers, "init")
	for _, want := range []string{"want a telephone number", "want realtime, evi or desk", "http is only allowed for loopback", "wrote .env", "wrote bridge.yaml", "2 number(s)"} {
		if want = strings.Replace(want, "2 number", "1 number", 1); !strings.Contains(screen, want) {
			t.Errorf("nothing of %q on the screen:\n%s", want, screen)
		}
	}
	if strings.Contains(screen, "hush") {
		t.Errorf("a secret is shown:\n%s", screen)
	}
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	if c.TwilioAuthToken != "hush-hush" || c.OpenAIAPIKey != "sk-hush" || c.DatabaseURL != "postgres://b:p$w#1@127.0.0.1:1/b" || len(c.APIToken) != 64 || c.MasterKey == "" {
		t.Errorf("read back: %+v", c.Environment)
	}
	if s := c.File.Sellers["riverbend-dental-west-llc"]; s.LegalName != `Riverbend Dental "West" LLC` || s.CallbackNumber != ours {
		t.Errorf("sellers: %+v", c.File.Sellers)
	}
	if a, ok := c.File.Numbers[ours]; !ok || a.Agent != "reception" {
		t.Errorf("numbers: %+v", c.File.Numbers)
	}
	for name, mode := range map[string]os.FileMode{".env": 0o600, "bridge.yaml": 0o644} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v, want %v", name, info.Mode(), err, mode)
		}
	}

	before, _ := os.ReadFile(".env")
	screen = dialog(t, append([][2]string{{"Legal name", "Other LLC"}, {"Twilio number", ours}, {"Voice", "desk"}, {"DATABASE_URL", ""}, {"Public address", ""},
		{"account SID", ""}, {"auth token", ""}}, [2]string{".env already exists", "no"}), "init")
	if after, _ := os.ReadFile(".env"); !bytes.Equal(before, after) || !strings.Contains(screen, "nothing was written") {
		t.Errorf("it wrote all the same:\n%s", screen)
	}
}

// Without a terminal flags answer, what is there is not replaced, and a master key outlives it.
func TestInitByFlags(t *testing.T) {
	configtest.In(t, nil)
	t.Setenv("TWILIO_AUTH_TOKEN", "from the environment")
	flags := []string{"init", "--seller", "Riverbend LLC", "--number", ours, "--voice", "desk", "--public-url", "https://127.0.0.1:1"}
	exits(t, exitDone, flags, "wrote .env", "TWILIO_ACCOUNT_SID")
	first, err := config.LoadEnvironment()
	if err != nil || first.TwilioAuthToken != "from the environment" {
		t.Fatalf("%+v, %v", first, err)
	}
	exits(t, exitUsage, flags, ".env already exists", "--force")
	exits(t, exitDone, append(flags, "--force"), "wrote .env")
	if again, err := config.LoadEnvironment(); err != nil || again.MasterKey != first.MasterKey || again.MasterKey == "" {
		t.Errorf("the master key was replaced: %v", err)
	}
	files, err := os.ReadDir(".")
	if err != nil || len(files) < 5 { // two of them old ones
		t.Errorf("nothing was kept beside: %v, %v", files, err)
	}
	for _, wrong := range [][]string{{"--seller", "-"}, {"--number", "12"}, {"--voice", "tuba"}, {"--database", "mysql://x"}, {"--public-url", "http://x.test"}, {"--account", "AC1"}} {
		exits(t, exitUsage, append(flags, append(wrong, "--force")...), ": ")
	}

	configtest.In(t, map[string]string{"data/master.key": service.RandomKey() + "\n"})
	exits(t, exitDone, flags, "wrote .env")
	if c, err := config.LoadEnvironment(); err != nil || c.MasterKey != "" {
		t.Errorf("a new master key beside the one in data: %v", err)
	}
	exits(t, exitUsage, []string{"init"}, "--seller")
}
