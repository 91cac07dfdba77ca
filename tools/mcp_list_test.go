package tools

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rs/zerolog"
)

func mcpServer(t *testing.T) *MCP {
	t.Helper()
	m, err := NewMCP(MCPConfig{Name: "s", Command: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// listed are tools of these names, which take anything.
func listed(names ...string) []*mcp.Tool {
	var list []*mcp.Tool
	for _, name := range names {
		list = append(list, &mcp.Tool{Name: name, InputSchema: map[string]any{"type": "object"}})
	}
	return list
}

func TestMCPNames(t *testing.T) {
	long := strings.Repeat("x", 62) // with "s." it has 64
	for name, test := range map[string]struct {
		list []*mcp.Tool
		want []string // the tools
		left []string // part of each text about those left out
	}{
		"as they are":            {listed("book", "look-up.v2", "_x_"), []string{"s._x_", "s.book", "s.look-up.v2"}, nil},
		"made fit":               {listed("greet (structured)", "¿Qué?", "a/b c"), []string{"s.Qu", "s.a_b_c", "s.greet_structured"}, nil},
		"cannot be a name":       {listed("", "日本", "book"), []string{"s.book"}, []string{`"": "s." is not a valid name`, `"日本": "s." is not a valid name`}},
		"the longest":            {listed(long), []string{"s." + long}, nil},
		"too long":               {listed(long + "x"), nil, []string{"is not a valid name"}},
		"the exact name is kept": {listed("a b", "a_b"), []string{"s.a_b"}, []string{`"a b": another tool would also be named s.a_b`}},
		"neither of two":         {listed("a b", "a/b"), nil, []string{`"a b": another tool`, `"a/b": another tool`}},
		"one name twice":         {listed("book", "book"), nil, []string{`"book": it is in the list 2 times`, `"book": it is in the list 2 times`}},
		"a bad schema": {[]*mcp.Tool{{Name: "a", InputSchema: map[string]any{"type": "array"}}, {Name: "b", InputSchema: map[string]any{"type": "object", "$ref": "#"}}},
			nil, []string{`schema must have type "object"`, "schema is recursive"}},
		"no schema": {[]*mcp.Tool{{Name: "a"}}, []string{"s.a"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			tools, left := mcpServer(t).fit(test.list, nil)
			if got := slices.Sorted(maps.Keys(tools)); !slices.Equal(got, test.want) {
				t.Errorf("tools are %v, want %v", got, test.want)
			}
			if len(left) != len(test.left) {
				t.Fatalf("left out are %q, want %q", left, test.left)
			}
			for i, want := range test.left {
				if !strings.Contains(left[i].String(), want) {
					t.Errorf("left out is %s, want %s", left[i], want)
				}
			}
		})
	}
}

func TestMCPListIsBounded(t *testing.T) {
	var many []string
	for i := range maxMCPTools + 1 {
		many = append(many, fmt.Sprintf("t%03d", i))
	}
	tools, left := mcpServer(t).fit(listed(many...), nil)
	if len(tools) != maxMCPTools || len(left) != 1 || !strings.Contains(left[0].String(), "the limit is 256 tools") {
		t.Errorf("%d tools, left out: %v", len(tools), left)
	}
	long := &mcp.Tool{Name: "a", Description: strings.Repeat("é", maxMCPDescription), InputSchema: map[string]any{"type": "object"}}
	tools, _ = mcpServer(t).fit([]*mcp.Tool{long}, nil)
	if got := len(tools["s.a"].Info().Description); got != maxMCPDescription {
		t.Errorf("the description has %d bytes", got)
	}
}

// What is left out is told when it changes, not with each list.
func TestMCPPublishWarnsOnce(t *testing.T) {
	log := &journal{}
	m := mcpServer(t)
	m.log = zerolog.New(log)
	for range 3 {
		m.publish(listed("a", "b b", "b/b"))
	}
	if n := strings.Count(log.String(), "left out"); n != 2 {
		t.Errorf("%d warnings, want 2:\n%s", n, log)
	}
	if _, ok := m.lookup("s.a"); !ok {
		t.Error("s.a is not there")
	}
	m.publish(listed("c"))
	if got := m.names(); !slices.Equal(got, []string{"s.c"}) {
		t.Errorf("after a new list the tools are %v", got)
	}
}

func TestMCPContent(t *testing.T) {
	text := func(s string) mcp.Content { return &mcp.TextContent{Text: s} }
	for name, test := range map[string]struct {
		result   mcp.CallToolResult
		want     string
		err, say string
	}{
		"texts":                {mcp.CallToolResult{Content: []mcp.Content{text("a"), text("b")}}, "a\nb", "", ""},
		"nothing":              {mcp.CallToolResult{}, "", "", ""},
		"structured":           {mcp.CallToolResult{StructuredContent: map[string]any{"b": 1, "a": []any{true}}}, `{"a":[true],"b":1}`, "", ""},
		"text over structured": {mcp.CallToolResult{Content: []mcp.Content{text("a")}, StructuredContent: 1}, "a", "", ""},
		"other parts": {mcp.CallToolResult{Content: []mcp.Content{&mcp.ImageContent{}, text("a"), &mcp.AudioContent{}, &mcp.ResourceLink{},
			&mcp.EmbeddedResource{Resource: &mcp.ResourceContents{Text: "b"}}, &mcp.EmbeddedResource{}}}, "a\nb\n[image]\n[audio]\n[link]\n[resource]", "", ""},
		"an error":         {mcp.CallToolResult{IsError: true, Content: []mcp.Content{text("Dana is not known")}}, "", "mcp: the tool reports an error", "Dana is not known"},
		"an error of size": {mcp.CallToolResult{IsError: true, Content: []mcp.Content{text(strings.Repeat("x", 5000))}}, "", "mcp: the tool reports an error", strings.Repeat("x", maxText)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := mcpContent(&test.result)
			a := answer(Call{}, Info{}, got, err, 0)
			if got != test.want || a.Err != test.err || a.Say != test.say {
				t.Errorf("content is %q, error %q, say %q", got, a.Err, a.Say)
			}
		})
	}
}
