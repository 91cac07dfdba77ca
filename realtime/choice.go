package realtime

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Values of a Config that are a word in one case and an object or a number in
// another. Their UnmarshalJSON never fails; what is of another kind is zero.

// Voice names a voice, such as "marin". One that begins with "voice_" is the id
// of a custom voice.
type Voice string

// MarshalJSON is the name, or an object with the id.
func (v Voice) MarshalJSON() ([]byte, error) {
	if strings.HasPrefix(string(v), "voice_") {
		return json.Marshal(map[string]string{"id": string(v)})
	}
	return json.Marshal(string(v))
}

// UnmarshalJSON takes either.
func (v *Voice) UnmarshalJSON(b []byte) error {
	custom := fields[struct{ ID string }](b)
	*v = Voice(custom.ID)
	if custom.ID == "" {
		*v = Voice(fields[string](b))
	}
	return nil
}

// MaxTokens bounds an answer: 1 to 4096, or [Unbounded]. 0 is left out.
type MaxTokens int

// Unbounded is the word "inf".
const Unbounded MaxTokens = -1

// MarshalJSON is a number, or the word.
func (m MaxTokens) MarshalJSON() ([]byte, error) {
	if m == Unbounded {
		return []byte(`"inf"`), nil
	}
	return json.Marshal(int(m))
}

// UnmarshalJSON takes either.
func (m *MaxTokens) UnmarshalJSON(b []byte) error {
	*m = MaxTokens(max(fields[int](b), 0))
	if string(b) == `"inf"` {
		*m = Unbounded
	}
	return nil
}

// ToolChoice says whether the model may or must call a tool: a Mode, or else the
// name of a Function, or else an MCP server and perhaps one tool of it.
type ToolChoice struct {
	Mode      string // [ToolAuto], [ToolNone], [ToolRequired]
	Function  string
	MCPServer string // its label
	MCPTool   string
}

// The modes of a ToolChoice.
const (
	ToolAuto     = "auto"
	ToolNone     = "none"
	ToolRequired = "required"
)

type toolChoice struct {
	Type        string `json:"type"`
	Name        string `json:"name,omitempty"`
	ServerLabel string `json:"server_label,omitempty"`
}

// MarshalJSON is the mode's word, or an object.
func (c ToolChoice) MarshalJSON() ([]byte, error) {
	switch {
	case c.Mode != "":
		return json.Marshal(c.Mode)
	case c.Function != "":
		return json.Marshal(toolChoice{Type: "function", Name: c.Function})
	}
	return json.Marshal(toolChoice{Type: "mcp", Name: c.MCPTool, ServerLabel: c.MCPServer})
}

// UnmarshalJSON takes either.
func (c *ToolChoice) UnmarshalJSON(b []byte) error {
	*c = ToolChoice{Mode: fields[string](b)}
	switch o := fields[toolChoice](b); o.Type {
	case "function":
		c.Function = o.Name
	case "mcp":
		c.MCPServer, c.MCPTool = o.ServerLabel, o.Name
	}
	return nil
}

// Truncation says what is forgotten when the conversation outgrows the model: a
// Mode, or with [RetentionRatio] the share that is kept.
type Truncation struct {
	Mode             string  // [TruncateAuto], [TruncateDisabled], [RetentionRatio]
	Ratio            float64 // 0 to 1; kept of what fits
	PostInstructions int     // tokens that may follow the instructions; 0 leaves it to the model
}

// The modes of a Truncation.
const (
	TruncateAuto     = "auto"
	TruncateDisabled = "disabled" // an error when it is full
	RetentionRatio   = "retention_ratio"
)

type truncation struct {
	Type   string  `json:"type"`
	Ratio  float64 `json:"retention_ratio"`
	Limits *limits `json:"token_limits,omitempty"`
}

type limits struct {
	PostInstructions int `json:"post_instructions"`
}

// MarshalJSON is the mode's word, or an object.
func (t Truncation) MarshalJSON() ([]byte, error) {
	if t.Mode != RetentionRatio {
		return json.Marshal(t.Mode)
	}
	w := truncation{Type: t.Mode, Ratio: t.Ratio}
	if t.PostInstructions != 0 {
		w.Limits = &limits{t.PostInstructions}
	}
	return json.Marshal(w)
}

// UnmarshalJSON takes either.
func (t *Truncation) UnmarshalJSON(b []byte) error {
	*t = Truncation{Mode: fields[string](b)}
	if w := fields[truncation](b); w.Type != "" {
		t.Mode, t.Ratio = w.Type, w.Ratio
		if w.Limits != nil {
			t.PostInstructions = w.Limits.PostInstructions
		}
	}
	return nil
}

// Tracing says how a session shows up in the vendor's traces, where transcripts
// are stored. The zero Tracing is the word "auto"; Null, in a Config, is off.
type Tracing struct {
	WorkflowName string
	GroupID      string
	Metadata     map[string]any
}

type tracing struct {
	WorkflowName string         `json:"workflow_name,omitempty"`
	GroupID      string         `json:"group_id,omitempty"`
	Metadata     map[string]any `json:"metadata,omitempty"`
}

// MarshalJSON is the word, or an object.
func (t Tracing) MarshalJSON() ([]byte, error) {
	if t.WorkflowName == "" && t.GroupID == "" && len(t.Metadata) == 0 {
		return []byte(`"auto"`), nil
	}
	return json.Marshal(tracing(t))
}

// UnmarshalJSON takes either.
func (t *Tracing) UnmarshalJSON(b []byte) error {
	*t = Tracing{}
	if bytes.HasPrefix(b, []byte("{")) {
		*t = Tracing(fields[tracing](b))
	}
	return nil
}
