package twiliotest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// WebhookError is an answer to a webhook that Twilio would not take; it reports 11200.
type WebhookError struct{ Status int }

func (e *WebhookError) Error() string {
	return fmt.Sprintf("11200: the webhook answered %d", e.Status)
}

// local is where a public URL of the product is reached on this machine: Public's part
// of it replaced by Bridge, and wss by ws. Any other URL is refused: the phone stays on
// this machine.
func (p *Phone) local(public string) (string, error) {
	u, err := url.Parse(public)
	if err != nil {
		return "", errors.New("the URL does not parse")
	}
	own, err := url.Parse(p.public())
	if err != nil {
		return "", errors.New("the Phone's Public does not parse")
	}
	bridge, err := url.Parse(p.Bridge)
	if err != nil {
		return "", errors.New("the Phone's Bridge does not parse")
	}
	if hostOf(u) != hostOf(own) || !strings.HasPrefix(u.EscapedPath(), own.EscapedPath()) {
		return "", fmt.Errorf("%s://%s is not at the phone's Public URL", u.Scheme, u.Host)
	}
	scheme := "http"
	if strings.HasPrefix(u.Scheme, "ws") {
		scheme = "ws"
	}
	rest := strings.TrimPrefix(u.RequestURI(), own.EscapedPath())
	return scheme + "://" + bridge.Host + strings.TrimRight(bridge.EscapedPath(), "/") + rest, nil
}

// hostOf is a URL's host with its port, the scheme's own if it names none.
func hostOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "wss": "443"}[u.Scheme]
	}
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// post sends a signed form to a public URL of the product.
func (p *Phone) post(ctx context.Context, public string, form url.Values) (*http.Response, []byte, error) {
	target, err := p.local(public)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, p.timeout())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, nil, err
	}
	if u, err := url.Parse(public); err == nil {
		r.Host = u.Host
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	r.Header.Set("User-Agent", "TwilioProxy/1.1")
	r.Header.Set("X-Twilio-Signature", Sign(p.AuthToken, public, form))
	client := http.Client{Transport: &http.Transport{DialContext: p.dialContext, DisableKeepAlives: true}}
	res, err := client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // what Twilio takes of TwiML
	return res, body, err
}

// document is TwiML and where it came from.
type document struct {
	url   string
	verbs []Verb
}

// fetch posts a form and returns the TwiML of the answer.
func (p *Phone) fetch(ctx context.Context, public string, form url.Values) (document, error) {
	res, body, err := p.post(ctx, public, form)
	if err != nil {
		return document{}, fmt.Errorf("11205: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return document{}, &WebhookError{Status: res.StatusCode}
	}
	if kind := res.Header.Get("Content-Type"); !strings.Contains(kind, "xml") {
		return document{}, fmt.Errorf("12300: TwiML as Content-Type %.40q", kind)
	}
	verbs, err := ParseTwiML(body)
	return document{url: public, verbs: verbs}, err
}

// form is what every webhook about this call carries.
func (c *Call) form() url.Values {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fields()
}

// fields is form with c.mu held.
func (c *Call) fields() url.Values {
	direction := "inbound"
	if c.out != nil {
		direction = "outbound-api"
	}
	form := url.Values{
		"CallSid": {c.SID}, "AccountSid": {c.phone.account()}, "ApiVersion": {"2010-04-01"},
		"From": {c.From}, "To": {c.To}, "Caller": {c.From}, "Called": {c.To},
		"Direction": {direction}, "CallStatus": {c.status},
		"FromCity": {""}, "FromState": {"CA"}, "FromCountry": {"US"}, "ToCountry": {"US"},
	}
	if a := c.phone.Attestation; a != "" && c.out == nil {
		form.Set("StirVerstat", a)
	}
	return form
}

// tell posts a callback that wants no TwiML, beside what else is going on.
func (c *Call) tell(public string, form url.Values) {
	c.tells.Go(func() { c.deliver(public, form) })
}

// deliver posts a callback and waits for the answer. One about the end is sent after it.
func (c *Call) deliver(public string, form url.Values) {
	res, _, err := c.phone.post(context.WithoutCancel(c.ctx), public, form)
	if err != nil {
		c.fault("15003: status callback: %v", err)
	} else if res.StatusCode/100 != 2 {
		c.fault("15003: the status callback answered %d", res.StatusCode)
	}
}
