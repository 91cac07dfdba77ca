package main

import (
	"context"
	"fmt"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
)

// record is all that the log has of a call, once that is over.
func (s *stage) record(ctx context.Context, sid string) (rec *calllog.Call, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("not within %v", patience))
	defer cancel()
	err = until(ctx, "the call's log", func() (bool, error) {
		list, err := s.bridge.Calls(ctx, api.CallFilter{TwilioCallSID: sid})
		if err != nil || len(list.Calls) != 1 || list.Calls[0].Outcome == "" {
			return false, err
		}
		one, err := s.bridge.Call(ctx, list.Calls[0].ID)
		rec = &one
		return true, err
	})
	return rec, err
}
