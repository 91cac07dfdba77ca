package tools

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

var (
	builtMu sync.Mutex
	builtIn string // the folder of the servers built so far
)

// sdkServer builds one of the example servers of the official SDK: a server that is not ours.
func sdkServer(t *testing.T, name string) string {
	t.Helper()
	builtMu.Lock()
	defer builtMu.Unlock()
	if builtIn == "" {
		dir, err := os.MkdirTemp("", "patchcord-mcp")
		if err != nil {
			t.Fatal(err)
		}
		builtIn = dir
	}
	path := filepath.Join(builtIn, name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	build := exec.Command("go", "build", "-o", path, "github.com/modelcontextprotocol/go-sdk/examples/server/"+name)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	return path
}

func removeBuilt() {
	if builtIn != "" {
		os.RemoveAll(builtIn)
	}
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// background starts a command, which ends with the test, and waits until it listens.
func background(t *testing.T, address, path string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(path, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	eventually(t, "the server listens", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return cmd
}

// joined starts a registry with these servers, waits for the first attempt at each, and closes it when the test ends.
func joined(t *testing.T, log zerolog.Logger, configs ...MCPConfig) *Registry {
	t.Helper()
	r := registry(t, Config{})
	for _, c := range configs {
		m, err := NewMCP(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Join(m); err != nil {
			t.Fatal(err)
		}
	}
	r.Start(log)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := r.Tried(ctx); err != nil {
		t.Fatal(err)
	}
	return r
}

// calls runs a tool with these arguments.
func calls(t *testing.T, r *Registry, name, arguments string) Answer {
	t.Helper()
	return r.Call(t.Context(), Call{ID: "call_1", CallID: "CA1", Name: name, Arguments: []byte(arguments), Key: "CA1-call_1"})
}

// isUp reports whether a server is connected; its process, if it is one.
func isUp(r *Registry, name string) (*process, bool) {
	m, _ := r.server(name + ".*")
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.link == nil {
		return nil, false
	}
	p, _ := m.link.wire.(*process)
	return p, true
}

// eventually waits for what another goroutine or process brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

// journal is a log that a test reads.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// own is the configuration of a server of this test binary.
func own(t *testing.T, name string, env ...string) MCPConfig {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return MCPConfig{Name: name, Command: []string{path}, Env: append(env, fmt.Sprintf("%s=%s", mcpServerVariable, name))}
}
