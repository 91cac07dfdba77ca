package evi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// Buffers of a connection, in bytes. A 20 ms audio_input at up to 32 kHz fits
// into one frame; what is longer is sent in several, and read past the buffer.
const (
	readBuffer  = 1 << 10
	writeBuffer = 2 << 10
)

// handshake opens the socket. gorilla heeds the end of a context only while it
// dials, so here the end of ctx closes the connection, whatever stage it is at.
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
		return nil, &HandshakeError{Status: answer.StatusCode}
	case err != nil:
		return nil, err
	}
	return ws, nil
}

func (o *DialOptions) header() http.Header {
	h := o.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if o.APIKey != "" && !o.KeyInQuery {
		h.Set("X-Hume-Api-Key", o.APIKey)
	}
	return h
}
