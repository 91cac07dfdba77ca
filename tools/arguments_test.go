package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

// strict has something of every kind of rule. No rule's error may carry a value of the arguments to the log.
const strict = `{"type":"object","properties":{
	"order_id":{"type":"string","pattern":"^A-","maxLength":20},
	"lines":{"type":"array","items":{"$ref":"#/$defs/line"}},
	"how":{"enum":["post","van"]},
	"pair":{"prefixItems":[{"type":"boolean"}]},
	"either":{"anyOf":[{"type":"integer"},{"type":"boolean"}]}},
	"required":["order_id"],"additionalProperties":false,
	"$defs":{"line":{"type":"object","properties":{"count":{"type":"integer","minimum":1}}}}}`

func strictTool(t testing.TB) Tool {
	tool, err := newTool("strict", "", json.RawMessage(strict), func(context.Context, Call) (string, error) { return "", nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tool
}

var goodArguments = map[string]struct{ sent, clean string }{
	"plain":       {`{"order_id":"A-1"}`, `{"order_id":"A-1"}`},
	"spaced":      {" {\n\"order_id\" : \"A-1\" }\n", `{"order_id":"A-1"}`},
	"nested":      {`{"order_id":"A-1","lines":[{"count":2}]}`, `{"lines":[{"count":2}],"order_id":"A-1"}`},
	"long-number": {`{"order_id":"A-1","lines":[{"count":12345678901234567891}]}`, `{"lines":[{"count":12345678901234567891}],"order_id":"A-1"}`},
	"key-twice":   {`{"order_id":5,"order_id":"A-1"}`, `{"order_id":"A-1"}`},
}

var badArguments = map[string]struct{ sent, log, say string }{
	"nothing":        {``, `the object breaks "required"`, `"order_id"`},
	"null":           {`null`, `the object breaks "required"`, `"order_id"`},
	"not-json":       {`{order_id:`, "not JSON", "they are not JSON"},
	"two-values":     {`{"order_id":"A-1"} {}`, "not JSON", "they are not JSON"},
	"deep":           {strings.Repeat("[", 20000), "not JSON", "they are not JSON"},
	"list":           {`["zebra"]`, `the object breaks "type"`, "want \"object\""},
	"wrong-type":     {`{"order_id":["zebra"]}`, `"order_id" breaks "type"`, "order_id: type: [zebra]"},
	"pattern":        {`{"order_id":"zebra"}`, `"order_id" breaks "pattern"`, "zebra"},
	"too-long":       {`{"order_id":"A-zebra zebra zebra zebra"}`, `"order_id" breaks "maxLength"`, "zebra"},
	"in-a-list":      {`{"order_id":"A-1","lines":[{"count":0}]}`, `"lines[].count" breaks "minimum"`, "less than 1"},
	"in-a-pair":      {`{"order_id":"A-1","pair":["zebra"]}`, `"pair[]" breaks "type"`, "zebra"},
	"enum":           {`{"order_id":"A-1","how":"zebra"}`, `"how" breaks "enum"`, "post van"},
	"either":         {`{"order_id":"A-1","either":"zebra"}`, `"either" breaks "anyOf"`, "zebra"},
	"unknown-name":   {`{"order_id":"A-1","zebra: x":1}`, `the object breaks "additionalProperties"`, "zebra: x"},
	"number-too-big": {`{"order_id":"A-1","lines":[{"count":1e999}]}`, "a number is out of range", "a number is too large"},
	"too-many-bytes": {`{"order_id":"` + strings.Repeat("x", MaxArguments) + `"}`, "at most 65536 are allowed", "they are too long"},
}

func TestArguments(t *testing.T) {
	tool := strictTool(t)
	for name, test := range goodArguments {
		t.Run(name, func(t *testing.T) {
			clean, err := tool.arguments(json.RawMessage(test.sent))
			if err != nil || string(clean) != test.clean {
				t.Errorf("%s becomes %s, %v; want %s", test.sent, clean, err, test.clean)
			}
		})
	}
}

func TestArgumentsRefused(t *testing.T) {
	tool := strictTool(t)
	for name, test := range badArguments {
		t.Run(name, func(t *testing.T) {
			_, err := tool.arguments(json.RawMessage(test.sent))
			refusal, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("error is %v, want an *Error", err)
			}
			if !strings.Contains(refusal.Error(), test.log) || strings.Contains(refusal.Error(), "zebra") {
				t.Errorf("the log gets %q, want %q in it and nothing of the arguments", refusal, test.log)
			}
			if !strings.HasPrefix(refusal.Say, "The arguments of strict are not valid: ") || !strings.Contains(refusal.Say, test.say) {
				t.Errorf("the agent gets %q, want %q in it", refusal.Say, test.say)
			}
			if len(refusal.Say) > maxText {
				t.Errorf("the agent gets %d bytes", len(refusal.Say))
			}
		})
	}
}

// Some values fit a schema and still not the Go type it was made from.
func TestArgumentsThatDoNotFitTheType(t *testing.T) {
	type visit struct {
		At    time.Time `json:"at,omitzero"`
		Count int       `json:"count,omitempty"`
	}
	tool := mustNew(t, "visit", func(context.Context, visit) (string, error) {
		t.Error("the handler ran")
		return "", nil
	})
	r := registry(t, Config{}, tool)
	for _, test := range []struct{ sent, log string }{
		{`{"at":"zebra o'clock"}`, "tools: visit: arguments: a value does not fit its type"},
		{`{"count":1.0}`, `tools: visit: arguments: "count" does not fit its type`},
	} {
		answer := r.Call(t.Context(), Call{Name: "visit", Arguments: json.RawMessage(test.sent)})
		if answer.OK || answer.Err != test.log || !strings.HasPrefix(answer.Say, "The arguments of visit are not valid: ") {
			t.Errorf("%s is answered %+v, want the log to get %q", test.sent, answer, test.log)
		}
	}
}

// maxSeed keeps long cases out of the seeds: the fuzzer would spend its time on making them shorter. In bytes.
const maxSeed = 1024

// What is accepted is an object, is accepted again, and stays the same.
func FuzzArguments(f *testing.F) {
	for _, test := range goodArguments {
		f.Add([]byte(test.sent))
	}
	for _, test := range badArguments {
		if len(test.sent) < maxSeed {
			f.Add([]byte(test.sent))
		}
	}
	tool := strictTool(f)
	f.Fuzz(func(t *testing.T, sent []byte) {
		clean, err := tool.arguments(sent)
		if err != nil {
			refusal, ok := errors.AsType[*Error](err)
			if !ok || len(refusal.Say) > maxText || len(refusal.Error()) > maxText {
				t.Fatalf("refused with %T: %v", err, err)
			}
			return
		}
		var object map[string]any
		if err := json.Unmarshal(clean, &object); err != nil {
			t.Fatalf("accepted %q as %q: %v", sent, clean, err)
		}
		again, err := tool.arguments(clean)
		if err != nil || !bytes.Equal(again, clean) {
			t.Fatalf("%q becomes %q, then %q, %v", sent, clean, again, err)
		}
	})
}
