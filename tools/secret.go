package tools

import (
	"errors"
	"slices"
)

// Secret names fields of the arguments and of a result that is a JSON object whose values are masked wherever the call
// is written down. Package redact says what else is.
func Secret(fields ...string) Option {
	return func(i *Info) error {
		if slices.Contains(fields, "") {
			return errors.New("secret: empty field name")
		}
		i.Secret = append(slices.Clone(i.Secret), fields...)
		return nil
	}
}
