package hume

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
)

// Configuration is a version of an EVI configuration, as the account has it.
type Configuration struct {
	ID, Name string
	Version  int
	Tools    []Ref
	Prompt   *Ref // nil for none

	fields map[string]json.RawMessage // all of it, as it came
}

func (c Configuration) identity() (string, int) { return c.ID, c.Version }

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
		return Configuration{}, fmt.Errorf("account: GET configs/%s: %w", escaped,
			&APIError{Status: 404, Message: "unknown configuration"})
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
