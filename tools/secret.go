package tools

import "slices"

// Secret names fields of the arguments and of a result that is a JSON object whose values are masked wherever the call
// is written down.
func Secret(fields ...string) Option {
	return func(i *Info) error {
		i.Secret = slices.Clone(fields)
		return nil
	}
}
