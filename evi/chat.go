package evi

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/internal/wire"
)

// ChatID names one connection.
type ChatID string

// ChatGroupID is shared by a chat and those that resume it.
type ChatGroupID string

// ToolCallID names one call of a tool.
type ToolCallID string

// ConfigID names an EVI configuration.
type ConfigID string

// Chat is an open chat. One goroutine at a time may call Receive; everything
// else may be called from any goroutine. A chat must be closed even when
// Receive has ended.
//
// Each send has WriteTimeout. After a write that went wrong the chat is dead:
// that send and all later ones return an error that says so, and Receive ends
// within a second. After Close, and once EVI has closed, sends return
// [ErrClosed].
type Chat struct {
	conn     *wire.Conn[Event]
	metadata ChatMetadata
}

func newChat(ws *websocket.Conn, o *DialOptions) *Chat {
	interval := cmp.Or(o.PingInterval, 15*time.Second)
	return &Chat{conn: wire.New(ws, new(decoder), wire.Options{
		WriteTimeout: cmp.Or(o.WriteTimeout, 2*time.Second),
		PingInterval: interval,
		Silence:      2 * interval,
		Closed:       ErrClosed,
		Budget: wire.Budget{
			Own:      o.MaxMessage,
			Echo:     o.MaxEcho,
			SoundKey: "data",
			IsSound:  func(kind string) bool { return kind == soundKind },
			IsEcho:   func(kind string) bool { return kind == "session_settings" },
		},
	})}
}

// Metadata is what EVI said of the chat when it was opened.
func (c *Chat) Metadata() ChatMetadata { return c.metadata }

// Receive waits for the next message and returns it. Anything that EVI may
// send is an event: what this package has no name for is [Unknown], what is
// not even a message is [Malformed], and what is over MaxMessage or MaxEcho is
// [TooLarge]. The first chat_metadata is not repeated here, see
// [Chat.Metadata].
//
// An error is the end: every later call returns it again. It is a [*CloseError]
// when EVI closed the chat or the connection was lost; it wraps [ErrClosed]
// after Close, and os.ErrDeadlineExceeded when not even a pong has come for two
// ping intervals.
//
// When ctx ends, reading ends for good, with the cause of ctx, even when a
// later call brings another ctx; sending still works. Calls with the same ctx,
// or with others of the same Done channel, cost nothing for it.
func (c *Chat) Receive(ctx context.Context) (Event, error) {
	e, err := c.conn.Receive(ctx)
	if err != nil {
		return nil, fmt.Errorf("evi: receive: %w", err)
	}
	return e, nil
}

// CloseNormal is the close code of a chat in which all is said (RFC 6455,
// section 7.4.1). EVI uses it after timeouts, too.
const CloseNormal = websocket.CloseNormalClosure

// Close ends the chat with a close code, such as 1000 when all is said: it
// sends the close frame, gives EVI half a second to close its side, so that
// the frame is not overtaken by a reset, and closes the connection. A Receive
// that runs meanwhile, and all that is sent later, return [ErrClosed]. Closing
// again does nothing. A code that no frame may carry (RFC 6455, section 7.4) is
// an error, and the connection is closed without a frame.
func (c *Chat) Close(code int) error {
	if err := c.conn.Close(code); err != nil {
		return fmt.Errorf("evi: close: %w", err)
	}
	return nil
}
