package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"
)

// Buffers of a connection, in bytes. What is longer than the one is sent in several frames, and
// read past the other.
const (
	readBuffer  = 1 << 10
	writeBuffer = 2 << 10
)

// Handshake says how a socket is opened.
type Handshake struct {
	Address string
	Header  http.Header
	Timeout time.Duration
	TLS     *tls.Config // nil is the zero one

	// NetDial makes the connection. Defaults to that of net.Dialer.
	NetDial func(ctx context.Context, network, addr string) (net.Conn, error)

	// Refused is the error of an answer other than 101, of whose body 1024 bytes are kept.
	Refused func(answer *http.Response) error
}

// Dial opens the socket. gorilla heeds the end of a context only while it dials, so here the end of
// ctx closes the connection, whatever stage it is at.
func (h *Handshake) Dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, h.Timeout,
		fmt.Errorf("no answer to the handshake within %v: %w", h.Timeout, context.DeadlineExceeded))
	defer cancel()

	dial := h.NetDial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	release := func() bool { return true }
	dialer := websocket.Dialer{
		Proxy:           http.ProxyFromEnvironment,
		ReadBufferSize:  readBuffer,
		WriteBufferSize: writeBuffer,
		TLSClientConfig: h.TLS,
		NetDialContext: func(_ context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err == nil {
				release = context.AfterFunc(ctx, func() { conn.Close() })
			}
			return conn, err
		},
	}
	ws, answer, err := dialer.DialContext(context.WithoutCancel(ctx), h.Address, h.Header)
	switch {
	case !release() || err != nil && ctx.Err() != nil:
		if ws != nil {
			ws.Close()
		}
		return nil, context.Cause(ctx)
	case errors.Is(err, websocket.ErrBadHandshake):
		return nil, h.Refused(answer)
	}
	return ws, err
}

// Address reads a URL of http, https, ws or wss, as one of a socket. Its errors don't quote it,
// because it may carry a key.
func Address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, errors.New("field URL: want scheme://host[:port][/path]")
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = "ws"
	case "https", "wss":
		u.Scheme = "wss"
	default:
		return nil, errors.New("field URL: want the scheme http, https, ws or wss")
	}
	u.Fragment = ""
	return u, nil
}

// CheckKey tells whether a header can carry a key.
func CheckKey(key string) error {
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return errors.New("field APIKey has a space, or a character that is not allowed in a header")
		}
	}
	return nil
}
