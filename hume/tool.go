package hume

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// ToolSpec is what a tool says.
type ToolSpec struct {
	Name        string // the same in all versions; see CheckName
	Description string
	Parameters  string // a JSON schema, as text
	Fallback    string // for the language model if the call fails
}

// Tool is a version of a tool, as the account has it.
type Tool struct {
	ID      string
	Version int
	Created int64 // Unix seconds
	ToolSpec
}

// toolJSON is a tool on the wire; what is empty is not sent.
type toolJSON struct {
	ID                 string  `json:"id,omitempty"`
	Version            int     `json:"version,omitempty"` // from 0; never sent
	CreatedOn          int64   `json:"created_on,omitempty"`
	Name               string  `json:"name,omitempty"`
	Parameters         string  `json:"parameters"`
	Description        *string `json:"description,omitempty"`
	FallbackContent    *string `json:"fallback_content,omitempty"`
	VersionDescription string  `json:"version_description,omitempty"`
}

// UnmarshalJSON reads what the account says.
func (t *Tool) UnmarshalJSON(b []byte) error {
	var w toolJSON
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*t = Tool{w.ID, w.Version, w.CreatedOn, ToolSpec{w.Name, orEmpty(w.Description), w.Parameters,
		orEmpty(w.FallbackContent)}}
	return nil
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (t Tool) identity() (string, int) { return t.ID, t.Version }

// namePattern is what the language models behind EVI take for a function's name:
// OpenAI's and Anthropic's references agree on it. Hume names no rule of its own.
var namePattern = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// CheckName tells what is wrong with a tool's name.
func CheckName(name string) error {
	if !namePattern.MatchString(name) {
		return errors.New("want 1 to 64 letters, digits, - and _ in the name")
	}
	return nil
}

// Differences names the fields in which a version is not what is wanted:
// description, parameters, fallback_content. Parameters are compared as JSON.
func (s ToolSpec) Differences(t Tool) []string {
	var fields []string
	for _, f := range []struct {
		name  string
		equal bool
	}{{"description", s.Description == t.Description}, {"parameters", equalJSON(s.Parameters, t.Parameters)},
		{"fallback_content", s.Fallback == t.Fallback}} {
		if !f.equal {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// Tools lists every tool of the account in its newest version.
func (c *Client) Tools(ctx context.Context) ([]Tool, error) {
	return list[Tool](ctx, c, "tools", "tools_page")
}

// CreateTool makes a tool in its first version. The note describes the version.
func (c *Client) CreateTool(ctx context.Context, s ToolSpec, note string) (Tool, error) {
	return c.postTool(ctx, "tools", s, s.Name, note)
}

// AddToolVersion adds a version to a tool. Its name stays.
func (c *Client) AddToolVersion(ctx context.Context, id string, s ToolSpec, note string) (Tool, error) {
	id, err := part(id)
	if err != nil {
		return Tool{}, err
	}
	return c.postTool(ctx, "tools/"+id, s, "", note)
}

func (c *Client) postTool(ctx context.Context, path string, s ToolSpec, name, note string) (Tool, error) {
	var made Tool
	err := c.post(ctx, path, toolJSON{Name: name, Parameters: s.Parameters, Description: &s.Description,
		FallbackContent: &s.Fallback, VersionDescription: note}, &made)
	if err == nil && made.ID == "" {
		err = fmt.Errorf("account: POST %s: %w", path, &LostError{errors.New("the answer has no id")})
	}
	return made, err
}
