package tools

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestNewDescribesTheTool(t *testing.T) {
	tool := mustNew(t, "order_status", func(context.Context, order) (string, error) { return "", nil },
		Timeout(3*time.Second), Failure("Offer a callback."), Filler("One moment."), CancelOnInterruption())
	info := tool.Info()
	const schema = `{"type":"object","properties":{"order_id":{"type":"string","description":"the number on the receipt"},` +
		`"lines":{"type":"integer"}},"required":["order_id"],"additionalProperties":false}`
	if string(info.Schema) != schema {
		t.Errorf("schema is\n%s, want\n%s", info.Schema, schema)
	}
	if info.Name != "order_status" || info.Timeout != 3*time.Second || info.Failure != "Offer a callback." ||
		info.Filler != "One moment." || !info.CancelOnInterruption {
		t.Errorf("info is %+v", info)
	}

	info.Schema[0] = 'X'
	if again := tool.Info(); again.Schema[0] != '{' {
		t.Error("a caller of Info can change the tool's schema")
	}
}

func TestDefaults(t *testing.T) {
	nothing := func(context.Context, struct{}) (string, error) { return "", nil }
	info := mustNew(t, "hours", nothing, Timeout(0), Failure(""), CancelOnInterruption(), CarryOn()).Info()
	if info.Timeout != 8*time.Second || info.Failure == "" || info.Filler != "" || info.CancelOnInterruption {
		t.Errorf("info is %+v", info)
	}
	if want := `{"additionalProperties":false,"properties":{},"type":"object"}`; string(info.Schema) != want {
		t.Errorf("schema of no arguments is %s, want %s", info.Schema, want)
	}
}

func TestNewRefuses(t *testing.T) {
	type endless struct {
		Next *endless `json:"next"`
	}
	tests := map[string]struct {
		make func() (Tool, error)
		want string
	}{
		"no-name":        {named(""), `name "" does not match`},
		"name-with-gap":  {named("order status"), "does not match"},
		"name-too-long":  {named(strings.Repeat("n", 65)), "does not match"},
		"name-with-line": {named("order\n"), "does not match"},
		"timeout-below":  {named("t", Timeout(-1)), "tools: t: timeout -1ns is not between 0s and 5m0s"},
		"timeout-above":  {named("t", Timeout(time.Hour)), "tools: t: timeout 1h0m0s is not between 0s and 5m0s"},
		"no-handler":     {func() (Tool, error) { return New[order]("t", "", nil) }, "tools: t: handler is nil"},
		"channel":        {typed[struct{ C chan int }], "unsupported"},
		"endless":        {typed[endless], "cycle"},
		"not-an-object":  {typed[int], `must have type "object"`},
		"pointer":        {typed[*order], `must have type "object"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := test.make(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q in it", err, test.want)
			}
		})
	}
}

func named(name string, opts ...Option) func() (Tool, error) {
	return func() (Tool, error) {
		return New(name, "", func(context.Context, order) (string, error) { return "", nil }, opts...)
	}
}

func typed[In any]() (Tool, error) {
	return New("t", "", func(context.Context, In) (string, error) { return "", nil })
}
