package realtime

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
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
	h := wire.Handshake{Address: address, Header: o.header(), TLS: o.TLSConfig, NetDial: o.NetDialContext,
		Timeout: cmp.Or(o.HandshakeTimeout, 5*time.Second),
		Refused: func(answer *http.Response) error { return refusedBy(answer) }}
	return h.Dial(ctx)
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
