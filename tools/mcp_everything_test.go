package tools

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// The server here is the example "everything" of the official SDK, built as it is.
func TestMCPServerThatIsNotOurs(t *testing.T) {
	program, address := sdkServer(t, "everything"), freeAddress(t)
	background(t, address, program, "-http", address)
	r := joined(t, zerolog.Nop(), MCPConfig{Name: "stdio", Command: []string{program}}, MCPConfig{Name: "http", URL: "http://" + address})
	for _, server := range []string{"stdio.", "http."} {
		info, ok := r.Lookup(server + "greet")
		var schema struct {
			Required []string `json:"required"`
		}
		if err := json.Unmarshal(info.Schema, &schema); !ok || err != nil || info.Description != "say hi" || len(schema.Required) != 1 || schema.Required[0] != "name" {
			t.Errorf("%sgreet is %+v, %s", server, info, info.Schema)
		}
		for _, test := range []struct{ tool, arguments, content, err, say string }{
			{"greet", `{"name":"Dana"}`, "Hi Dana", "", ""},
			{"greet_structured", `{"name":"Dana"}`, `{"message":"Hi Dana"}`, "", ""}, // it calls itself "greet (structured)"
			{"greet_content_with_ResourceLink", `{"name":"Dana"}`, "[link]", "", ""},
			{"ping", "", "", "", ""},
			{"greet", `{"name":7}`, "", `arguments: "name" breaks "type" of the schema`, "name: type: 7"},
			{"greet", `{}`, "", `breaks "required" of the schema`, "name"},
			{"sample", "", "", "mcp: the tool reports an error", "sampling failed"},
			{"nonsense", "", "", "has no tool with that name", sayUnknown},
		} {
			answer := calls(t, r, server+test.tool, test.arguments)
			if answer.OK != (test.err == "") || answer.Content != test.content || !strings.Contains(answer.Err, test.err) || !strings.Contains(answer.Say, test.say) {
				t.Errorf("%s%s %s answers %+v", server, test.tool, test.arguments, answer)
			}
			if strings.Contains(answer.Err, "sampling") {
				t.Errorf("the log is given the server's words: %s", answer.Err)
			}
		}
	}
}

// kill -9 in mid-call: the call fails at once, the next ones too, and a moment later the tool is back.
func TestMCPCommandKilledInMidCall(t *testing.T) {
	log := &journal{}
	r := joined(t, zerolog.New(log), MCPConfig{Name: "stdio", Command: []string{sdkServer(t, "everything")}})
	p, ok := isUp(r, "stdio")
	if !ok {
		t.Fatal("the server is not up:", log)
	}
	if err := syscall.Kill(p.cmd.Process.Pid, syscall.SIGSTOP); err != nil { // so that it is in mid-call for certain
		t.Fatal(err)
	}
	eventually(t, "it stands still", func() bool { return inState(p.cmd.Process.Pid, 'T') })
	answers := make(chan Answer)
	go func() { answers <- calls(t, r, "stdio.greet", `{"name":"Dana"}`) }()
	m, _ := r.server("stdio.greet")
	eventually(t, "the call is in flight", m.busy)
	time.Sleep(50 * time.Millisecond) // and written to the pipe
	killed := time.Now()
	if err := syscall.Kill(p.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	answer := <-answers
	if took := time.Since(killed); answer.OK || took > time.Second || answer.Say != defaultFailure || !strings.Contains(answer.Err, "mcp: stdio failed in mid-call at 20") {
		t.Errorf("after %v the answer is %+v", took, answer)
	}
	eventually(t, "the server is down, or up again", func() bool { now, _ := isUp(r, "stdio"); return now != p })
	if answer = calls(t, r, "stdio.greet", `{"name":"Dana"}`); answer.OK || answer.Took > time.Second || !strings.Contains(answer.Err, "mcp: stdio is down since 20") || !strings.Contains(answer.Err, "signal: killed") {
		t.Errorf("the answer while it is down is %+v", answer)
	}
	if len(r.List()) != 10 {
		t.Errorf("%d tools are known while it is down", len(r.List()))
	}
	eventually(t, "the tool works again", func() bool { return calls(t, r, "stdio.greet", `{"name":"Dana"}`).Content == "Hi Dana" })
	if back := time.Since(killed); back < mcpBackoffMin/2 || back > 5*time.Second {
		t.Errorf("it was back after %v", back)
	}
	for _, want := range []string{"MCP server down; its tools return an error", "signal: killed", `"server":"stdio"`, `"since":`, `"retry_in_ms":`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}
	if strings.Contains(log.String(), "Dana") {
		t.Errorf("the log quotes the arguments:\n%s", log)
	}
}

// A server behind an address goes away, and another comes.
func TestMCPServerRestartedBehindItsAddress(t *testing.T) {
	program, address := sdkServer(t, "everything"), freeAddress(t)
	first := background(t, address, program, "-http", address)
	r := joined(t, zerolog.Nop(), MCPConfig{Name: "http", URL: "http://" + address})
	if answer := calls(t, r, "http.greet", `{"name":"Dana"}`); answer.Content != "Hi Dana" {
		t.Fatalf("answer is %+v", answer)
	}
	first.Process.Kill()
	eventually(t, "the server is down", func() bool { _, up := isUp(r, "http"); return !up })
	if answer := calls(t, r, "http.greet", `{"name":"Dana"}`); answer.OK || answer.Say != defaultFailure || answer.Took > time.Second || !strings.Contains(answer.Err, "mcp: http is down since 20") {
		t.Errorf("answer is %+v", answer)
	}
	background(t, address, program, "-http", address)
	eventually(t, "the tool works again", func() bool { return calls(t, r, "http.greet", `{"name":"Dana"}`).Content == "Hi Dana" })
}
