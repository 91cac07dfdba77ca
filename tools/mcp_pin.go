package tools

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Pin is what a server's tool was when somebody looked at it: all that a model reads of it. An agent that is told other
// words by the server later may do other things.
type Pin struct {
	SHA256      string          `json:"sha256"` // of name, description and schema, in hexadecimal
	Description string          `json:"description"`
	Schema      json.RawMessage `json:"schema"` // of the arguments; null if the tool has none
}

// newPin makes the pin of a tool.
func newPin(name, description string, schema any) (Pin, error) {
	raw, err := json.Marshal(schema)
	if err != nil {
		return Pin{}, fmt.Errorf("the schema of %.80q is not JSON", name)
	}
	p := Pin{Description: description, Schema: raw}
	p.SHA256, err = p.sum(name)
	return p, err
}

// sum is the hash over what is pinned: a JSON list, in which schemas that mean the same have the same text.
func (p Pin) sum(name string) (string, error) {
	var schema any
	if err := json.Unmarshal(p.Schema, &schema); err != nil {
		return "", fmt.Errorf("the schema of %.80q is not JSON", name)
	}
	text, err := json.Marshal([]any{name, p.Description, schema})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Holds tells whether the hash is that of a tool of this name with the pin's description and schema. If not, somebody has
// changed one of them and not the other.
func (p Pin) Holds(name string) bool {
	sum, err := p.sum(name)
	return err == nil && sum == p.SHA256
}

// differs says what is not as it was pinned, empty for nothing.
func (p Pin) differs(now Pin) string {
	switch {
	case p.SHA256 == now.SHA256:
		return ""
	case p.Description == now.Description:
		return "its schema does not match its pin"
	}
	return "its description does not match its pin"
}
