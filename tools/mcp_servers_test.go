package tools

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mcpServerVariable makes this test binary one of mcpServers.
const mcpServerVariable = "PATCHCORD_TEST_MCP_SERVER"

// mcpServers are programs that behave, and programs that do not.
var mcpServers map[string]func()

func init() {
	mcpServers = map[string]func(){
		"useful":   func() { serveStdio(useful()) },
		"exits":    func() { os.Exit(3) },
		"silent":   func() { io.Copy(io.Discard, os.Stdin) },
		"garbage":  func() { fmt.Println("Dana's order A-17: this is no protocol"); io.Copy(io.Discard, os.Stdin) },
		"deaf":     deafServer,
		"stubborn": stubbornServer,
		"looping":  loopingServer,
		"chatty":   chattyServer,
		"curt":     curtServer,
		"lasting":  lastingServer,
	}
}

func serveStdio(s *mcp.Server) {
	if err := s.Run(context.Background(), &mcp.StdioTransport{}); err != nil {
		os.Exit(1)
	}
}

// saying adds a tool that answers with a text.
func saying(s *mcp.Server, name string, run func(context.Context, *mcp.CallToolRequest) string) {
	s.AddTool(&mcp.Tool{Name: name, InputSchema: &jsonschema.Schema{Type: "object"}},
		func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: run(ctx, r)}}}, nil
		})
}

// useful is a server made with the official SDK.
func useful() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "useful", Version: "1"}, &mcp.ServerOptions{PageSize: 3})
	saying(s, "key", func(_ context.Context, r *mcp.CallToolRequest) string { return fmt.Sprint(r.Params.Meta[mcpKey]) })
	saying(s, "env", func(context.Context, *mcp.CallToolRequest) string { return strings.Join(os.Environ(), "\n") })
	saying(s, "noise", func(context.Context, *mcp.CallToolRequest) string {
		for range 1000 {
			fmt.Fprintln(os.Stderr, "Dana said: my card is 4242 4242 4242 4242", strings.Repeat("x", 1000))
		}
		return "done"
	})
	saying(s, "grow", func(context.Context, *mcp.CallToolRequest) string {
		saying(s, "grown", func(context.Context, *mcp.CallToolRequest) string { return "grown" })
		return "done"
	})
	saying(s, "wait", func(ctx context.Context, _ *mcp.CallToolRequest) string {
		touch("WAITING")
		<-ctx.Done()
		touch("CANCELLED")
		return "too late"
	})
	saying(s, "huge", func(context.Context, *mcp.CallToolRequest) string { return strings.Repeat("y", MaxResult+1) })
	saying(s, "flood", func(context.Context, *mcp.CallToolRequest) string {
		for lines := strings.Repeat(`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}`+"\n", 40); ; {
			if _, err := fmt.Print(lines); err != nil {
				return ""
			}
		}
	})
	saying(s, "line", func(context.Context, *mcp.CallToolRequest) string {
		fmt.Print(`{"jsonrpc":"2.0","method":"`)
		for piece := strings.Repeat("z", 64<<10); ; {
			if _, err := fmt.Print(piece); err != nil {
				return ""
			}
		}
	})
	saying(s, "exit", func(context.Context, *mcp.CallToolRequest) string { os.Exit(4); return "" })
	return s
}

// touch leaves a sign for the test in the file that a variable names.
func touch(variable string) {
	if path := os.Getenv(variable); path != "" {
		os.WriteFile(path, []byte(fmt.Sprint(os.Getpid())), 0o600)
	}
}

// answerByHand reads one request of the old protocol and answers it by hand.
func answerByHand(in *bufio.Scanner, result func(method string, params json.RawMessage) string) bool {
	if !in.Scan() {
		return false
	}
	var r struct {
		ID     any             `json:"id"`
		Method string          `json:"method"`
		Params json.RawMessage `json:"params"`
	}
	if json.Unmarshal(in.Bytes(), &r) != nil || r.ID == nil {
		return true
	}
	id, _ := json.Marshal(r.ID)
	switch r.Method {
	case "initialize":
		fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"x","version":"1"}}}`+"\n", id)
	case "server/discover":
		fmt.Printf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"what?"}}`+"\n", id)
	default:
		fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":%s}`+"\n", id, result(r.Method, r.Params))
	}
	return true
}

const oneTool = `{"tools":[{"name":"look","inputSchema":{"type":"object"}}]}`

// deafServer shakes hands, tells of its tool and then never reads again.
func deafServer() {
	in, listed := bufio.NewScanner(os.Stdin), false
	for !listed && answerByHand(in, func(string, json.RawMessage) string { listed = true; return oneTool }) {
	}
	time.Sleep(time.Hour)
}

// stubbornServer takes neither the end of stdin nor SIGTERM for an answer, and has a child that does not either.
func stubbornServer() {
	signal.Ignore(syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT)
	if os.Getenv("CHILD") == "" {
		path, _ := os.Executable()
		child := exec.Command(path)
		child.Env = append(os.Environ(), "CHILD=1")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr // and it holds on to our pipes
		if child.Start() == nil {
			os.WriteFile(os.Getenv("PIDS"), []byte(fmt.Sprint(os.Getpid(), " ", child.Process.Pid)), 0o600)
		}
		in := bufio.NewScanner(os.Stdin)
		for answerByHand(in, func(string, json.RawMessage) string { return oneTool }) {
		}
	}
	time.Sleep(time.Hour)
}

// loopingServer has a list without an end.
func loopingServer() {
	in, page := bufio.NewScanner(os.Stdin), 0
	for answerByHand(in, func(string, json.RawMessage) string {
		page++
		return fmt.Sprintf(`{"tools":[{"name":"look%d","inputSchema":{"type":"object"}}],"nextCursor":"%d"}`, page, page)
	}) {
	}
}

// chattyServer says that its list changed, all the time, and counts how often it is asked for it.
func chattyServer() {
	in, lists := bufio.NewScanner(os.Stdin), 0
	go func() {
		for {
			fmt.Println(`{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}`)
			time.Sleep(5 * time.Millisecond)
		}
	}()
	for answerByHand(in, func(method string, _ json.RawMessage) string {
		if method == "tools/list" {
			lists++
			return oneTool
		}
		return fmt.Sprintf(`{"content":[{"type":"text","text":"%d"}]}`, lists)
	}) {
	}
}
