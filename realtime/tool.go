package realtime

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Tool is what the model may call: a function of the client's, which is the
// default, or an MCP server that the vendor itself talks to.
type Tool struct {
	Type        string          `json:"type"` // [ToolFunction], filled in if empty, or [ToolMCP]
	Name        string          `json:"name,omitempty"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters,omitempty"` // a JSON schema: an object, not text

	ServerLabel       string            `json:"server_label,omitempty"` // this and what follows: of MCP
	ServerURL         string            `json:"server_url,omitempty"`
	TunnelID          string            `json:"tunnel_id,omitempty"`
	Authorization     string            `json:"authorization,omitempty"`
	Headers           map[string]string `json:"headers,omitempty"`
	AllowedTools      any               `json:"allowed_tools,omitempty"`    // names, or a filter
	RequireApproval   any               `json:"require_approval,omitempty"` // "always", "never", or a filter
	ServerDescription string            `json:"server_description,omitempty"`
	DeferLoading      bool              `json:"defer_loading,omitempty"`
}

// The types of a tool.
const (
	ToolFunction = "function"
	ToolMCP      = "mcp"
)

func (t Tool) check(field string) error {
	switch {
	case t.Type == ToolMCP && t.ServerLabel == "":
		return fmt.Errorf("%s.ServerLabel is empty", field)
	case t.Type == ToolMCP:
		return nil
	case t.Type != ToolFunction && t.Type != "":
		return fmt.Errorf("%s.Type is %q: function or mcp is wanted", field, t.Type)
	case t.Name == "":
		return fmt.Errorf("%s.Name is empty", field)
	case len(t.Parameters) > 0 && !isObject(t.Parameters):
		return fmt.Errorf("%s.Parameters is not a JSON object", field)
	}
	return nil
}

func isObject(raw []byte) bool {
	return json.Valid(raw) && bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{"))
}

// functions fills in the type of those that have none.
func functions(tools []Tool) []Tool {
	if tools == nil {
		return nil
	}
	filled := make([]Tool, len(tools))
	for i, t := range tools {
		if t.Type == "" {
			t.Type = ToolFunction
		}
		filled[i] = t
	}
	return filled
}
