package consent

import (
	"fmt"
	"strings"
)

// FieldError is one field of a fact that is wrong. Neither of its texts holds what
// the field says.
type FieldError struct {
	Field   string `json:"field"` // as on the wire, such as evidence.text
	Problem string `json:"problem"`
}

// FieldErrors is all that is wrong with a fact, in the order of its fields.
type FieldErrors []FieldError

func (e FieldErrors) Error() string {
	parts := make([]string, len(e))
	for i, f := range e {
		parts[i] = f.Field + ": " + f.Problem
	}
	return strings.Join(parts, "; ")
}

// add notes a problem.
func (e *FieldErrors) add(field, format string, args ...any) {
	*e = append(*e, FieldError{field, fmt.Sprintf(format, args...)})
}

// err is nil if nothing is wrong.
func (e FieldErrors) err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}
