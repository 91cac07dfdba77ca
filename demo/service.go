package demo

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// Bounds of asking the service.
const (
	askTimeout = 5 * time.Second
	maxAnswer  = 4 << 20 // bytes
)

// service is the service as its operators see it: the API, with their token.
type service struct{ url, token string }

// get asks for a path; the caller closes the answer's body.
func (s service) get(ctx context.Context, path string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("GET %s answered %d", path, res.StatusCode)
	}
	return res, nil
}

// getJSON asks for a path and reads the answer into v.
func (s service) getJSON(ctx context.Context, path string, v any) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	res, err := s.get(ctx, path)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(v); err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	return nil
}

// ready tells whether the service takes calls.
func (s service) ready(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	res, err := s.get(ctx, "/readyz")
	if err != nil {
		return false
	}
	res.Body.Close()
	return true
}

// find returns our identifier of the call that Twilio knows by a SID.
func (s service) find(ctx context.Context, callSID string) (string, error) {
	var list struct{ Calls []calllog.Call }
	if err := s.getJSON(ctx, "/v1/calls?twilio_call_sid="+url.QueryEscape(callSID), &list); err != nil {
		return "", err
	}
	if len(list.Calls) != 1 {
		return "", fmt.Errorf("the call log has %d calls of that SID, not 1", len(list.Calls))
	}
	return list.Calls[0].ID, nil
}

// call returns all that the log has of a call.
func (s service) call(ctx context.Context, id string) (calllog.Call, error) {
	var c calllog.Call
	err := s.getJSON(ctx, "/v1/calls/"+url.PathEscape(id), &c)
	return c, err
}

// follow hands over the log's entries of a call as they are written, until the call is
// over. An entry comes again when more is known of it.
func (s service) follow(ctx context.Context, id string, take func(calllog.Entry)) error {
	res, err := s.get(ctx, "/v1/calls/"+url.PathEscape(id)+"/events")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return readEvents(io.LimitReader(res.Body, maxAnswer), take)
}

// readEvents reads server-sent events up to the one that says that the call is over.
func readEvents(r io.Reader, take func(calllog.Entry)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20) // bytes of a line
	for lines.Scan() {
		if bytes.Equal(lines.Bytes(), []byte("event: end")) {
			return nil
		}
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}
		var e calllog.Entry
		if err := json.Unmarshal(data, &e); err != nil {
			return fmt.Errorf("the call's events: %w", err)
		}
		take(e)
	}
	return errors.Join(errors.New("the call's events broke off"), lines.Err())
}
