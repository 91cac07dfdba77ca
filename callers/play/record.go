package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/patchcord/patchcord/calllog"
)

// answerMax bounds an answer of the API, in bytes.
const answerMax = 4 << 20

// record is all that the log has of a call, once that is over.
func (s *stage) record(ctx context.Context, sid string) (rec *calllog.Call, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("not within %v", patience))
	defer cancel()
	err = until(ctx, "the call's log", func() (bool, error) {
		var list struct{ Calls []calllog.Call }
		if err := s.get(ctx, "/v1/calls?twilio_call_sid="+url.QueryEscape(sid), &list); err != nil {
			return false, err
		}
		if len(list.Calls) != 1 || list.Calls[0].Outcome == "" {
			return false, nil
		}
		rec = &calllog.Call{}
		return true, s.get(ctx, "/v1/calls/"+url.PathEscape(list.Calls[0].ID), rec)
	})
	return rec, err
}

// get asks the API.
func (s *stage) get(ctx context.Context, path string, v any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s answered %d", path, res.StatusCode)
	}
	return json.NewDecoder(io.LimitReader(res.Body, answerMax)).Decode(v)
}
