package hume

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// answered are fields that the account fills in by itself.
var answered = []string{"id", "name", "version", "created_on", "modified_on", "version_description", "version_type",
	"tools", "prompt"}

// with is the body that makes a new version. Hume answers with more than it
// takes: where a configuration shows a whole tool, prompt or voice, it wants to be
// told which. What this package does not know is sent back as it came.
func (c Configuration) with(ch Change) (map[string]any, error) {
	body := map[string]any{}
	for field, value := range maps.All(c.fields) {
		if string(value) == "null" || slices.Contains(answered, field) {
			continue
		}
		sent, err := told(field, value)
		if err != nil {
			return nil, fmt.Errorf("can't preserve the configuration's %s: %w", field, err)
		}
		body[field] = sent
	}
	if _, ok := body["evi_version"]; !ok {
		return nil, errors.New("the configuration has no evi_version")
	}
	if tools := c.merged(ch.Tools); len(tools) > 0 {
		body["tools"] = tools
	}
	switch {
	case ch.Prompt != nil:
		body["prompt"] = ch.Prompt.sent()
	case c.Prompt != nil:
		body["prompt"] = c.Prompt.sent()
	}
	if ch.Note != "" {
		body["version_description"] = ch.Note
	}
	return body, nil
}

// merged are the tools of the configuration, with those of a change in their
// place or after them.
func (c Configuration) merged(change []Ref) []refJSON {
	var all []refJSON
	for _, was := range c.Tools {
		if i := slices.IndexFunc(change, func(r Ref) bool { return r.ID == was.ID }); i >= 0 {
			was = change[i]
		}
		all = append(all, was.sent())
	}
	for _, r := range change {
		if !slices.ContainsFunc(c.Tools, func(was Ref) bool { return was.ID == r.ID }) {
			all = append(all, r.sent())
		}
	}
	return all
}

// told is a field of an answer as Hume wants to be told it.
func told(field string, value json.RawMessage) (any, error) {
	switch field {
	case "voice": // {id, name, provider, …} → {id or name, provider}
		var v struct {
			ID       string `json:"id,omitempty"`
			Name     string `json:"name,omitempty"`
			Provider string `json:"provider,omitempty"`
		}
		err := json.Unmarshal(value, &v)
		switch {
		case v.ID != "":
			v.Name = ""
		case v.Name == "":
			return value, err
		}
		return v, err
	case "builtin_tools": // {tool_type, name, fallback_content} → {name, fallback_content}
		type builtin struct {
			Name     string  `json:"name"`
			Fallback *string `json:"fallback_content,omitempty"`
		}
		var list []*builtin
		err := json.Unmarshal(value, &list)
		return slices.DeleteFunc(list, func(b *builtin) bool { return b == nil }), err
	}
	return value, nil
}
