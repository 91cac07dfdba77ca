package permits

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/patchcord/patchcord/internal/loopback"
)

// Bounds of posting a callback.
const (
	callbackWait = 5 * time.Second
	callbackRead = 4 << 10 // bytes of the answer; it is not looked at
	maxCallback  = 2000    // bytes of the address
)

// CheckCallback tells what is wrong with an address to post to: it has to be https, or
// http on a loopback address.
func CheckCallback(address string) error {
	u, err := url.Parse(address)
	switch {
	case len(address) > maxCallback:
		return fmt.Errorf("is longer than %d bytes", maxCallback)
	case err != nil || u.Host == "" || u.User != nil:
		return errors.New("must be a URL without a user, such as https://dialer.example/revoked")
	case !postable(u.Hostname()):
		return errNotPostable
	case u.Scheme == "https" || u.Scheme == "http" && loopback.Is(u.Hostname()):
		return nil
	}
	return errors.New("must begin with https://, or name a loopback address")
}

var errNotPostable = errors.New("must not be a link-local address: that is where machines keep credentials")

// postable tells whether a host may be posted to: a name, or an address that is not
// link-local, such as that of a cloud's metadata.
func postable(host string) bool {
	ip, err := netip.ParseAddr(host)
	ip = ip.Unmap()
	return err != nil || !ip.IsLinkLocalUnicast() && !ip.IsMulticast() && !ip.IsUnspecified()
}

// newClient posts callbacks. It follows no redirect: the address is the one that was
// checked, and what its name resolves to is checked as well.
func newClient() *http.Client {
	dialer := &net.Dialer{Timeout: callbackWait, Control: func(_, address string, _ syscall.RawConn) error {
		if host, _, err := net.SplitHostPort(address); err != nil || !postable(host) {
			return errNotPostable
		}
		return nil
	}}
	return &http.Client{
		Timeout:   callbackWait,
		Transport: &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// Revocation is the body of a callback, in the form of Standard Webhooks.
type Revocation struct {
	Type      string    `json:"type"` // permit.revoked
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		PermitID string `json:"permit_id"`
		CallRef  string `json:"call_ref,omitempty"`
	} `json:"data"`
}

// sign is the signatures by a permit's secret and by those of the service, separated as
// the specification has it: a receiver needs one of the secrets.
func (s *Service) sign(secret, id string, now time.Time, body []byte) (string, error) {
	own, err := webhooks.NewWebhook(secret)
	if err != nil {
		return "", errors.New("permits: can't read a callback's secret")
	}
	hooks := []*webhooks.Webhook{own}
	for _, raw := range s.cfg.Secrets {
		hook, err := webhooks.NewWebhookRaw(raw)
		if err != nil {
			return "", errors.New("permits: can't use a secret of the service")
		}
		hooks = append(hooks, hook)
	}
	var all []string
	for _, hook := range hooks {
		signature, err := hook.Sign(id, now, body)
		if err != nil {
			return "", errors.New("permits: can't sign a callback")
		}
		all = append(all, signature)
	}
	return strings.Join(all, " "), nil
}

// post tells a dialer that its call has to end. Any answer of 2xx will do.
func (s *Service) post(ctx context.Context, r *Record) error {
	now := s.cfg.Now().UTC()
	body := Revocation{Type: "permit.revoked", Timestamp: now}
	body.Data.PermitID, body.Data.CallRef = r.ID, r.CallRef
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	id := r.ID + "_revoked" // the same each time it is tried
	signatures, err := s.sign(r.secret, id, now, b)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.callback, bytes.NewReader(b))
	if err != nil {
		return errors.New("permits: can't parse a callback's address")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(webhooks.HeaderWebhookID, id)
	req.Header.Set(webhooks.HeaderWebhookTimestamp, fmt.Sprint(now.Unix()))
	req.Header.Set(webhooks.HeaderWebhookSignature, signatures)
	res, err := s.cfg.Client.Do(req)
	if err != nil { // its text has the address, which may hold a secret
		return errors.New("permits: a callback was not answered")
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, callbackRead)) // it says nothing to us
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("permits: a callback was answered with %d", res.StatusCode)
	}
	return nil
}
