package consent

import (
	"errors"
	"testing"
)

func TestPermits(t *testing.T) {
	t.Parallel()
	var zero Permit
	if _, err := zero.Use(noon); !errors.Is(err, ErrNoPermit) {
		t.Errorf("the zero permit: %v", err)
	}
	if zero.ID() != "" || zero.CallID() != "" || zero.DecisionSeq() != 0 {
		t.Errorf("the zero permit is %s", zero)
	}
	fresh := func() Permit { return Permit{&permit{id: "p", request: call(), expires: noon.Add(permitLife)}} }
	p := fresh()
	if _, err := p.Use(noon); err != nil {
		t.Errorf("once: %v", err)
	}
	if _, err := p.Use(noon); !errors.Is(err, ErrPermitUsed) {
		t.Errorf("twice: %v", err)
	}
	if _, err := fresh().Use(noon.Add(permitLife)); !errors.Is(err, ErrPermitExpired) {
		t.Errorf("a minute later: %v", err)
	}
	shared, copies := fresh(), make(chan error, 50)
	for range cap(copies) {
		go func(p Permit) { _, err := p.Use(noon); copies <- err }(shared)
	}
	used := 0
	for range cap(copies) {
		if err := <-copies; err == nil {
			used++
		}
	}
	if used != 1 {
		t.Errorf("copies of one permit were used %d times", used)
	}
	if s := (&DeniedError{dana, Decision{Outcome: Hold}}).Error(); s != "consent: hold" {
		t.Errorf("%q", s)
	}
}
