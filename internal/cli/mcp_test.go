package cli

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

func TestProblemsOfMCPHaveTheirLines(t *testing.T) {
	yaml := configtest.EnoughYAML + `mcp:
  Bad.Name: {command: [x]}
  both: {command: [x], url: "https://mcp.example/"}
  place: {url: "ftp://mcp.example/"}
  secret: {url: "https://user:pass@mcp.example/"}
  headers:
    url: https://mcp.example/
    headers:
      Authorization: "Bearer ${NO_SUCH}"
    timeout: 1h
  env: {command: [x], env: [NO_SUCH_EITHER], headers: {A: b}}
  key: {command: [x], environment: [A]}
tools:
  place.look: {http: {url: "https://x.example"}}
`
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": yaml})
	_, err := config.Load()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"line 8: mcp.Bad.Name: want lower-case letters",
		"line 9: mcp.both: want either url or command",
		"line 10: mcp.place.url: want an absolute URL",
		"line 11: mcp.secret.url: the URL must not contain a user or password",
		"line 15: mcp.headers.headers.Authorization: the environment has no NO_SUCH",
		"line 16: mcp.headers.timeout: want more than 0 and at most 5m0s",
		"line 17: mcp.env.env.0: the environment has no NO_SUCH_EITHER",
		"line 17: mcp.env.headers: only valid with url",
		"line 18: unknown key environment",
		"line 20: tools.place.look: names that begin with place.",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing of %q in:\n%v", want, err)
		}
	}
}

// built builds a server of the official SDK's examples.
func built(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-o", path, "github.com/modelcontextprotocol/go-sdk/examples/server/"+name).CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	return path
}

// A call in which the agent uses the tool of a real MCP server, while another server is down.
func TestCallWithMCP(t *testing.T) {
	yaml := strings.Replace(benchYAML, "purpose: informational}", `purpose: informational, tools: ["memory.*", greeter.greet, down.look]}`, 1) +
		fmt.Sprintf("mcp:\n  greeter: {command: [%q]}\n  memory: {command: [%q]}\n  down: {command: [no-such-program-here]}\n", built(t, "hello"), built(t, "memory"))
	told, answered := make(chan string, 1), make(chan string, 1)
	b := servingWith(t, yaml, func(c *evitest.Conn) {
		_ = c.Greet("") // what fails shows below
		for {
			m, err := c.Receive(context.Background())
			if err != nil {
				return
			}
			switch m.Type {
			case "session_settings":
				select {
				case told <- fmt.Sprint(m.Fields["tools"]):
				default:
				}
				_ = c.CallTool("t1", "greeter.greet", `{"name":"Dana"}`, true)
				_ = c.CallTool("t2", "down.look", `{}`, true)
			case "tool_response", "tool_error":
				answered <- fmt.Sprint(m.Type, " ", m.Fields["tool_call_id"], " ", m.Fields["content"])
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := b.s.Tools.Tried(ctx); err != nil {
		t.Fatal(err)
	}
	c, err := b.line.Dial(ctx, person, ours)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"memory.create_entities", "memory.search_nodes", "greeter.greet"} {
		if list := received(ctx, t, told); !strings.Contains(list, want) || strings.Contains(list, "down.") {
			t.Errorf("the agent is told of %s, want %s", list, want)
		} else {
			told <- list
		}
	}
	got := received(ctx, t, answered) + "\n" + received(ctx, t, answered)
	for _, want := range []string{"tool_response t1 Hi Dana", "tool_error t2 That cannot be done right now."} {
		if !strings.Contains(got, want) {
			t.Errorf("answers are %s, want %s", got, want)
		}
	}
	c.HangUp()
	<-c.Done()
}

// received is what comes next, within ctx.
func received(ctx context.Context, t *testing.T, from <-chan string) string {
	t.Helper()
	select {
	case text := <-from:
		return text
	case <-ctx.Done():
		t.Fatal("nothing came")
		return ""
	}
}

func TestDoctorOfMCP(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": strings.Replace(configtest.EnoughYAML, "{seller: s}", "{seller: s, tools: [all.greet, all.nonsense]}", 1) +
		fmt.Sprintf("mcp:\n  all: {command: [%q]}\n  none: {command: [no-such-program-here]}\n  away: {url: \"http://127.0.0.1:1/\"}\n", built(t, "everything"))})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, f := range checkMCP(t.Context(), c) {
		fmt.Fprintln(&got, f.State, f.What, f.Say)
	}
	for _, want := range []string{
		"ok mcp all connected, 10 tool(s)",
		"warning mcp all agent a lists all.nonsense, which the server does not have",
		"warning mcp none program not found: no-such-program-here",
		"wrong mcp away not usable: http: connection refused by 127.0.0.1:1",
	} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("nothing of %q in:\n%s", want, got.String())
		}
	}
}
