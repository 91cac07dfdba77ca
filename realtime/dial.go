package realtime

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/internal/wire"
)

// DialOptions say which session to open and how. The zero value asks OpenAI for a
// session without a key, which it refuses.
type DialOptions struct {
	// Dialect is the server's way of the wire. Defaults to OpenAI's.
	Dialect Dialect

	// URL is an http, https, ws or wss address. What its query has stays. Without a
	// path it gets /v1/realtime. Defaults to the dialect's own.
	URL string

	// Model goes where the dialect wants it: into the query, unless the URL's has one,
	// or into the session. Ids are free text.
	Model string

	// APIKey is sent in a header, which one depends on the dialect. For Azure it is
	// the resource's key; put an Entra token into Header instead. For Inworld it is
	// the key as its console shows it, in base64.
	APIKey string

	// Organization and Project of OpenAI.
	Organization, Project string

	// Session has the first settings. They hold before anything is heard or said.
	// Formats that aren't given are the dialect's.
	Session Config

	// Resumable asks, in dialects that have it, to keep the conversation for a while
	// after the end. ResumeConversation goes on with one that was kept, by the id of
	// its ConversationCreated.
	Resumable          bool
	ResumeConversation string

	// Header is added to the handshake.
	Header http.Header

	// NetDialContext makes the connection. Defaults to that of net.Dialer.
	NetDialContext func(ctx context.Context, network, addr string) (net.Conn, error)

	// TLSConfig is for https and wss. Defaults to the zero tls.Config.
	TLSConfig *tls.Config

	// HandshakeTimeout is for the connection up to the 101 answer. Defaults to 5 s.
	HandshakeTimeout time.Duration

	// ReadyTimeout is for session.created and session.updated, from the 101 answer on.
	// Defaults to 8 s; a self-hosted server may load its models in it.
	ReadyTimeout time.Duration

	// WriteTimeout is for each message sent. Defaults to 2 s.
	WriteTimeout time.Duration

	// PingInterval is the time between pings. Defaults to 20 s. When nothing, not
	// even a pong, has come for that and PongTimeout, Receive ends.
	PingInterval time.Duration

	// PongTimeout defaults to 20 s.
	PongTimeout time.Duration

	// MaxMessage is how long a message may be beside its sound, in bytes, and MaxEcho how
	// long one that repeats the settings or items (session.*, response.created and
	// response.done, conversation.item.*), beside twice what was sent. What is longer is
	// skipped without being held in memory, and Receive returns a TooLarge. Both default to
	// 16 MiB, above which a message ends the session in any case.
	MaxMessage, MaxEcho int
}

// Dial opens a session, and returns once it is ready: the server has created it, and has
// confirmed the first settings with the formats that were asked for. Whatever else the
// server sends before that comes out of Receive later. ctx bounds Dial alone: when it
// ends later, the session goes on. A session that was returned must be closed.
//
// An error that has a Class() method says whether another Dial may help: a refused
// handshake is a [*HandshakeError], an "error" event in place of a session a
// [*RefusedError], or a [*CloseError] if the server closed after it; other formats than
// wanted are a [*FormatError]. A server that doesn't answer in time is a
// context.DeadlineExceeded.
//
// A nil o is the same as the zero DialOptions. A proxy is taken from the environment
// (see http.ProxyFromEnvironment). No error of this package shows a key or the address's
// query.
func Dial(ctx context.Context, o *DialOptions) (*Session, error) {
	s, err := dial(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("realtime: dial: %w", err)
	}
	return s, nil
}

func dial(ctx context.Context, o *DialOptions) (*Session, error) {
	if o == nil {
		o = &DialOptions{}
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	ws, err := o.handshake(ctx)
	if err != nil {
		return nil, err
	}
	s := newSession(ws, o)
	if err := s.open(ctx, o.firstConfig(), cmp.Or(o.ReadyTimeout, 8*time.Second)); err != nil {
		s.conn.Abort()
		return nil, err
	}
	return s, nil
}

// firstConfig is Session with what the dialect adds.
func (o *DialOptions) firstConfig() Config {
	c, t := o.Session, o.Dialect.Traits()
	fill(&c.Audio.Input.Format, t.Format)
	fill(&c.Audio.Output.Format, t.Format)
	if t.ModelInSession {
		fill(&c.Model, o.Model)
	}
	if o.Resumable && t.Resume {
		c.Extra = maps.Clone(c.Extra)
		if c.Extra == nil {
			c.Extra = map[string]any{}
		}
		c.Extra["resumption"] = map[string]any{"enabled": true}
	}
	return c
}

func (o *DialOptions) check() error {
	if err := wire.CheckKey(o.APIKey); err != nil {
		return err
	}
	for _, d := range []struct {
		field string
		value time.Duration
	}{
		{"HandshakeTimeout", o.HandshakeTimeout},
		{"ReadyTimeout", o.ReadyTimeout},
		{"WriteTimeout", o.WriteTimeout},
		{"PingInterval", o.PingInterval},
		{"PongTimeout", o.PongTimeout},
	} {
		if d.value < 0 {
			return fmt.Errorf("field %s is negative: want 0, for the default, or more", d.field)
		}
	}
	if o.MaxMessage < 0 || o.MaxEcho < 0 {
		return errors.New("field MaxMessage or MaxEcho is negative: 0, for the default, or more is wanted")
	}
	if err := o.Session.check(); err != nil {
		return fmt.Errorf("field Session: %w", err)
	}
	return o.Dialect.check()
}
