package demo

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// How long a telephone rings, and how long Twilio takes to tell a person from a machine.
const (
	rings    = 1200 * time.Millisecond
	ringWait = 20 * time.Second // for it to ring
	amdTime  = 2 * time.Second
)

// called performs a scene on a call that the bridge places.
func (s *scene) called(ctx context.Context, who person) (*evidence, error) {
	call, err := s.rung(ctx, who)
	if err != nil {
		return nil, err
	}
	s.tell("%s's telephone rings", who.name)
	if err := sleep(ctx, rings); err != nil {
		return nil, err
	}
	s.tell("%s answers", who.name)
	picked := time.Now()
	call.PickUp()
	detected := make(chan struct{})
	go func() {
		defer close(detected)
		if sleep(s.ends, amdTime) == nil {
			call.Machine("human")
		}
	}()
	e, err := s.perform(ctx, call, idOf(call))
	<-detected
	if err == nil {
		e.picked = picked
	}
	return e, err
}

func (s *scene) rung(ctx context.Context, who person) (*twiliotest.Call, error) {
	wait, cancel := context.WithTimeoutCause(ctx, ringWait, fmt.Errorf("%s's telephone did not ring for %v", who.name, ringWait))
	defer cancel()
	return s.stage.callees[who.number].Rung(wait, 1)
}

// idOf is our id of a call that was placed.
func idOf(c *twiliotest.Call) string {
	u, err := url.Parse(c.Create().Get("Url"))
	if err != nil {
		return ""
	}
	return u.Query().Get("call")
}

// permitted tells whether the ledger has a permit for a call of ours.
func (s *stage) permitted(callID string) bool {
	for _, p := range people {
		facts, err := s.service.history(context.Background(), p.number) // bounded by askTimeout
		if err == nil && slices.ContainsFunc(facts, func(f consent.Fact) bool {
			return f.Type == consent.Permitted && f.PermitStatus == consent.PermitMinted && f.CallID == callID
		}) {
			return true
		}
	}
	return false
}
