package evi

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/internal/wire"
)

// handshake opens the socket.
func (o *DialOptions) handshake(ctx context.Context) (*websocket.Conn, error) {
	address, err := o.address()
	if err != nil {
		return nil, err
	}
	h := wire.Handshake{Address: address, Header: o.header(), NetDial: o.NetDialContext,
		Timeout: cmp.Or(o.HandshakeTimeout, 5*time.Second),
		Refused: func(answer *http.Response) error { return &HandshakeError{Status: answer.StatusCode} }}
	return h.Dial(ctx)
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
