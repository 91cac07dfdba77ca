package realtime

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// Buffers of a connection, in bytes. An append of 20 ms at up to 32 kHz fits into one
// frame; what is longer is sent in several, and read past the buffer.
const (
	readBuffer  = 1 << 10
	writeBuffer = 2 << 10
)

// handshake opens the socket. gorilla watches a context only while it dials, so
// here the end of ctx closes the connection, whatever stage it is at.
func (o *DialOptions) handshake(ctx context.Context) (*websocket.Conn, error) {
	address, err := o.address()
	if err != nil {
		return nil, err
	}
	timeout := cmp.Or(o.HandshakeTimeout, 5*time.Second)
	ctx, cancel := context.WithTimeoutCause(ctx, timeout,
		fmt.Errorf("no answer to the handshake within %v: %w", timeout, context.DeadlineExceeded))
	defer cancel()

	dial := o.NetDialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	release := func() bool { return true }
	dialer := websocket.Dialer{
		Proxy:           http.ProxyFromEnvironment,
		ReadBufferSize:  readBuffer,
		WriteBufferSize: writeBuffer,
		TLSClientConfig: o.TLSConfig,
		NetDialContext: func(_ context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err == nil {
				release = context.AfterFunc(ctx, func() { conn.Close() })
			}
			return conn, err
		},
	}
	ws, answer, err := dialer.DialContext(context.WithoutCancel(ctx), address, o.header())
	switch {
	case !release() || err != nil && ctx.Err() != nil:
		if ws != nil {
			ws.Close()
		}
		return nil, context.Cause(ctx)
	case errors.Is(err, websocket.ErrBadHandshake):
		return nil, refusedBy(answer)
	case err != nil:
		return nil, err
	}
	return ws, nil
}

// refusedBy reads an answer other than 101. gorilla keeps 1024 bytes of its body.
func refusedBy(answer *http.Response) *HandshakeError {
	e := &HandshakeError{Status: answer.StatusCode}
	body, _ := io.ReadAll(answer.Body) // in memory
	var refusal struct {
		Error Error `json:"error"`
	}
	if json.Unmarshal(body, &refusal) == nil {
		e.Code = refusal.Error.Code
	}
	if n, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && n > 0 && n <= 86400 {
		e.RetryAfter = time.Duration(n) * time.Second
	}
	return e
}

// header has the key in the dialect's way.
func (o *DialOptions) header() http.Header {
	h := o.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if o.APIKey != "" {
		switch o.Dialect.Traits().Auth {
		case AuthAPIKey:
			h.Set("api-key", o.APIKey)
		case AuthBasic:
			h.Set("Authorization", "Basic "+o.APIKey)
		default:
			h.Set("Authorization", "Bearer "+o.APIKey)
		}
	}
	if o.Organization != "" {
		h.Set("OpenAI-Organization", o.Organization)
	}
	if o.Project != "" {
		h.Set("OpenAI-Project", o.Project)
	}
	return h
}
