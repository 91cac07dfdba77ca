package tools

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

func TestNewMCPChecksItsConfiguration(t *testing.T) {
	command := []string{"calendar-mcp"}
	for name, test := range map[string]struct {
		config MCPConfig
		want   []string // of the error; none for a good one
	}{
		"command":            {MCPConfig{Name: "calendar", Command: command, Env: []string{"TOKEN=x"}, Timeout: time.Second}, nil},
		"address":            {MCPConfig{Name: "calendar", URL: "https://mcp.example/", Headers: map[string]string{"Authorization": "x"}}, nil},
		"nothing":            {MCPConfig{Name: "calendar"}, []string{"mcp calendar: want either a url or a command"}},
		"both":               {MCPConfig{Name: "calendar", URL: "https://mcp.example/", Command: command}, []string{"want either"}},
		"no name":            {MCPConfig{Command: command}, []string{"name does not match"}},
		"a dot in the name":  {MCPConfig{Name: "a.b", Command: command}, []string{"name does not match"}},
		"empty program":      {MCPConfig{Name: "calendar", Command: []string{""}}, []string{"command: empty"}},
		"a command's header": {MCPConfig{Name: "calendar", Command: command, Headers: map[string]string{"A": "b"}}, []string{"headers: only valid with a url"}},
		"an address's env":   {MCPConfig{Name: "calendar", URL: "https://mcp.example/", Env: []string{"A=b"}}, []string{"env and dir: only valid with a command"}},
		"not a variable":     {MCPConfig{Name: "calendar", Command: command, Env: []string{secret}}, []string{"env: want NAME=value"}},
		"times":              {MCPConfig{Name: "calendar", Command: command, Timeout: time.Hour, Start: -1}, []string{"timeout 1h0m0s is not between", "start -1ns is not between"}},
		"scheme":             {MCPConfig{Name: "calendar", URL: "ftp://mcp.example/"}, []string{`scheme "ftp"`}},
		"password":           {MCPConfig{Name: "calendar", URL: "https://u:" + secret + "@mcp.example/"}, []string{"must not hold a user or password"}},
		"not a URL":          {MCPConfig{Name: "calendar", URL: "https://%" + secret}, []string{"url: not a URL"}},
		"protocol's header":  {MCPConfig{Name: "calendar", URL: "https://mcp.example/", Headers: map[string]string{"mcp-session-id": secret}}, []string{"headers: mcp-session-id cannot be set"}},
		"header with a line": {MCPConfig{Name: "calendar", URL: "https://mcp.example/", Headers: map[string]string{"A": secret + "\n"}}, []string{"the value of A contains a control character"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewMCP(test.config)
			if (err == nil) != (len(test.want) == 0) {
				t.Fatalf("error is %v, want %q", err, test.want)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error is %v, want %q", err, want)
				}
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the error quotes a secret: %v", err)
			}
		})
	}
}

func TestMCPBackoffGrowsAndIsBounded(t *testing.T) {
	for attempt, want := range map[int]time.Duration{0: 250 * time.Millisecond, 1: 500 * time.Millisecond, 6: 16 * time.Second, 7: 30 * time.Second, 1000: 30 * time.Second} {
		var seen []time.Duration
		for range 100 {
			seen = append(seen, mcpBackoff(attempt))
		}
		if least, most := slices.Min(seen), slices.Max(seen); least < want/2 || most > want || least == most {
			t.Errorf("attempt %d waits %v to %v, want chance within %v and %v", attempt, least, most, want/2, want)
		}
	}
}

func TestJoinAndPromises(t *testing.T) {
	calendar, err := NewMCP(MCPConfig{Name: "calendar", Command: []string{"no-such-program-here"}})
	if err != nil {
		t.Fatal(err)
	}
	r := registry(t, Config{}, mustNew(t, "a", done), mustNew(t, "mail.send", done))
	if err := r.Join(calendar); err != nil {
		t.Fatal(err)
	}
	if err := r.Join(calendar); err == nil || !strings.Contains(err.Error(), "a server with that name already exists") {
		t.Errorf("a second calendar: %v", err)
	}
	mail, err := NewMCP(MCPConfig{Name: "mail", Command: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Join(mail); err == nil || !strings.Contains(err.Error(), "a tool named mail.send already") {
		t.Errorf("a server over a tool: %v", err)
	}
	if err := r.Add(mustNew(t, "calendar.book", done)); err == nil || !strings.Contains(err.Error(), "this prefix is reserved for an MCP server's tools") {
		t.Errorf("a tool under a server: %v", err)
	}
	for name, want := range map[string]bool{"a": true, "b": false, "mail.send": true, "mail.*": false, "calendar.book": true, "calendar.*": true,
		"calendar": false, "calendar.": false, "calendar.b k": false, "calendar." + strings.Repeat("x", 64): false, "other.book": false} {
		if got := r.Promises(name); got != want {
			t.Errorf("promises %q: %v, want %v", name, got, want)
		}
	}
	if _, err := r.Only("a", "calendar.*", "other.*"); err == nil || err.Error() != `tools: no tool named "other.*"` {
		t.Errorf("error is %v", err)
	}
}

// A server that is down at the start stops nobody; an agent may list its tools, and has them once it is up.
func TestMCPServerThatIsNotThereYet(t *testing.T) {
	log := &journal{}
	program := filepath.Join(t.TempDir(), "server")
	config := MCPConfig{Name: "later", Command: []string{program}}
	r := joined(t, zerolog.New(log), config)
	set, err := r.Only("later.greet", "later.nonsense")
	if err != nil {
		t.Fatal(err)
	}
	all, err := r.Only("later.*")
	if err != nil {
		t.Fatal(err)
	}
	if len(set.List()) != 0 || len(all.List()) != 0 {
		t.Errorf("lists are %v and %v before the server was up", set.List(), all.List())
	}
	call := Call{ID: "call_1", Name: "later.greet", Arguments: []byte(`{"name":"Dana"}`)}
	answer := set.Call(t.Context(), call)
	if answer.OK || answer.Say != defaultFailure || !strings.Contains(answer.Err, "mcp: later is down since 20") || !strings.Contains(answer.Err, "no such file") {
		t.Errorf("answer is %+v", answer)
	}
	if n := strings.Count(log.String(), `"level":"warn"`); n != 1 {
		t.Errorf("%d warnings, want 1:\n%s", n, log)
	}

	if err := os.Symlink(sdkServer(t, "everything"), program); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the tool exists", func() bool { return len(set.List()) == 1 })
	if got := names(set.List()); !slices.Equal(got, []string{"later.greet"}) {
		t.Errorf("list is %v", got)
	}
	if got := names(all.List()); len(got) != 10 || !slices.Contains(got, "later.greet_structured") {
		t.Errorf("list of all is %v", got)
	}
	eventually(t, "the tool answers", func() bool { return set.Call(t.Context(), call).Content == "Hi Dana" })
	if answer := all.Call(t.Context(), Call{Name: "later.ping"}); !answer.OK {
		t.Errorf("answer is %+v", answer)
	}
	if answer := set.Call(t.Context(), Call{Name: "later.ping"}); answer.OK || answer.Err != "tools: the tool is not on the agent's list" {
		t.Errorf("answer is %+v", answer)
	}
	if answer := set.Call(t.Context(), Call{Name: "later.nonsense"}); answer.Say != sayUnknown || !strings.Contains(answer.Err, "later has no tool with that name") {
		t.Errorf("answer is %+v", answer)
	}
}

func TestMCPCall(t *testing.T) {
	signs := t.TempDir()
	file := func(name string) string { return filepath.Join(signs, name) }
	t.Setenv("PATCHCORD_SECRET", secret)
	config := own(t, "useful", "WAITING="+file("waiting"), "CANCELLED="+file("cancelled"))
	config.Timeout = 2 * time.Second
	r := joined(t, zerolog.Nop(), config)
	if got := len(r.List()); got != 9 { // three pages
		t.Fatalf("%d tools: %v", got, names(r.List()))
	}
	if info, _ := r.Lookup("useful.wait"); info.Timeout != 2*time.Second {
		t.Errorf("timeout is %v", info.Timeout)
	}
	if answer := calls(t, r, "useful.key", ""); answer.Content != "CA1-call_1" {
		t.Errorf("the idempotency key arrives as %+v", answer)
	}
	environment := calls(t, r, "useful.env", "").Content
	for line := range strings.Lines(environment) {
		switch name, _, _ := strings.Cut(line, "="); name {
		case "PATH", "HOME", "LANG", "WAITING", "CANCELLED", mcpServerVariable:
		default:
			t.Errorf("the command sees %s", line)
		}
	}
	if !strings.Contains(environment, "PATH=") {
		t.Errorf("the command sees no PATH:\n%s", environment)
	}
	if answer := calls(t, r, "useful.huge", ""); answer.OK || len(answer.Content) != MaxResult || !strings.Contains(answer.Err, "at most 65536 are allowed") {
		t.Errorf("a huge result is answered with %d bytes, %s", len(answer.Content), answer.Err)
	}
	if answer := calls(t, r, "useful.wait", ""); answer.OK || !strings.Contains(answer.Err, "no answer within 2s") {
		t.Errorf("answer is %+v", answer)
	}
	eventually(t, "the server hears of the cancellation", func() bool { _, err := os.Stat(file("cancelled")); return err == nil })
	if answer := calls(t, r, "useful.grow", ""); !answer.OK {
		t.Errorf("answer is %+v", answer)
	}
	eventually(t, "the list is renewed", func() bool { _, ok := r.Lookup("useful.grown"); return ok })
	if answer := calls(t, r, "useful.grown", ""); answer.Content != "grown" {
		t.Errorf("answer is %+v", answer)
	}
}

// What a command writes to stderr may be what a caller said: it is read, so that the command can go on, and kept nowhere.
func TestMCPStderrIsNotLogged(t *testing.T) {
	log := &journal{}
	r := joined(t, zerolog.New(log).Level(zerolog.DebugLevel), own(t, "useful"))
	if answer := calls(t, r, "useful.noise", ""); !answer.OK {
		t.Errorf("answer is %+v", answer)
	}
	p, _ := isUp(r, "useful")
	eventually(t, "stderr is read", func() bool { return p.said.Load() > 1000*1000 })
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), `"stderr_bytes":10`) { // a million and something
		t.Errorf("the log does not count:\n%s", log)
	}
	if strings.Contains(log.String(), "Dana") {
		t.Errorf("the log holds speech:\n%s", log)
	}
}

// One server cannot take all places of a registry.
func TestMCPCallsInFlightAreBounded(t *testing.T) {
	r := registry(t, Config{MaxPerCall: 64, MaxTotal: 64})
	m, err := NewMCP(own(t, "useful"))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Join(m); err != nil {
		t.Fatal(err)
	}
	r.Start(zerolog.Nop())
	if err := r.Tried(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range maxMCPFlying {
		go calls(t, r, "useful.wait", "")
	}
	eventually(t, "all places are taken", func() bool { m.mu.Lock(); defer m.mu.Unlock(); return m.flying == maxMCPFlying })
	if answer := calls(t, r, "useful.key", ""); answer.Say != sayBusy || !strings.Contains(answer.Err, fmt.Sprint(maxMCPFlying)) {
		t.Errorf("answer is %+v", answer)
	}
}
