package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// blowUp is a small schema that stands for two to the power of n subschemas.
func blowUp(n int) string {
	var b strings.Builder
	b.WriteString(`{"type":"object","allOf":[{"$ref":"#/$defs/d0"}],"$defs":{`)
	for i := range n {
		fmt.Fprintf(&b, `"d%d":{"allOf":[{"$ref":"#/$defs/d%d"},{"$ref":"#/$defs/d%d"}]},`, i, i+1, i+1)
	}
	fmt.Fprintf(&b, `"d%d":{}}}`, n)
	return b.String()
}

var goodSchemas = map[string]string{
	"none":         ``,
	"plain":        `{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}`,
	"spaced":       "{\n  \"type\": \"object\", \"properties\": {}\n}",
	"draft-07":     `{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","definitions":{"l":{"type":"integer"}},"properties":{"n":{"$ref":"#/definitions/l"}}}`,
	"with-id":      `{"$id":"https://example.com/a","type":"object","properties":{"n":{"$ref":"#/$defs/l"}},"$defs":{"l":{"type":["integer","null"]}}}`,
	"escaped-ref":  `{"type":"object","properties":{"a/b":{"type":"string"},"c":{"$ref":"#/properties/a~1b"}}}`,
	"list-ref":     `{"type":"object","properties":{"c":{"$ref":"#/allOf/0"}},"allOf":[{"minProperties":0}]}`,
	"tricky-names": `{"type":"object","properties":{"enum":{"type":"string"},"$ref":{"type":"string"},"type":{"type":"string"},"$id":{"type":"string"}}}`,
	"data":         `{"type":"object","properties":{"a":{"default":{"type":"kind","$ref":"#"},"enum":[{"$id":1}]}}}`,
}

func TestCompileAccepts(t *testing.T) {
	for name, schema := range goodSchemas {
		t.Run(name, func(t *testing.T) {
			offered, resolved, err := compile(json.RawMessage(schema))
			if err != nil {
				t.Fatal(err)
			}
			if err := resolved.Validate(map[string]any{}); err != nil && name != "plain" {
				t.Errorf("an empty object is refused: %v", err)
			}
			var agent struct {
				Type       string
				Properties map[string]any
			}
			if err := json.Unmarshal(offered, &agent); err != nil || agent.Type != "object" || agent.Properties == nil {
				t.Errorf("agents are offered %s", offered)
			}
			if strings.Contains(string(offered), "\n") {
				t.Errorf("agents are offered white space: %s", offered)
			}
		})
	}
}

var badSchemas = map[string]struct{ schema, want string }{
	"not-json":         {`{"type":`, "not JSON"},
	"true":             {`true`, `type "object"`},
	"null":             {`null`, `type "object"`},
	"string":           {`{"type":"string"}`, `type "object"`},
	"no-type":          {`{"properties":{}}`, `type "object"`},
	"misspelt-type":    {`{"type":"object","properties":{"a":{"type":"sting"}}}`, "type sting is not one of"},
	"misspelt-one-of":  {`{"type":"object","properties":{"a":{"type":["null","sting"]}}}`, "type sting is not one of"},
	"type-of-number":   {`{"type":"object","items":{"type":5}}`, "type 5 is not one of"},
	"enum-of-number":   {`{"type":"object","properties":{"a":{"enum":5}}}`, "enum cannot be a number"},
	"null-property":    {`{"type":"object","properties":{"a":null}}`, "nil"},
	"bad-pattern":      {`{"type":"object","properties":{"a":{"pattern":"("}}}`, "pattern"},
	"old-draft":        {`{"$schema":"http://json-schema.org/draft-04/schema#","type":"object"}`, "not supported"},
	"remote-ref":       {`{"type":"object","properties":{"a":{"$ref":"https://example.com/s"}}}`, "must begin with #"},
	"ref-nowhere":      {`{"type":"object","properties":{"a":{"$ref":"#/$defs/none"}}}`, "none"},
	"ref-off-list":     {`{"type":"object","allOf":[{"$ref":"#/allOf/7"}]}`, "points nowhere"},
	"ref-into-text":    {`{"type":"object","title":"x","allOf":[{"$ref":"#/title/x"}]}`, "points nowhere"},
	"ref-of-number":    {`{"type":"object","allOf":[{"$ref":7}]}`, "must begin with #"},
	"anchor":           {`{"type":"object","$defs":{"a":{"$anchor":"x"}}}`, "$anchor is not supported"},
	"inner-id":         {`{"type":"object","properties":{"a":{"$id":"https://example.com/a"}}}`, "$id is not supported"},
	"self":             {`{"type":"object","allOf":[{"$ref":"#"}]}`, "recursive"},
	"self-in-default":  {`{"type":"object","properties":{"default":{"allOf":[{"$ref":"#/properties/default"}]}}}`, "recursive"},
	"tree":             {`{"type":"object","properties":{"child":{"$ref":"#"}}}`, "recursive"},
	"self-overlaid":    {`{"type":"object","allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"allOf":[{"$ref":"#/$defs/a"}]}},"$defs":{}}`, `no key "a"`},
	"self-in-capitals": {`{"type":"object","allOf":[{"$REF":"#"}]}`, "$REF must be written $ref"},
	"blow-up":          {blowUp(20), "larger than 2000"},
	"too-long":         {`{"type":"object","title":"` + strings.Repeat("x", maxSchema) + `"}`, "at most 65536"},
}

func TestCompileRefuses(t *testing.T) {
	for name, test := range badSchemas {
		t.Run(name, func(t *testing.T) {
			if _, _, err := compile(json.RawMessage(test.schema)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want %q in it", err, test.want)
			}
		})
	}
}

// Whatever compile accepts must neither loop nor panic, whatever it is asked about.
func FuzzSchema(f *testing.F) {
	for _, schema := range goodSchemas {
		f.Add([]byte(schema), []byte(`{"order_id":"A-17","n":1}`))
	}
	for _, test := range badSchemas {
		if len(test.schema) < maxSeed {
			f.Add([]byte(test.schema), []byte(`{"a":[1,"x",null]}`))
		}
	}
	f.Fuzz(func(t *testing.T, schema, arguments []byte) {
		offered, resolved, err := compile(schema)
		if err != nil {
			return
		}
		tool := Tool{info: Info{Name: "t"}, schema: resolved}
		clean, err := tool.arguments(arguments)
		if err != nil {
			return
		}
		// The schema that agents are offered decides alike.
		_, again, err := compile(offered)
		if err != nil {
			t.Fatalf("the offered schema %s is refused: %v", offered, err)
		}
		if _, err := (Tool{info: Info{Name: "t"}, schema: again}).arguments(clean); err != nil {
			t.Fatalf("the offered schema %s refuses %s: %v", offered, clean, err)
		}
	})
}
