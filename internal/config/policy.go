package config

import (
	"errors"
	"fmt"
	"os"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

// Policy is the built-in policy with the configuration's file laid over it. The
// error is every problem of the file at once.
func (c *Config) Policy() (*consent.Policy, error) {
	if c.File.Policy == "" {
		return consent.LoadPolicy(nil)
	}
	b, err := os.ReadFile(c.Path(c.File.Policy))
	if err != nil {
		return nil, &Error{[]error{fmt.Errorf("policy: %w", err)}}
	}
	p, err := consent.LoadPolicy(b)
	if err == nil {
		return p, nil
	}
	problems := []error{err}
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		problems = many.Unwrap()
	}
	if more := len(problems) - maxFaults; more > 0 {
		problems = append(problems[:maxFaults:maxFaults], fmt.Errorf("and %d more", more))
	}
	for i, p := range problems {
		problems[i] = fmt.Errorf("%s: %s", c.File.Policy, plain.Text(p.Error()))
	}
	return nil, &Error{problems}
}
