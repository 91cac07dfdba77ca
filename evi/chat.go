package evi

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// ChatID names one connection.
type ChatID string

// ChatGroupID is shared by a chat and those that resume it.
type ChatGroupID string

// ToolCallID names one call of a tool.
type ToolCallID string

// ConfigID names an EVI configuration.
type ConfigID string

// linger bounds the wait, in Close, for EVI to close its side.
const linger = 500 * time.Millisecond

// Chat is an open chat. One goroutine at a time may call Receive; everything
// else may be called from any goroutine. A chat must be closed even when
// Receive has ended.
//
// Each send has WriteTimeout. After a write that went wrong the chat is dead:
// that send and all later ones return an error that says so, and Receive ends
// within a second. After Close, and once EVI has closed, sends return
// [ErrClosed].
type Chat struct {
	ws           *websocket.Conn
	metadata     ChatMetadata
	writeTimeout time.Duration
	silence      time.Duration // after which the peer is taken for dead

	reading  lock  // holds for what follows
	limit    int64 // of a message, in bytes
	budget   *budget
	early    []Event // came before chat_metadata
	decoder  decoder
	cause    *Error          // the last that EVI reported
	readErr  error           // sticky
	followed <-chan struct{} // Done of the context that ends reading
	release  func() bool     // lets go of it

	writing lock   // holds for what follows
	out     []byte // the audio_input being written
	dead    error  // of the first write that went wrong

	mu    sync.Mutex // holds for what follows
	why   error      // reading ends
	endBy time.Time  // at the latest

	closing atomic.Bool
	done    chan struct{} // closed when Close begins
	closed  chan struct{} // and when it is through
	pinging sync.WaitGroup
}

func newChat(ws *websocket.Conn, o *DialOptions) *Chat {
	interval := cmp.Or(o.PingInterval, 15*time.Second)
	c := &Chat{
		ws:           ws,
		writeTimeout: cmp.Or(o.WriteTimeout, 2*time.Second),
		silence:      2 * interval,
		budget:       newBudget(o.MaxMessage, o.MaxEcho),
		reading:      make(lock, 1),
		writing:      make(lock, 1),
		done:         make(chan struct{}),
		closed:       make(chan struct{}),
	}
	c.hearPings()
	c.pinging.Go(func() { c.ping(interval) })
	return c
}

// Metadata is what EVI said of the chat when it was opened.
func (c *Chat) Metadata() ChatMetadata { return c.metadata }

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
	if !c.closing.CompareAndSwap(false, true) {
		<-c.closed
		return nil
	}
	defer close(c.closed)
	close(c.done)

	c.endReading(ErrClosed, time.Now())
	c.reading.Lock()
	c.unfollow()
	err := c.sayGoodbye(code)
	c.reading.Unlock()
	c.ws.Close()
	c.pinging.Wait()
	if err != nil && !errors.Is(err, ErrClosed) { // sent already, as the answer to EVI's own
		return fmt.Errorf("evi: close: %w", err)
	}
	return nil
}

// sayGoodbye sends the close frame and waits for EVI to close. It reads all the
// while, because EVI may be unable to take the frame until its own words are
// gone.
func (c *Chat) sayGoodbye(code int) error {
	if !sendable(code) {
		return fmt.Errorf("code %d can't be sent", code)
	}
	conn := c.ws.NetConn()
	_ = conn.SetReadDeadline(time.Now().Add(c.writeTimeout + linger))
	var drained sync.WaitGroup
	drained.Go(func() { _, _ = io.Copy(io.Discard, conn) }) // until EVI closes, or the deadline
	err := c.hangUp(code)
	wait := linger
	if err != nil {
		wait = 0
	}
	_ = conn.SetReadDeadline(time.Now().Add(wait))
	drained.Wait()
	return err
}

// abort gives up a chat that never became one.
func (c *Chat) abort() {
	c.unfollow()
	close(c.done)
	c.ws.Close()
	c.pinging.Wait()
}

// sendable tells whether a close frame may carry the code.
func sendable(code int) bool {
	switch code {
	case websocket.CloseNoStatusReceived, websocket.CloseAbnormalClosure, websocket.CloseTLSHandshake, 1004:
		return false
	}
	return code >= 1000 && code <= 1014 || code >= 3000 && code <= 4999
}

// lock is a mutex made of a channel. Unlike a sync.Mutex it lets the virtual
// time of testing/synctest pass while someone waits for it.
type lock chan struct{}

func (l lock) Lock()   { l <- struct{}{} }
func (l lock) Unlock() { <-l }
