package config

import (
	"encoding/json"
	"fmt"

	"github.com/patchcord/patchcord/tools"
)

// AddTool makes a tool of bridge.yaml and puts it into a registry.
func (c *Config) AddTool(r *tools.Registry, name string, t toolBlock) error {
	tool, err := c.httpTool(name, t)
	if err != nil {
		return err
	}
	return r.Add(tool)
}

// httpTool makes a tool of bridge.yaml.
func (c *Config) httpTool(name string, t toolBlock) (tools.Tool, error) {
	h := tools.HTTPConfig{Description: t.Description, URL: t.HTTP.URL, Method: t.HTTP.Method, Timeout: t.Timeout, Headers: c.Expand(t.HTTP.Headers),
		MaxResponse: t.HTTP.MaxResponse, AllowPrivateRedirects: t.HTTP.AllowPrivateRedirects, Idempotent: t.HTTP.Idempotent}
	if t.Parameters != nil {
		schema, err := json.Marshal(t.Parameters)
		if err != nil {
			return tools.Tool{}, fmt.Errorf("parameters: %w", err)
		}
		h.Parameters = schema
	}
	var err error
	if h.SigningKey, err = c.signingKey(t.HTTP.Sign); err != nil {
		return tools.Tool{}, fmt.Errorf("sign: %w", err)
	}
	opts := []tools.Option{tools.Secret(t.Secret...), tools.Failure(t.Failure), tools.Filler(t.Filler)}
	if t.Interruption == "cancel" {
		opts = append(opts, tools.CancelOnInterruption())
	}
	return tools.HTTP(name, h, opts...)
}

// Expand puts the environment's values into headers.
func (c *Config) Expand(headers map[string]string) map[string]string {
	full := map[string]string{}
	for k, v := range headers {
		full[k] = envName.ReplaceAllStringFunc(v, func(m string) string { return c.Vars[m[2:len(m)-1]] })
	}
	return full
}
