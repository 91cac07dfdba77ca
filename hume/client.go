package hume

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultURL is Hume's host.
const DefaultURL = "https://api.hume.ai"

// Bounds of one exchange.
const (
	maxRequest = 1 << 20  // bytes of a body that is sent
	maxAnswer  = 16 << 20 // bytes of an answer: a page of 100 tools, each with a schema of 64 KiB, twice over
	maxRefusal = 64 << 10 // bytes read of an answer that is an error
)

// Config is where an account is, and whose.
type Config struct {
	URL     string            // scheme and host, http or https. Defaults to DefaultURL
	APIKey  string            // required
	Timeout time.Duration     // of one request, answer and all. Defaults to 15 s
	Base    http.RoundTripper // carries the requests. Defaults to a transport of the client's own
}

// Client asks one account. It may be used from several goroutines. Whoever made
// it closes it.
type Client struct {
	base, key string
	timeout   time.Duration
	http      *http.Client
}

// NewClient makes a client; nothing is asked yet. The error names the field that
// is wrong and quotes no value.
func NewClient(c Config) (*Client, error) {
	u, err := url.Parse(cmp.Or(c.URL, DefaultURL))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("account: field URL: want http(s)://host[:port]")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("account: field URL must not contain a password, a query or a fragment")
	case c.APIKey == "":
		return nil, errors.New("account: field APIKey is empty")
	case strings.ContainsFunc(c.APIKey, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return nil, errors.New("account: field APIKey has an invalid character")
	case c.Timeout < 0:
		return nil, errors.New("account: field Timeout is negative")
	}
	if c.Base == nil {
		c.Base = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: time.Minute}
	}
	return &Client{
		base: strings.TrimRight(u.String(), "/") + "/v0/evi/", key: c.APIKey, timeout: cmp.Or(c.Timeout, 15*time.Second),
		// A redirect is an error: it would take the key to another host.
		http: &http.Client{Transport: c.Base,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

// Close gives back the connections that are open and not in use.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	return c.exchange(ctx, http.MethodGet, path+"?"+query.Encode(), nil, out)
}

func (c *Client) post(ctx context.Context, path string, in, out any) error {
	return c.exchange(ctx, http.MethodPost, path, in, out)
}

// part is an identifier as a part of a path. One that is none would ask for
// something else.
func part(id string) (string, error) {
	if id == "" || id == "." || id == ".." {
		return "", fmt.Errorf("account: %w: %q is not a valid id", errUnsent, id)
	}
	return url.PathEscape(id), nil
}
