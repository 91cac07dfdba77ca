package api

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/patchcord/patchcord/calllog"
)

// callPath is the path of a call, or of something of it.
func callPath(id, of string) string { return "/v1/calls/" + url.PathEscape(id) + of }

// PlaceCall asks for a call. The same key asks for the same call, so that nobody is rung twice
// when it is asked for again; an empty key is none. A refusal is a *Problem with its Decision.
func (c *Client) PlaceCall(ctx context.Context, order CallRequest, key string) (Placed, error) {
	q := request{method: "POST", path: "/v1/calls", header: http.Header{}, body: order}
	if key != "" {
		q.header.Set(IdempotencyHeader, key)
	}
	return ask[Placed](ctx, c, q)
}

// Calls is a page of the call log, without the calls' entries.
func (c *Client) Calls(ctx context.Context, f CallFilter) (CallList, error) {
	return ask[CallList](ctx, c, request{method: "GET", path: "/v1/calls", query: f})
}

// Call is all that the log has of a call.
func (c *Client) Call(ctx context.Context, id string) (calllog.Call, error) {
	return ask[calllog.Call](ctx, c, request{method: "GET", path: callPath(id, "")})
}

// CallEvents gives the log's entries of a call to take as they are written, until the call is
// over or ctx ends. An entry comes again under its Seq when more is known of it. After a stream
// that broke off, the next one goes on behind last; empty begins with the call. It is bounded
// by ctx alone.
func (c *Client) CallEvents(ctx context.Context, id, after string, take func(calllog.Entry)) (last string, err error) {
	q := request{method: "GET", path: callPath(id, "/events"), header: http.Header{}}
	if after != "" {
		q.header.Set(LastEventHeader, after)
	}
	res, err := c.send(ctx, q)
	if err != nil {
		return after, err
	}
	defer res.Body.Close()
	return readEntries(res.Body, after, take)
}

// HangUp ends a live call.
func (c *Client) HangUp(ctx context.Context, id string) (Accepted, error) {
	return ask[Accepted](ctx, c, request{method: "POST", path: callPath(id, "/hangup")})
}

// TransferCall has a live call transferred to a person.
func (c *Client) TransferCall(ctx context.Context, id string, to Transfer) (Accepted, error) {
	return ask[Accepted](ctx, c, request{method: "POST", path: callPath(id, "/transfer"), body: to})
}

// SayInCall has the agent of a live call say a text, word for word.
func (c *Client) SayInCall(ctx context.Context, id, text string) (Accepted, error) {
	return ask[Accepted](ctx, c, request{method: "POST", path: callPath(id, "/say"), body: Say{text}})
}

// Recording opens the recording of a call that is over, a stereo WAV of size bytes, or with a
// message from 1 that spoken message of its caller. The caller of Recording closes it; it is
// bounded by ctx alone.
func (c *Client) Recording(ctx context.Context, id string, message int) (wav io.ReadCloser, size int64, err error) {
	res, err := c.send(ctx, request{method: "GET", path: callPath(id, "/recording"), query: RecordingQuery{message}})
	if err != nil {
		return nil, 0, err
	}
	return res.Body, res.ContentLength, nil
}

// RecordingSize is how many bytes the recording of a call has.
func (c *Client) RecordingSize(ctx context.Context, id string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	res, err := c.send(ctx, request{method: "HEAD", path: callPath(id, "/recording")})
	if err != nil {
		return 0, err
	}
	return res.ContentLength, res.Body.Close()
}

// Tools is what agents can do.
func (c *Client) Tools(ctx context.Context) (ToolList, error) {
	return ask[ToolList](ctx, c, request{method: "GET", path: "/v1/tools"})
}
