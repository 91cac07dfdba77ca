package twilio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// maxAnswer bounds an answer of the API, in bytes.
const maxAnswer = 1 << 20

// do runs one request of twilio-go's, which knows neither contexts nor another host nor
// the headers of an answer. A transport made for this request alone adds the three.
func (c *Client) do(ctx context.Context, verb string, request func(*api.ApiService) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	t := &transport{ctx: ctx, base: c.base, next: c.transport, clock: &c.clock}
	sender := &client.Client{
		Credentials: c.credentials,
		HTTPClient:  &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	sender.SetAccountSid(c.account)
	err := request(api.NewApiService(&client.RequestHandler{Client: sender}))
	if t.status >= 300 {
		err = t.refusal(err)
	}
	var transfer *url.Error
	if errors.As(err, &transfer) {
		err = transfer.Err // without the URL, whose query may be a number
	}
	switch {
	case err == nil:
		return nil
	case !t.sent:
		return fmt.Errorf("twilio: %s: %w: %w", verb, errUnsent, err)
	}
	return fmt.Errorf("twilio: %s: %w", verb, err)
}

// transport carries one request to the configured host under the caller's context.
type transport struct {
	ctx  context.Context
	base *url.URL
	next http.RoundTripper

	clock      *clock
	sent       bool // or tried to be
	status     int  // of the answer; 0 before it
	retryAfter time.Duration
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.sent = true
	r = r.Clone(t.ctx)
	r.URL.Scheme, r.URL.Host, r.Host = t.base.Scheme, t.base.Host, ""
	r.URL.Path = t.base.JoinPath(r.URL.Path).Path
	sent := time.Now()
	res, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.clock.read(res.Header, sent, time.Now())
	// twilio-go leaves the body of an error open; read here, it frees the connection.
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	t.status = res.StatusCode
	t.retryAfter = retryAfter(res.Header.Get("Retry-After"), time.Now())
	return res, nil
}

// refusal is the APIError of an answer of 300 or more.
func (t *transport) refusal(err error) error {
	refused := &APIError{Status: t.status, Message: http.StatusText(t.status), RetryAfter: t.retryAfter}
	var told *client.TwilioRestError
	if errors.As(err, &told) {
		refused.Code, refused.Message = told.Code, mask(told.Message)
	}
	return refused
}

// maxRetryAfter bounds what we believe of a Retry-After header.
const maxRetryAfter = time.Hour

// retryAfter reads the header (RFC 9110, section 10.2.3), as seconds or as a date.
func retryAfter(header string, now time.Time) time.Duration {
	var wait time.Duration
	if n, err := strconv.Atoi(header); err == nil {
		wait = time.Duration(min(n, int(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}
