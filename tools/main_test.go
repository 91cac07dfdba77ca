package tools

import (
	"context"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain also is the command of the tests' MCP servers: it runs the one that is named in the environment.
func TestMain(m *testing.M) {
	if name := os.Getenv(mcpServerVariable); name != "" {
		mcpServers[name]()
		return
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		removeBuilt()
		os.Exit(code)
	}))
}

// order is the argument of most tests' tools.
type order struct {
	ID    string `json:"order_id" jsonschema:"the number on the receipt"`
	Lines int    `json:"lines,omitempty"`
}

// mustNew makes a tool whose faults would be the test's own.
func mustNew[In any](t testing.TB, name string, handle func(context.Context, In) (string, error), opts ...Option) Tool {
	t.Helper()
	tool, err := New(name, "Used by a test.", handle, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return tool
}

// registry makes a registry that is closed, and must be empty, when the test ends.
func registry(t testing.TB, c Config, tools ...Tool) *Registry {
	t.Helper()
	r, err := NewRegistry(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range tools {
		if err := r.Add(tool); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := r.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return r
}
