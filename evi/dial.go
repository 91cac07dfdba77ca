package evi

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/internal/wire"
)

// DialOptions say which chat to open and how. The zero value asks Hume's own
// host for a chat without a configuration.
type DialOptions struct {
	// URL of the host. An http, https, ws or wss address; the path of the
	// chat socket is added when it has none. Defaults to DefaultURL.
	URL string

	// APIKey goes in the X-Hume-Api-Key header, or, with KeyInQuery, in the
	// address, where logs see it. AccessToken, a 30-minute token in place
	// of the key, always goes in the address. Set one or the other.
	APIKey      string
	AccessToken string
	KeyInQuery  bool

	// ConfigID names the EVI configuration, ConfigVersion one version of
	// it. 0 is the latest.
	ConfigID      ConfigID
	ConfigVersion int

	// ResumeChatGroupID goes on where an earlier chat of that group ended.
	ResumeChatGroupID ChatGroupID

	// VerboseTranscription asks for interim UserMessages too.
	VerboseTranscription bool

	// AllowConnection lets others observe and steer the chat.
	AllowConnection bool

	// EventLimit bounds the history events loaded on resume. 0 leaves it
	// to EVI.
	EventLimit int

	// Settings hold from the first byte.
	Settings *ConnectSettings

	// HandshakeTimeout is for the connection up to the 101 answer.
	// Defaults to 5 s.
	HandshakeTimeout time.Duration

	// MetadataTimeout is for chat_metadata, from the 101 answer on.
	// Defaults to 8 s.
	MetadataTimeout time.Duration

	// WriteTimeout is for each message sent. Defaults to 2 s.
	WriteTimeout time.Duration

	// PingInterval is the time between pings. When nothing, not even a
	// pong, has come for two intervals, Receive ends. Defaults to 15 s.
	PingInterval time.Duration

	// MaxMessage is how long a message may be beside its sound, in bytes, and MaxEcho how
	// long one that repeats the settings, beside twice what was sent of them. What is longer
	// is skipped without being held in memory, and Receive returns a TooLarge. Both default
	// to 16 MiB, above which a message ends the chat in any case.
	MaxMessage, MaxEcho int

	// NetDialContext makes the connection. Defaults to that of net.Dialer.
	NetDialContext func(ctx context.Context, network, addr string) (net.Conn, error)

	// Header is added to the handshake.
	Header http.Header
}

const (
	maxEarly       = 16      // messages kept before chat_metadata
	earlyReadLimit = 1 << 20 // bytes of one of them
)

// Dial opens a chat, and returns once it is ready: EVI has sent chat_metadata,
// not merely answered the handshake. Whatever else EVI sends before that comes
// out of Receive later; an "error" message is returned as an [*Error], a
// refused handshake as a [*HandshakeError]. ctx bounds Dial alone: when it ends
// later, the chat goes on. A chat that was returned must be closed.
//
// A nil o is the same as the zero DialOptions. A proxy is taken from the
// environment (see http.ProxyFromEnvironment). No error of this package shows a
// key or the address's query.
func Dial(ctx context.Context, o *DialOptions) (*Chat, error) {
	c, err := dial(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("evi: dial: %w", err)
	}
	return c, nil
}

func dial(ctx context.Context, o *DialOptions) (*Chat, error) {
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
	c := newChat(ws, o)
	if err := c.awaitMetadata(ctx, cmp.Or(o.MetadataTimeout, 8*time.Second)); err != nil {
		c.conn.Abort()
		return nil, err
	}
	return c, nil
}

// awaitMetadata receives until chat_metadata, and keeps what comes before it.
func (c *Chat) awaitMetadata(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout,
		fmt.Errorf("no chat_metadata within %v: %w", timeout, context.DeadlineExceeded))
	defer cancel()
	c.conn.LimitReads(earlyReadLimit)
	var early []Event
	for len(early) <= maxEarly {
		e, err := c.conn.Receive(ctx)
		if err != nil {
			return err
		}
		switch e := e.(type) {
		case ChatMetadata:
			c.metadata = e
			return c.conn.Opened(ctx, early)
		case *Error:
			return e
		case *AudioOutput:
			kept := *e
			kept.Data = bytes.Clone(e.Data)
			early = append(early, &kept)
		default:
			early = append(early, e)
		}
	}
	return fmt.Errorf("more than %d messages before chat_metadata", maxEarly)
}

func (o *DialOptions) check() error {
	if o.APIKey != "" && o.AccessToken != "" {
		return errors.New("both APIKey and AccessToken are set: want only one")
	}
	if err := wire.CheckKey(o.APIKey); err != nil {
		return err
	}
	for _, n := range []struct {
		field string
		value int64
	}{
		{"ConfigVersion", int64(o.ConfigVersion)},
		{"EventLimit", int64(o.EventLimit)},
		{"HandshakeTimeout", int64(o.HandshakeTimeout)},
		{"MetadataTimeout", int64(o.MetadataTimeout)},
		{"WriteTimeout", int64(o.WriteTimeout)},
		{"PingInterval", int64(o.PingInterval)},
		{"MaxMessage", int64(o.MaxMessage)},
		{"MaxEcho", int64(o.MaxEcho)},
	} {
		if n.value < 0 {
			return fmt.Errorf("field %s is negative: want 0, for the default, or more", n.field)
		}
	}
	return nil
}
