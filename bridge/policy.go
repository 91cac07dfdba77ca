package bridge

import (
	"errors"
	"fmt"
	"os"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

// policy is the built-in policy with the configuration's file laid over it. The
// error is every problem of the file at once.
func (c *config) policy() (*consent.Policy, error) {
	if c.file.Policy == "" {
		return consent.LoadPolicy(nil)
	}
	b, err := os.ReadFile(c.path(c.file.Policy))
	if err != nil {
		return nil, &configError{[]error{fmt.Errorf("policy: %w", err)}}
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
	if more := len(problems) - faultsMost; more > 0 {
		problems = append(problems[:faultsMost:faultsMost], fmt.Errorf("and %d more", more))
	}
	for i, p := range problems {
		problems[i] = fmt.Errorf("%s: %s", c.file.Policy, plain.Text(p.Error()))
	}
	return nil, &configError{problems}
}
