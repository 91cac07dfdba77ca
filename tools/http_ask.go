package tools

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// keyHeader carries the call's Key (IETF draft "The Idempotency-Key HTTP Header Field").
const keyHeader = "Idempotency-Key"

// retryPause lets a server that is just being restarted come back, and is short against the default deadline.
const retryPause = 200 * time.Millisecond

// ask sends one request. again says that the next one may do better: there was no answer, or a 5xx.
func (h *httpTool) ask(ctx context.Context, c Call) (text string, again bool, err error) {
	request, err := h.request(ctx, c)
	if err != nil {
		return "", false, err
	}
	response, err := h.client.Do(request)
	if err != nil {
		return "", !errors.Is(err, errRedirect), describe(err)
	}
	defer response.Body.Close()

	if response.StatusCode < 200 || response.StatusCode > 299 {
		// The status line's own words are the server's, and so is the body: neither goes to the log.
		err := fmt.Errorf("http: status %d %s", response.StatusCode, http.StatusText(response.StatusCode))
		return "", response.StatusCode >= 500, &Error{Err: err}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(h.maxResponse)+1))
	if err != nil {
		return "", true, describe(err)
	}
	if len(body) > h.maxResponse {
		return "", false, fmt.Errorf("http: the answer is longer than %d bytes", h.maxResponse)
	}
	return string(body), false, nil
}

// request makes the request from the call's checked arguments.
func (h *httpTool) request(ctx context.Context, c Call) (*http.Request, error) {
	target, body := *h.url, []byte(c.Arguments)
	if h.method == http.MethodGet {
		query, err := queryWith(target.Query(), c.Arguments)
		if err != nil {
			return nil, err
		}
		target.RawQuery, body = query, nil
	}
	request, err := http.NewRequestWithContext(ctx, h.method, target.String(), bytes.NewReader(body))
	if err != nil {
		return nil, describe(err)
	}
	request.Header = h.header.Clone()
	if body != nil && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	// In lower case on purpose. To a server it is the same header, but net/http repeats a request by itself when it sees
	// the canonical name and a kept connection breaks, and a refund must not be sent twice unless the tool is marked for it.
	request.Header[strings.ToLower(keyHeader)] = []string{c.Key}
	if len(h.signingKey) > 0 {
		sign(request.Header, h.signingKey, c.Key, time.Now(), body)
	}
	return request, nil
}

// queryWith adds arguments, a JSON object, to the query of the configured URL. What the operator wrote there cannot be
// replaced by what a model, or a caller who knows how to talk to one, puts into the arguments.
func queryWith(query url.Values, arguments json.RawMessage) (string, error) {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(arguments, &values); err != nil {
		return "", fmt.Errorf("http: arguments: %w", err)
	}
	for name, raw := range values {
		if query.Has(name) {
			return "", fmt.Errorf("http: arguments: %q is set by the URL itself", name)
		}
		var text string
		if raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		query.Set(name, text)
	}
	return query.Encode(), nil
}

// describe turns a client's error into one fit for the log. The outer *url.Error quotes the URL with its query, and a
// malformed answer is quoted by net/http as it came, so only errors known to quote neither keep their text.
func describe(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	var (
		operation   *net.OpError
		certificate *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, errRedirect), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &operation), errors.As(err, &certificate):
		return fmt.Errorf("http: %w", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("http: the connection was closed before the end of the answer")
	default:
		return fmt.Errorf("http: no usable answer (%T)", err)
	}
}
