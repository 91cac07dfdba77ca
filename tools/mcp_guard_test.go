package tools

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rs/zerolog"
)

// unasked is what a server may send by itself, without the parameters.
var unasked = []string{"progress", "message", "cancelled", "elicitation/complete", "tools/list_changed", "prompts/list_changed",
	"resources/list_changed", "resources/updated", "subscriptions/acknowledged", "nobody/knows"}

// curtServer sends all of it before each answer to a call.
func curtServer() {
	in := bufio.NewScanner(os.Stdin)
	for answerByHand(in, func(method string, _ json.RawMessage) string {
		if method == "tools/list" {
			return oneTool
		}
		for _, what := range unasked {
			fmt.Printf(`{"jsonrpc":"2.0","method":"notifications/%s"}`+"\n", what)
			fmt.Printf(`{"jsonrpc":"2.0","method":"notifications/%s","params":null}`+"\n", what)
		}
		return `{"content":[{"type":"text","text":"seen"}]}`
	}) {
	}
}

// A notification without its parameters ends neither this process nor the connection.
func TestMCPServerThatSendsNoParameters(t *testing.T) {
	t.Parallel()
	r := joined(t, zerolog.Nop(), own(t, "curt"))
	p, _ := isUp(r, "curt")
	for range 3 {
		if answer := calls(t, r, "curt.look", ""); answer.Content != "seen" {
			t.Errorf("answer is %+v", answer)
		}
	}
	if now, up := isUp(r, "curt"); !up || now != p {
		t.Error("the server was started again")
	}
}

// lastingServer says of its list that it holds for an hour, and counts how often it is asked for it.
func lastingServer() {
	var lists atomic.Int32
	s := mcp.NewServer(&mcp.Implementation{Name: "lasting", Version: "1"}, nil)
	saying(s, "count", func(context.Context, *mcp.CallToolRequest) string { return fmt.Sprint(lists.Load()) })
	s.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
			result, err := next(ctx, method, r)
			if list, ok := result.(*mcp.ListToolsResult); ok {
				lists.Add(1)
				list.TTLMs = 3_600_000
			}
			return result, err
		}
	})
	serveStdio(s)
}

// A sign of life comes from the server, not from what the SDK remembers of it.
func TestMCPSignOfLifeIsAskedFor(t *testing.T) {
	t.Parallel()
	r := joined(t, zerolog.Nop(), own(t, "lasting"))
	m, _ := r.server("lasting.*")
	if v := m.link.session.InitializeResult().ProtocolVersion; v < "2026-07-28" {
		t.Fatalf("the server speaks %s, which has a ping", v)
	}
	for range 2 {
		if err := m.ask(t.Context(), m.link); err != nil {
			t.Fatal(err)
		}
	}
	if answer := calls(t, r, "lasting.count", ""); answer.Content != "3" {
		t.Errorf("after the first list and two checks the server was asked %s times, want 3", answer.Content)
	}
}
