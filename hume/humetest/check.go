package humetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fields that a body may have, by kind, and whether they are texts.
var (
	toolFields = map[string]bool{"name": true, "parameters": true, "description": true, "fallback_content": true,
		"version_description": true}
	promptFields = map[string]bool{"name": true, "text": true, "version_description": true}
	configFields = map[string]bool{"name": true, "evi_version": true, "version_description": true, "prompt": false,
		"voice": false, "language_model": false,
		"ellm_model": false, "tools": false, "builtin_tools": false, "event_messages": false, "timeouts": false,
		"nudges": false, "webhooks": false,
		"turn_detection": false, "interruption": false}
)

// check finds all that Hume would refuse in a body. s.mu is held.
func (s *Server) check(kind string, creates bool, in map[string]any) []fault {
	var faults []fault
	wrong := func(at, format string, args ...any) {
		faults = append(faults, fault{"body." + at, fmt.Sprintf(format, args...)})
	}
	fields := map[string]map[string]bool{"tools": toolFields, "prompts": promptFields, "configs": configFields}[kind]
	for _, field := range slices.Sorted(maps.Keys(in)) {
		text, known := fields[field]
		switch _, isText := in[field].(string); {
		case !known || field == "name" && !creates:
			wrong(field, "Extra inputs are not permitted")
		case text && !isText && in[field] != nil:
			wrong(field, "Input should be a valid string")
		}
	}
	need := map[string][]string{"tools": {"parameters"}, "prompts": {"text"}, "configs": {"evi_version"}}[kind]
	if creates {
		need = append(need, "name")
	}
	for _, field := range need {
		if text, _ := in[field].(string); text == "" {
			wrong(field, "Field required")
		}
	}
	switch kind {
	case "tools":
		var schema map[string]any
		if text, ok := in["parameters"].(string); ok && (json.Unmarshal([]byte(text), &schema) != nil ||
			schema["type"] != "object") {
			wrong("parameters", "Input should be a stringified JSON schema of an object")
		}
	case "configs":
		s.checkConfig(in, wrong)
	}
	return faults
}

func (s *Server) checkConfig(in map[string]any, wrong func(at, format string, args ...any)) {
	if v := in["evi_version"]; v != "3" && v != "4-mini" {
		wrong("evi_version", "Input should be '3' or '4-mini'")
	}
	if v, ok := in["voice"]; ok {
		voice, _ := v.(map[string]any)
		only(voice, "voice", wrong, "id", "name", "provider")
		if (voice["id"] == nil) == (voice["name"] == nil) {
			wrong("voice", "Input should have either id or name")
		}
		if p := voice["provider"]; p != "HUME_AI" && p != "CUSTOM_VOICE" {
			wrong("voice.provider", "Input should be 'HUME_AI' or 'CUSTOM_VOICE'")
		}
	} else if in["evi_version"] == "3" {
		wrong("voice", "EVI 3 needs a voice")
	}
	for i, t := range objects(in, "tools", wrong) {
		s.checkRef("tools", fmt.Sprintf("tools.%d", i), t, wrong)
	}
	if p, ok := in["prompt"]; ok {
		prompt, _ := p.(map[string]any)
		if text, _ := prompt["text"].(string); text != "" {
			only(prompt, "prompt", wrong, "text")
		} else {
			s.checkRef("prompts", "prompt", prompt, wrong)
		}
	}
	for i, b := range objects(in, "builtin_tools", wrong) {
		at := fmt.Sprintf("builtin_tools.%d", i)
		only(b, at, wrong, "name", "fallback_content")
		if b["name"] != "web_search" && b["name"] != "hang_up" {
			wrong(at+".name", "Input should be 'web_search' or 'hang_up'")
		}
	}
	for i, h := range objects(in, "webhooks", wrong) {
		at := fmt.Sprintf("webhooks.%d", i)
		only(h, at, wrong, "url", "events")
		if url, _ := h["url"].(string); !strings.HasPrefix(url, "https://") {
			wrong(at+".url", "URL scheme should be 'https'")
		}
	}
}

// checkRef holds a ref of a configuration to what is there.
func (s *Server) checkRef(kind, at string, ref map[string]any, wrong func(at, format string, args ...any)) {
	only(ref, at, wrong, "id", "version")
	id, _ := ref["id"].(string)
	t := s.kinds[kind].find(id)
	if t == nil {
		wrong(at+".id", "There is no such thing in this account")
		return
	}
	if v, ok := ref["version"]; ok {
		if n, whole := number(v); !whole || n < 0 || n >= len(t.versions) {
			wrong(at+".version", "There is no such version")
		}
	}
}

// only finds the fields of an object that it must not have.
func only(object map[string]any, at string, wrong func(at, format string, args ...any), fields ...string) {
	for _, field := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(fields, field) {
			wrong(at+"."+field, "Extra inputs are not permitted")
		}
	}
}

// objects is a list of objects; null counts as none.
func objects(in map[string]any, field string, wrong func(at, format string, args ...any)) []map[string]any {
	list, ok := in[field].([]any)
	if !ok && in[field] != nil {
		wrong(field, "Input should be a valid list")
	}
	var all []map[string]any
	for i, v := range list {
		object, ok := v.(map[string]any)
		if !ok {
			wrong(fmt.Sprintf("%s.%d", field, i), "Input should be a valid dictionary")
		}
		all = append(all, object)
	}
	return all
}
