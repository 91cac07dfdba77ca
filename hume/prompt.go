package hume

import (
	"context"
	"errors"
	"fmt"
)

// Prompt is a version of a prompt, as the account has it.
type Prompt struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Created int64  `json:"created_on"` // Unix seconds
	Name    string `json:"name"`
	Text    string `json:"text"`
}

func (p Prompt) identity() (string, int) { return p.ID, p.Version }

// promptJSON is a prompt that is sent.
type promptJSON struct {
	Name               string `json:"name,omitempty"`
	Text               string `json:"text"`
	VersionDescription string `json:"version_description,omitempty"`
}

// Prompts lists every prompt of the account in its newest version.
func (c *Client) Prompts(ctx context.Context) ([]Prompt, error) {
	return list[Prompt](ctx, c, "prompts", "prompts_page")
}

// CreatePrompt makes a prompt in its first version. The note describes the version.
func (c *Client) CreatePrompt(ctx context.Context, name, text, note string) (Prompt, error) {
	return c.postPrompt(ctx, "prompts", promptJSON{name, text, note})
}

// AddPromptVersion adds a version to a prompt. Its name stays.
func (c *Client) AddPromptVersion(ctx context.Context, id, text, note string) (Prompt, error) {
	id, err := part(id)
	if err != nil {
		return Prompt{}, err
	}
	return c.postPrompt(ctx, "prompts/"+id, promptJSON{"", text, note})
}

func (c *Client) postPrompt(ctx context.Context, path string, p promptJSON) (Prompt, error) {
	var made Prompt
	err := c.post(ctx, path, p, &made)
	if err == nil && made.ID == "" {
		err = fmt.Errorf("account: POST %s: %w", path, &LostError{errors.New("the answer has no id")})
	}
	return made, err
}
