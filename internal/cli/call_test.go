package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

func TestCallCommand(t *testing.T) {
	b := serving(t)
	refused := exits(t, exitRefused, append([]string{"call"}, ask("(212) 235-2671")...), "DENIED", "consent.missing", "law    47 USC 227", "bridge consent grant", "reassigned")
	if strings.Contains(refused.out, "2352671") {
		t.Errorf("a refusal repeats the number:\n%s", refused.out)
	}
	if lines := strings.Split(refused.out, "\n"); !strings.HasPrefix(lines[0], "DENIED") {
		t.Errorf("the verdict does not come first: %q", lines[0])
	}
	refused = exits(t, exitRefused, append([]string{"call", "--json"}, ask(person)...))
	var doc struct{ Decision consent.Decision }
	if err := json.Unmarshal([]byte(refused.out), &doc); err != nil || doc.Decision.Outcome != consent.Deny || refused.err != "" {
		t.Errorf("as JSON: %v %s%s", err, refused.out, refused.err)
	}

	b.cleared()
	done := exits(t, exitFailed, append([]string{"call", "--var", "name=Dana"}, ask("212.235.2671")...), "ALLOWED", "call_", "busy after")
	if strings.Contains(done.out, "\x1b") {
		t.Error("colours outside a terminal")
	}
	if n := len(b.callee.Calls()); n != 1 {
		t.Errorf("%d calls were placed", n)
	}
	exits(t, exitRefused, append([]string{"call"}, ask(person)...), "frequency.policy") // one a day
	if n := len(b.callee.Calls()); n != 1 {
		t.Errorf("%d calls were placed", n)
	}
}

func TestCallCommandAsJSON(t *testing.T) {
	b := serving(t)
	b.cleared()
	done := exits(t, exitFailed, append([]string{"call", "--json"}, ask(person)...))
	lines := strings.Split(strings.TrimSpace(done.out), "\n")
	for _, l := range lines {
		if !json.Valid([]byte(l)) {
			t.Errorf("a line is %s", l)
		}
	}
	if !strings.Contains(lines[0], `"outcome":"allow"`) || !strings.Contains(lines[len(lines)-1], `"outcome":"busy"`) {
		t.Errorf("got %s", done.out)
	}
}

// The same key asks for the same call.
func TestCallCommandTwice(t *testing.T) {
	b := serving(t)
	b.cleared()
	args := append([]string{"call", "--no-wait", "--key", "k"}, ask(person)...)
	one := exits(t, exitDone, args, "ALLOWED")
	two := exits(t, exitDone, args, "ALLOWED")
	if one.out != two.out || len(b.callee.Calls()) > 1 {
		t.Errorf("got\n%s\nand\n%s, and %d calls", one.out, two.out, len(b.callee.Calls()))
	}
}

func TestWrongUsage(t *testing.T) {
	serving(t)
	for _, args := range [][]string{
		{"call"}, {"call", person}, {"call", "12", "--agent", "reminders"}, {"call", person, "--agent", "reminders", "--from", "x"}, {"call", person, "--agent", "reminders", "--colour", "red"},
		{"call", person, "--agent", "nobody"}, {"call", person, "--agent", "harbor"}, {"call", person, "--agent", "reminders", "--zone", "Mars"},
		{"consent"}, {"consent", "grant", person}, {"consent", "grant", person, "--seller", "nobody", "--purpose", "informational", "--source", "phone"},
		{"consent", "grant", person, "--seller", "riverbend", "--purpose", "fun", "--source", "phone", "--text", "yes"}, {"consent", "grant", person, "--seller", "riverbend", "--tier", "oral", "--purpose", "research", "--source", "phone"},
		{"consent", "revoke", "12", "--seller", "riverbend"}, {"consent", "revoke", person}, {"consent", "revoke", person, "--seller", "riverbend", "--at", "yesterday"},
		{"consent", "show", "12"}, {"consent", "check", "12", "--agent", "reminders"}, {"consent", "erase", person}, {"consent", "erase", person, "--why", "asked"},
		{"consent", "export", "--number", "12"}, {"consent", "import"}, {"nothing"},
	} {
		exits(t, exitUsage, args)
	}
	for _, args := range [][]string{ // the service's 400 is wrong usage, whoever asks; a filter that names nobody is one
		{"calls", "list", "--agent", "nobody"}, {"calls", "list", "--outcome", "bussy"}, {"calls", "list", "--limit", "500"}, {"calls", "list", "--cursor", "x"},
		{"calls", "messages", "--agent", "nobody"}, {"remind", "list", "--agent", "nobody"}, {"remind", "list", "--status", "done?"},
		{"consent", "export", "--seller", "nobody", "-"}, {"consent", "release", "--seller", "nobody", "--agent", "a", "--purpose", "p", "--by", "b", "--reason", "r"},
	} {
		exits(t, exitUsage, args, "400")
	}
	for _, list := range [][]string{{"calls", "list"}, {"calls", "messages"}, {"remind", "list"}, {"audit"}} {
		exits(t, exitUsage, append(list, "--limit", "0"), "--limit: want 1 or more")
	}
	exits(t, exitFailed, []string{"consent", "import", "nowhere.csv"}, "no such file")
	exits(t, exitFailed, []string{"consent", "verify", "nowhere.zip"})
	exits(t, exitDone, []string{"call", "--help"}, "exit code is 3")
}

// Without a service, or without the right token, nothing is done.
func TestNoService(t *testing.T) {
	configtest.In(t, map[string]string{".env": "BRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef\nBRIDGE_LISTEN=127.0.0.1:1\n"})
	exits(t, exitFailed, []string{"call", person, "--agent", "reminders"}, "is it running?")
	exits(t, exitFailed, []string{"consent", "check", person, "--agent", "reminders"}, "is it running?")
	exits(t, exitFailed, []string{"consent", "verify"}, "is it running?")
	configtest.In(t, nil)
	exits(t, exitUsage, []string{"consent", "show", person}, "BRIDGE_API_TOKEN")
}

func TestWrongToken(t *testing.T) {
	b := serving(t)
	t.Setenv("BRIDGE_LISTEN", b.s.Listener.Addr().String())
	t.Setenv("BRIDGE_API_TOKEN", "wrong")
	exits(t, exitFailed, []string{"consent", "show", person}, "401")
	exits(t, exitFailed, []string{"call", person, "--agent", "reminders"}, "401")
}
