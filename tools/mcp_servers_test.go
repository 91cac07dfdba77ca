package tools

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// sdkServer builds one of the example servers of the official SDK: a server that is not ours.
func sdkServer(t *testing.T, name string) string {
	t.Helper()
	dir := sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "mcp-servers") })
	_ = dir
	path := filepath.Join(t.TempDir(), name)
	build := exec.Command("go", "build", "-o", path, "github.com/modelcontextprotocol/go-sdk/examples/server/"+name)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	return path
}

// freePort is an address that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
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

// eventually waits for something that another goroutine or process brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}
