package twiliotest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"
)

// connect runs a media stream until it ends, from either side.
func (c *Call) connect(v Verb, base string) {
	el, ok := v.Child("Stream")
	if !ok {
		c.fault("12200: <Connect> without <Stream>")
		return
	}
	for _, fault := range checkStream(el) {
		c.fault("%s", fault)
	}
	tell := func(event, streamSID, fault string) {
		callback := el.Attrs["statusCallback"]
		if callback == "" {
			return
		}
		form := url.Values{
			"CallSid": {c.SID}, "AccountSid": {c.phone.account()}, "StreamSid": {streamSID}, "StreamName": {streamSID},
			"StreamEvent": {event}, "Timestamp": {time.Now().UTC().Format(time.RFC3339)},
		}
		if fault != "" {
			form.Set("StreamError", fault)
		}
		c.tell(resolve(base, callback), form)
	}
	s, err := c.open(el)
	if err != nil {
		if c.ctx.Err() == nil {
			c.fault("31920: %v", err)
		}
		tell("stream-error", "", "31920: the socket did not open")
		return
	}
	tell("stream-started", s.sid, "")
	s.run()
	tell("stream-stopped", s.sid, "")
}

// header is what Twilio's client sends, beside what every WebSocket client does: no
// Origin, no subprotocol, no extension.
func (c *Call) header(public string) http.Header {
	header := http.Header{
		"User-Agent":         {"Twilio.TmeWs/1.0"},
		"Accept-Encoding":    {"gzip"},
		"X-Twilio-Signature": {Sign(c.phone.AuthToken, public, nil)},
	}
	if u, err := url.Parse(public); err == nil {
		header.Set("Host", u.Host)
	}
	return header
}

// open dials the media socket as Twilio does.
func (c *Call) open(el Verb) (*stream, error) {
	public := el.Attrs["url"]
	target, err := c.phone.local(public)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(c.ctx, c.phone.timeout())
	defer cancel()
	dialer := websocket.Dialer{NetDialContext: c.phone.dialContext}
	ws, res, err := dialer.DialContext(ctx, target, c.header(public))
	if errors.Is(err, websocket.ErrBadHandshake) {
		return nil, fmt.Errorf("the media socket answered %d", res.StatusCode)
	}
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(maxFrame)
	s := &stream{call: c, sid: sid("MZ"), params: map[string]string{}, ws: ws, closed: make(chan struct{})}
	for _, p := range el.Children {
		if p.Name == "Parameter" {
			s.params[p.Attrs["name"]] = p.Attrs["value"]
		}
	}
	return s, nil
}
