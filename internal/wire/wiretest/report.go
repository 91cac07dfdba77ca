package wiretest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Report is what a server has to complain about.
type Report struct {
	mu     sync.Mutex
	faults []string
	errs   []error
}

// Fault notes what a real server would have refused.
func (r *Report) Fault(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

// Failed notes that a test's own script went wrong.
func (r *Report) Failed(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
}

// Faults are all faults, in the order in which they came.
func (r *Report) Faults() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.faults)
}

// Err is all that failed, or nil.
func (r *Report) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.errs...)
}
