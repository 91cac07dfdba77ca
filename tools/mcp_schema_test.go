package tools

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/patchcord/patchcord/internal/hostile"
)

// Schemas as servers write them: each can be used, takes what it is meant to take, and refuses what this library can check.
func TestMCPSchemas(t *testing.T) {
	const q = `"properties":{"q":{"type":"string"}}`
	for name, tt := range map[string]struct{ schema, good, bad string }{
		"plain":                {`{"type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"draft 2019-09":        {`{"$schema":"https://json-schema.org/draft/2019-09/schema","type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"draft 2019-09#":       {`{"$schema":"https://json-schema.org/draft/2019-09/schema#","type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"draft 2020-12#":       {`{"$schema":"https://json-schema.org/draft/2020-12/schema#","type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"draft-07 without #":   {`{"$schema":"http://json-schema.org/draft-07/schema","type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"draft-07 by https":    {`{"$schema":"https://json-schema.org/draft-07/schema","type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"draft-06":             {`{"$schema":"http://json-schema.org/draft-06/schema#","type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"draft-04":             {`{"$schema":"http://json-schema.org/draft-04/schema#","id":"http://x/y","type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"draft-03":             {`{"$schema":"http://json-schema.org/draft-03/schema#","type":"object","properties":{"q":{"type":"string","required":true},"r":{"required":false}}}`, `{"q":"a"}`, `{}`},
		"any draft":            {`{"$schema":"http://json-schema.org/schema#","type":"object",` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"a dialect alone":      {`{"$schema":"http://json-schema.org/draft-07/schema#"}`, `{"q":1}`, `[]`},
		"no type":              {`{` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"nothing in it":        {`{}`, `{"q":1}`, `"a"`},
		"a list of types":      {`{"type":["object","null"],` + q + `}`, `{"q":"a"}`, `{"q":1}`},
		"anyOf":                {`{"type":"object","anyOf":[{` + q + `,"required":["q"]},{"properties":{"r":{"type":"integer"}},"required":["r"]}]}`, `{"r":1}`, `{}`},
		"null too":             {`{"type":"object","properties":{"a":{"type":["string","null"]}},"required":["a"]}`, `{"a":null}`, `{"a":1}`},
		"$defs":                {`{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"string"}}}`, `{"a":"x"}`, `{"a":1}`},
		"definitions":          {`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"a":{"$ref":"#/definitions/A"}},"definitions":{"A":{"type":"string"}}}`, `{"a":"x"}`, `{"a":1}`},
		"a tuple, draft-07":    {`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"a":{"type":"array","items":[{"type":"string"},{"type":"number"}]}}}`, `{"a":["x",1]}`, `{"a":[1]}`},
		"a tuple, no draft":    {`{"type":"object","properties":{"a":{"type":"array","items":[{"type":"string"}],"additionalItems":{"type":"number"}}}}`, `{"a":["x",1]}`, `{"a":["x","y"]}`},
		"exclusive, draft-04":  {`{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","properties":{"a":{"type":"integer","minimum":0,"exclusiveMinimum":true,"maximum":9,"exclusiveMaximum":false}}}`, `{"a":9}`, `{"a":0}`},
		"a format":             {`{"type":"object","properties":{"a":{"type":"string","format":"uri-reference","pattern":"^(?!x)\\d+$"}}}`, `{"a":"1"}`, `{"a":1}`},
		"a look-ahead":         {`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"email":{"type":"string","format":"email","pattern":"^(?!\\.)[a-z]+@[a-z]+$"}},"required":["email"]}`, `{"email":"a@b"}`, `{}`},
		"a pattern":            {`{"type":"object","properties":{"a":{"type":"string","pattern":"^\\d+$"}}}`, `{"a":"1"}`, `{"a":"b"}`},
		"names by look-ahead":  {`{"type":"object","properties":{"n":{"type":"integer"}},"patternProperties":{"^(?!x)":{"type":"string"}},"additionalProperties":false}`, `{"b":"1"}`, `{"n":"b"}`},
		"an $id":               {`{"$id":"https://x.example/a","type":"object","properties":{"a":{"$id":"https://x.example/b","type":"string"}}}`, `{"a":"1"}`, `{"a":2}`},
		"true for a schema":    {`{"type":"object","properties":{"a":true,"b":false},"required":["a"]}`, `{"a":2}`, `{}`},
		"a property named id":  {`{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","properties":{"id":{"type":"string"},"required":{"type":"boolean"},"$schema":{"type":"string"}},"required":["id"]}`, `{"id":"1"}`, `{}`},
		"whole numbers as 1.0": {`{"type":"object","properties":{"a":{"type":"string","minLength":1.0,"maxLength":3e0}}}`, `{"a":"abc"}`, `{"a":""}`},
		"OpenAPI's words":      {`{"type":"object","properties":{"a":{"type":"string","nullable":true,"example":"x","xml":{"name":"a"}}}}`, `{"a":"1"}`, `{"a":1}`},
		"const and enum":       {`{"type":"object","properties":{"a":{"const":{"$ref":"x"}},"b":{"enum":["x",null,1]}}}`, `{"b":null}`, `{"b":2}`},
	} {
		t.Run(name, func(t *testing.T) {
			var schema any
			if err := json.Unmarshal([]byte(tt.schema), &schema); err != nil {
				t.Fatal(err)
			}
			made, left := mcpServer(t).fit([]*mcp.Tool{{Name: "a.b/c d", Description: "A tool.", InputSchema: schema}}, nil)
			tool, ok := made["s.a.b_c_d"]
			if !ok {
				t.Fatalf("left out: %q", left)
			}
			if _, err := tool.arguments(json.RawMessage(tt.good)); err != nil {
				t.Errorf("%s is refused: %v", tt.good, err)
			}
			if _, err := tool.arguments(json.RawMessage(tt.bad)); err == nil {
				t.Errorf("%s is taken", tt.bad)
			}
			var shown map[string]any
			if err := json.Unmarshal(tool.Info().Schema, &shown); err != nil || shown["type"] != "object" || shown["properties"] == nil {
				t.Errorf("agents are shown %s", tool.Info().Schema)
			}
			if strings.Contains(tt.schema, "(?!") != strings.Contains(string(tool.Info().Schema), "(?!") {
				t.Errorf("agents are not shown the pattern: %s", tool.Info().Schema)
			}
		})
	}
}

func TestMCPSchemasThatCannotBeUsed(t *testing.T) {
	for name, tt := range map[string]struct{ schema, why string }{
		"a list":              {`[]`, "schema must be an object"},
		"true":                {`true`, "schema must be an object"},
		"another dialect":     {`{"$schema":"https://example.com/mine"}`, `$schema "https://example.com/mine" is not a draft`},
		"a dialect of 1":      {`{"$schema":1}`, `$schema "1" is not a draft`},
		"another type":        {`{"type":"string"}`, `must have type "object"`},
		"elsewhere":           {`{"properties":{"a":{"$ref":"https://x.example/a"}}}`, "must begin with #"},
		"recursive":           {`{"properties":{"a":{"$ref":"#"}}}`, "recursive"},
		"an unknown type":     {`{"properties":{"a":{"type":"any"}}}`, "type any is not one of"},
		"of size":             {`{"description":"` + strings.Repeat("x", maxSchema) + `"}`, "at most 65536 are allowed"},
		"hidden in a name":    {`{"properties":{"a\u202e":{}}}`, `hidden characters in a\u202e`},
		"hidden in an enum":   {`{"properties":{"a":{"enum":["x\u001b[2J"]}}}`, `hidden characters in x\x1b[2J`},
		"hidden in a const":   {`{"properties":{"a":{"const":{"b":["\u0000"]}}}}`, `hidden characters in \x00`},
		"hidden in a word":    {`{"x\u009b":1}`, `hidden characters in x\u009b`},
		"deeper than we look": {hostile.Fill(`{"properties":`+strings.Repeat(`{"a":{"properties":`, 3000)+`{}`+strings.Repeat(`}}`, 3000)+`,"x":%}`, ""), "recursive, or larger"},
	} {
		t.Run(name, func(t *testing.T) {
			var schema any
			if err := json.Unmarshal([]byte(tt.schema), &schema); err != nil {
				t.Fatal(err)
			}
			made, left := mcpServer(t).fit([]*mcp.Tool{{Name: "a", InputSchema: schema}}, nil)
			if len(made) > 0 || len(left) != 1 || !strings.Contains(left[0].String(), tt.why) {
				t.Errorf("%d tools, left out: %q", len(made), left)
			}
		})
	}
}

// Nothing that a server writes takes a character to a model that a person can't see.
func TestMCPTextsAreClean(t *testing.T) {
	for _, in := range hostile.Texts() {
		t.Run(in.Name, func(t *testing.T) {
			schema := map[string]any{"description": in.Text, "properties": map[string]any{"a": map[string]any{"title": in.Text, "$comment": in.Text, "anyOf": []any{map[string]any{"description": in.Text}}}}}
			made, left := mcpServer(t).fit([]*mcp.Tool{{Name: "a", Description: in.Text, InputSchema: schema}}, nil)
			tool, ok := made["s.a"]
			if !ok {
				t.Fatalf("left out: %q", left)
			}
			var shown any
			if err := json.Unmarshal(tool.Info().Schema, &shown); err != nil {
				t.Fatal(err)
			}
			for _, text := range append(textsOf(shown), tool.Info().Description) {
				if unseen(text) {
					t.Errorf("a model is shown %.200q", text)
				}
			}
			for _, result := range []*mcp.CallToolResult{
				{Content: []mcp.Content{&mcp.TextContent{Text: in.Text}, &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{Text: in.Text}}}},
				{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: in.Text}}},
			} {
				text, err := mcpContent(result)
				o, err := outcome{content: text, err: err}.checked(context.Background())
				if a := answer(Call{}, Info{}, o, err, 0); unseen(a.Content) || unseen(a.Say) {
					t.Errorf("a model is given %.200q, or told %.200q", a.Content, a.Say)
				}
			}
			_, left = mcpServer(t).fit([]*mcp.Tool{{Name: in.Text, InputSchema: 1}}, nil)
			for _, why := range left {
				if unseen(why.String()) || strings.ContainsAny(why.String(), "\n\t") {
					t.Errorf("left out is %q", why)
				}
			}
		})
	}
}

// textsOf are all texts of a value, and all keys.
func textsOf(value any) (all []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, item := range value {
			all = append(all, textsOf(item)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			all = append(append(all, key), textsOf(value[key])...)
		}
	}
	return all
}

// unseen tells whether a text has characters that nobody sees, line ends and tabs aside.
func unseen(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r <= 0x9f || r == 0x200b || r >= 0x200e && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
			r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xe0000 && r <= 0xe007f
	})
}

func TestAdaptKeepsWhatIsFine(t *testing.T) {
	shown, checked, err := adapt(map[string]any{"type": "object", "properties": map[string]any{"a": map[string]any{"type": "string"}}})
	if diff := cmp.Diff(`{"properties":{"a":{"type":"string"}},"type":"object"}`, string(shown)); diff != "" || string(shown) != string(checked) || err != nil {
		t.Errorf("%s %v (-want +got):\n%s", checked, err, diff)
	}
}
