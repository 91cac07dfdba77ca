package routing

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/patchcord/patchcord/internal/loopback"
)

// Bounds of an Endpoint's Timeout: how long a caller may hear it ring for its sake.
const (
	DefaultTimeout = 800 * time.Millisecond
	MinTimeout     = 50 * time.Millisecond
	MaxTimeout     = 3 * time.Second
)

// Bounds of a secret, in bytes, by the Standard Webhooks specification
// (https://www.standardwebhooks.com, "Signature scheme").
const (
	minSecret = 24
	maxSecret = 64
)

// Endpoint is where it is asked who answers.
type Endpoint struct {
	URL     string        // https, or http on a loopback host, as of lookups
	Timeout time.Duration // for all of the answer. Defaults to DefaultTimeout
	Secrets [][]byte      // sign the question, each of them, so that a receiver may have either
}

// Check tells what is wrong with an endpoint's address; the error does not quote it.
func (e Endpoint) Check() error {
	u, err := url.Parse(e.URL)
	switch {
	case e.URL == "":
		return errors.New("required")
	case err != nil:
		return errors.New("not a URL")
	case u.Hostname() == "":
		return errors.New("no host")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback.Is(u.Hostname())):
		return errors.New("want https; http is for a host on loopback")
	case u.User != nil:
		return errors.New("must not contain a user or password: the request is signed")
	}
	return nil
}

// CheckTimeout tells what is wrong with an endpoint's Timeout.
func (e Endpoint) CheckTimeout() error {
	if e.Timeout != 0 && (e.Timeout < MinTimeout || e.Timeout > MaxTimeout) {
		return fmt.Errorf("want %s to %s: the caller hears ringing meanwhile", MinTimeout, MaxTimeout)
	}
	return nil
}

// Host is the host that is asked.
func (e Endpoint) Host() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Client asks one endpoint. It is a call.Router; its methods are safe for use by several
// goroutines.
type Client struct {
	endpoint Endpoint
	hooks    []*webhooks.Webhook
	http     *http.Client
}

// maxConns bounds the connections to one endpoint; further questions wait their turn, and
// their time runs.
const maxConns = 64

// New makes a client; Close it.
func New(e Endpoint) (*Client, error) {
	if err := e.Check(); err != nil {
		return nil, fmt.Errorf("routing: URL: %w", err)
	}
	if err := e.CheckTimeout(); err != nil {
		return nil, fmt.Errorf("routing: Timeout: %w", err)
	}
	if e.Timeout == 0 {
		e.Timeout = DefaultTimeout
	}
	c := &Client{endpoint: e, http: &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4,
			MaxConnsPerHost: maxConns, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 16 << 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if len(e.Secrets) == 0 {
		return nil, errors.New("routing: Secrets: want at least one to sign with")
	}
	for _, secret := range e.Secrets {
		if len(secret) < minSecret || len(secret) > maxSecret {
			return nil, fmt.Errorf("routing: Secrets: one has %d bytes: want %d to %d", len(secret), minSecret, maxSecret)
		}
		hook, err := webhooks.NewWebhookRaw(secret)
		if err != nil {
			return nil, fmt.Errorf("routing: Secrets: %w", err)
		}
		c.hooks = append(c.hooks, hook)
	}
	return c, nil
}

// Close closes connections that nobody uses.
func (c *Client) Close() { c.http.CloseIdleConnections() }
