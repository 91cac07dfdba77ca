package hume

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// keyHeader carries the API key on every REST request.
const keyHeader = "X-Hume-Api-Key"

// exchange sends one request and reads the answer into out.
func (c *Client) exchange(ctx context.Context, method, path string, in, out any) error {
	what, _, _ := strings.Cut(path, "?")
	fail := func(err error) error { return fmt.Errorf("account: %s %s: %w", method, what, err) }

	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fail(errors.Join(errUnsent, err))
		}
		if len(body) > maxRequest {
			return fail(fmt.Errorf("%w: %d bytes: want at most %d", errUnsent, len(body), maxRequest))
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return fail(errors.Join(errUnsent, err))
	}
	r.Header.Set(keyHeader, c.key)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "patchcord (+https://github.com/patchcord/patchcord)")
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(r)
	if err != nil {
		return fail(&LostError{cause(err)})
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fail(c.refusal(res))
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return fail(&LostError{err})
	case len(b) > maxAnswer:
		return fail(&LostError{fmt.Errorf("the answer is longer than %d bytes", maxAnswer)})
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fail(&LostError{fmt.Errorf("invalid answer: %w", err)})
	}
	return nil
}

// cause is an error of net/http without the address, which says nothing new.
func cause(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}
