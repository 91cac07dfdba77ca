package expression

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultURL is the host of both services of Hume's.
const DefaultURL = "https://api.cloud.hume.ai"

// AccountConfig is where Hume's services are, and whose account is used.
type AccountConfig struct {
	URL       string        // scheme and host, http or https; the socket is on its ws twin. Defaults to DefaultURL
	APIKey    string        // required
	Timeout   time.Duration // of a request, a handshake and a write. Defaults to 2 s
	Retry     time.Duration // how long a service that failed is left alone. Defaults to 30 s
	PerMinute int           // most requests to Decisions in any 60 s. Defaults to 600, the limit of an organization

	// NetDialContext makes connections. Defaults to that of net.Dialer.
	NetDialContext func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Account is an account of Hume's that any number of Meters share, and with it a bound on
// requests, the connections, and what is known of the services' health. It may be used
// by several goroutines. Whoever made it closes it.
type Account struct {
	c       AccountConfig
	base    *url.URL
	http    *http.Client
	window  window
	breaker breaker
}

// NewAccount makes an Account; nothing is asked yet. The error names the field that is
// wrong and quotes no value.
func NewAccount(c AccountConfig) (*Account, error) {
	fail := func(text string) (*Account, error) { return nil, errors.New("expression: account: field " + text) }
	u, err := url.Parse(cmp.Or(c.URL, DefaultURL))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fail("URL: want http(s)://host[:port]")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return fail("URL must not have a password, path, query or fragment")
	case c.APIKey == "":
		return fail("APIKey is empty")
	case strings.ContainsFunc(c.APIKey, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return fail("APIKey has a character that is not allowed in a header")
	case c.Timeout < 0:
		return fail("Timeout is negative")
	case c.Retry < 0:
		return fail("Retry is negative")
	case c.PerMinute < 0:
		return fail("PerMinute is negative")
	}
	c.Timeout, c.Retry = cmp.Or(c.Timeout, 2*time.Second), cmp.Or(c.Retry, 30*time.Second)
	c.PerMinute = cmp.Or(c.PerMinute, 600)
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: c.NetDialContext, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: c.Timeout, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: 16}
	return &Account{c: c, base: u, window: window{most: c.PerMinute}, breaker: breaker{rest: c.Retry},
		// A redirect is an error: it would take the key and the caller's voice to another host.
		http: &http.Client{Transport: transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// Close gives back the connections that are open and not in use.
func (a *Account) Close() { a.http.CloseIdleConnections() }

// socket is the address of the stream.
func (a *Account) socket() string {
	u := *a.base
	u.Scheme = strings.Replace(u.Scheme, "http", "ws", 1)
	u.Path = "/v1/expression/audio/realtime"
	return u.String()
}

// header carries the key.
func (a *Account) header() http.Header {
	return http.Header{"X-Hume-Api-Key": {a.c.APIKey},
		"User-Agent": {"patchcord (+https://github.com/patchcord/patchcord)"}}
}

// errResting is why nothing is asked for a while.
var errResting = errors.New("the service failed repeatedly; requests are paused")

// fault is an error without the address, which says nothing new and may be long.
func fault(what string, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("expression: %s: %w", what, err)
}
