package humetest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// shelf is all things of one kind.
type shelf struct {
	page   string // the name of a page's list
	things []*thing
}

// thing is a tool, a prompt or a configuration: the bodies of its versions, from 0.
type thing struct {
	id, name string
	made     int
	versions []map[string]any
}

func (s *shelf) find(id string) *thing {
	for _, t := range s.things {
		if t.id == id {
			return t
		}
	}
	return nil
}

// create puts a thing on its shelf. s.mu is held.
func (s *Server) create(kind, name string, body map[string]any) *thing {
	s.made++
	t := &thing{fmt.Sprintf("%08x-0000-4000-8000-%012x", len(kind), s.made), name, s.made, nil}
	s.kinds[kind].things = append(s.kinds[kind].things, t)
	s.add(kind, t, body)
	return t
}

// add adds a version to a thing. The text of a configuration's prompt becomes a
// prompt of its own. s.mu is held.
func (s *Server) add(kind string, t *thing, body map[string]any) {
	body = maps.Clone(body)
	if prompt, ok := body["prompt"].(map[string]any); ok && kind == "configs" && prompt["text"] != nil {
		made := s.create("prompts", t.name, map[string]any{"text": prompt["text"]})
		body["prompt"] = map[string]any{"id": made.id, "version": 0}
	}
	t.versions = append(t.versions, body)
}

// list answers with a page of all things, or of one thing's versions.
func (s *Server) list(w http.ResponseWriter, r *http.Request, kind string, only *thing) {
	q := r.URL.Query()
	number, okNumber := whole(q, "page_number", 0, 0, 1<<30)
	size, okSize := whole(q, "page_size", 10, 1, 100)
	recent := q.Get("restrict_to_most_recent")
	if !okNumber || !okSize || recent != "" && recent != "true" && recent != "false" {
		refuse(w, http.StatusBadRequest, "E0400",
			"Want page_number from 0, page_size 1 to 100, restrict_to_most_recent true or false")
		return
	}
	things := s.kinds[kind].things
	if only != nil {
		things = []*thing{only}
	}
	all := []map[string]any{}
	for _, t := range things {
		if name := q.Get("name"); name != "" && name != t.name {
			continue
		}
		from := len(t.versions) - 1
		if recent == "false" {
			from = 0
		}
		for n := from; n < len(t.versions); n++ {
			all = append(all, s.shown(kind, t, n))
		}
	}
	from := min(number*size, len(all))
	reply(w, http.StatusOK, map[string]any{"page_number": number, "page_size": size,
		"total_pages":      (len(all) + size - 1) / size,
		s.kinds[kind].page: all[from:min(from+size, len(all))]})
}

// whole reads a number of the query within bounds.
func whole(q url.Values, name string, otherwise, least, most int) (int, bool) {
	if !q.Has(name) {
		return otherwise, true
	}
	n, err := strconv.Atoi(q.Get(name))
	return n, err == nil && n >= least && n <= most
}

// epoch is when the first thing was made, in Unix seconds.
const epoch = 1_790_000_000

// shown is a version as the account answers it. s.mu is held.
func (s *Server) shown(kind string, t *thing, version int) map[string]any {
	body := t.versions[version]
	v := map[string]any{"id": t.id, "name": t.name, "version": version, "version_type": "FIXED",
		"version_description": body["version_description"],
		"created_on":          epoch + t.made, "modified_on": epoch + t.made + version,
		"something_new": map[string]any{"of": "a later reference"}}
	switch kind {
	case "tools":
		v["tool_type"] = "FUNCTION"
		v["parameters"], v["description"], v["fallback_content"] = body["parameters"], body["description"],
			body["fallback_content"]
	case "prompts":
		v["text"] = body["text"]
	case "configs":
		delete(v, "version_type")
		delete(v, "something_new") // a client sends back what it does not know, and here nothing unknown is taken
		s.showConfig(v, body)
	}
	return v
}

// showConfig fills in a configuration: null for what it does not say, and the
// whole of what it names.
func (s *Server) showConfig(v, body map[string]any) {
	for field := range configFields {
		if _, ok := v[field]; !ok {
			v[field] = body[field]
		}
	}
	if list, ok := body["tools"].([]any); ok {
		var whole []any
		for _, ref := range list {
			whole = append(whole, s.resolve("tools", ref))
		}
		v["tools"] = append(whole, nil) // the reference lets elements be null
	}
	if ref, ok := body["prompt"].(map[string]any); ok {
		v["prompt"] = s.resolve("prompts", ref)
	}
	if voice, ok := body["voice"].(map[string]any); ok {
		whole := map[string]any{"id": "5bb7de05-c8fe-426a-8fcc-ba4fc4ce9f9c", "name": "EXAMPLE VOICE",
			"compatible_octave_models": []any{"1", "2"}}
		maps.Copy(whole, voice)
		v["voice"] = whole
	}
	if list, ok := body["builtin_tools"].([]any); ok {
		var whole []any
		for _, b := range list {
			one := map[string]any{"tool_type": "BUILTIN", "fallback_content": nil}
			maps.Copy(one, b.(map[string]any)) // checked
			whole = append(whole, one)
		}
		v["builtin_tools"] = whole
	}
}

// resolve is the version that a ref of a configuration leads to.
func (s *Server) resolve(kind string, ref any) any {
	r, _ := ref.(map[string]any)
	id, _ := r["id"].(string)
	t := s.kinds[kind].find(id)
	if t == nil {
		return nil
	}
	n, fixed := number(r["version"])
	if !fixed {
		n = len(t.versions) - 1
	}
	v := s.shown(kind, t, n)
	if !fixed {
		v["version_type"] = "LATEST"
	}
	return v
}

// number is a whole number of JSON.
func number(v any) (int, bool) {
	switch n := v.(type) {
	case float64:
		return int(n), n == float64(int(n))
	case int:
		return n, true
	}
	return 0, false
}
