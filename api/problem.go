package api

import (
	"errors"
	"fmt"
	"strings"

	"github.com/patchcord/patchcord/consent"
)

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

func (p *Problem) Error() string { return strings.Join(p.Lines(), "\n") }

// Lines is the error as it is printed: what was answered, then each wrong field.
func (p *Problem) Lines() []string {
	if len(p.Errors) == 0 {
		return []string{fmt.Sprintf("the service answered %d: %s", p.Status, strings.Trim(p.Title+": "+p.Detail, ": "))}
	}
	list := []string{fmt.Sprintf("the service answered %d: %d problem(s)", p.Status, len(p.Errors))}
	for _, f := range p.Errors {
		list = append(list, "  "+f.Field+": "+f.Detail)
	}
	return list
}

// UnreachableError is a service that gave no answer. What was asked may have been done.
type UnreachableError struct {
	URL string // of the service
	Err error
}

func (e *UnreachableError) Error() string {
	cause := e.Err
	if inner := errors.Unwrap(cause); inner != nil { // without the whole URL, which may name a person
		cause = inner
	}
	return fmt.Sprintf("ask the service at %s: %v; is it running?", e.URL, cause)
}

// Unwrap is the error of the connection.
func (e *UnreachableError) Unwrap() error { return e.Err }
