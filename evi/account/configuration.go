package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
)

// Ref names a version of a tool or a prompt.
type Ref struct {
	ID      string
	Version int    // from 0
	Follows bool   // the newest version is taken, whichever it is
	Name    string // as the account says; not sent
}

// is tells whether two refs lead to the same version now.
func (r Ref) is(other Ref) bool { return r.ID == other.ID && r.Version == other.Version }

// Configuration is a version of an EVI configuration, as the account has it.
type Configuration struct {
	ID, Name string
	Version  int
	Tools    []Ref
	Prompt   *Ref // nil for none

	fields map[string]json.RawMessage // all of it, as it came
}

func (c Configuration) identity() (string, int) { return c.ID, c.Version }

// refJSON is a ref on the wire. What comes has more fields, what is sent has these.
type refJSON struct {
	ID          string `json:"id"`
	Version     *int   `json:"version,omitempty"` // from 0
	VersionType string `json:"version_type,omitempty"`
	Name        string `json:"name,omitempty"`
}

func (w refJSON) ref() Ref {
	r := Ref{ID: w.ID, Follows: w.VersionType == "LATEST" || w.Version == nil, Name: w.Name}
	if w.Version != nil {
		r.Version = *w.Version
	}
	return r
}

// sent is the ref as it is sent: without a version the newest is taken.
func (r Ref) sent() refJSON {
	if r.Follows {
		return refJSON{ID: r.ID}
	}
	return refJSON{ID: r.ID, Version: &r.Version}
}

// UnmarshalJSON reads what the account says, and keeps what it does not know.
func (c *Configuration) UnmarshalJSON(b []byte) error {
	var w struct {
		ID, Name string
		Version  int
		Tools    []*refJSON
		Prompt   *refJSON
	}
	fields := map[string]json.RawMessage{}
	if err := errors.Join(json.Unmarshal(b, &w), json.Unmarshal(b, &fields)); err != nil {
		return err
	}
	*c = Configuration{ID: w.ID, Name: w.Name, Version: w.Version, fields: fields}
	for _, t := range w.Tools {
		if t != nil {
			c.Tools = append(c.Tools, t.ref())
		}
	}
	if w.Prompt != nil && w.Prompt.ID != "" {
		r := w.Prompt.ref()
		c.Prompt = &r
	}
	return nil
}

// Change is what a new version of a configuration shall name. Tools that the
// configuration names beside them stay in it.
type Change struct {
	Tools  []Ref
	Prompt *Ref   // nil leaves the prompt as it is
	Note   string // describes the version
}

// Missing are the refs of a change that the configuration does not name yet.
func (c Configuration) Missing(ch Change) (tools []Ref, prompt bool) {
	for _, want := range ch.Tools {
		if !slices.ContainsFunc(c.Tools, want.is) {
			tools = append(tools, want)
		}
	}
	return tools, ch.Prompt != nil && (c.Prompt == nil || !c.Prompt.is(*ch.Prompt))
}

// Configuration reads the newest version of a configuration. One that the account
// does not have is an [*APIError] that is Gone.
func (c *Client) Configuration(ctx context.Context, id string) (Configuration, error) {
	escaped, err := part(id)
	if err != nil {
		return Configuration{}, err
	}
	var page struct {
		Configs []*Configuration `json:"configs_page"`
	}
	q := url.Values{"page_number": {"0"}, "page_size": {"1"}, "restrict_to_most_recent": {"true"}}
	if err := c.get(ctx, "configs/"+escaped, q, &page); err != nil {
		return Configuration{}, err
	}
	var newest *Configuration
	for _, v := range page.Configs {
		if v != nil && v.ID == id && (newest == nil || v.Version > newest.Version) {
			newest = v
		}
	}
	if newest == nil {
		return Configuration{}, fmt.Errorf("account: GET configs/%s: %w", escaped, &APIError{Status: 404, Message: "the account has no such configuration"})
	}
	return *newest, nil
}

// AddConfigurationVersion adds a version to a configuration that is what it was
// but for the change.
func (c *Client) AddConfigurationVersion(ctx context.Context, was Configuration, ch Change) (Configuration, error) {
	id, err := part(was.ID)
	if err != nil {
		return Configuration{}, err
	}
	body, err := was.with(ch)
	if err != nil {
		return Configuration{}, fmt.Errorf("account: POST configs/%s: %w: %w", id, errUnsent, err)
	}
	var made Configuration
	if err := c.post(ctx, "configs/"+id, body, &made); err != nil {
		return Configuration{}, err
	}
	if made.ID == "" {
		return made, fmt.Errorf("account: POST configs/%s: %w", id, &LostError{errors.New("the answer has no id")})
	}
	return made, nil
}

// answered are fields that the account fills in by itself.
var answered = []string{"id", "name", "version", "created_on", "modified_on", "version_description", "version_type", "tools", "prompt"}

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
			return nil, fmt.Errorf("the configuration's %s can't be kept: %w", field, err)
		}
		body[field] = sent
	}
	if _, ok := body["evi_version"]; !ok {
		return nil, errors.New("the configuration names no evi_version")
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
