package api

import "github.com/patchcord/patchcord/consent"

// ProblemType is the content type of every answer that is an error.
const ProblemType = "application/problem+json"

// Problem is an error of the API: the problem document of RFC 9457, with the members that
// ours may have.
type Problem struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Status   int               `json:"status"` // of the answer
	Detail   string            `json:"detail,omitempty"`
	Errors   []FieldError      `json:"errors,omitempty"`   // of a bad request: each wrong field
	Decision *consent.Decision `json:"decision,omitempty"` // of a refusal by the gate
}

// FieldError is one wrong field of a body, and what it wants.
type FieldError struct {
	Field  string `json:"field"` // with its path, such as intents[2].to
	Detail string `json:"detail"`
}
