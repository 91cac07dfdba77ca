package realtimetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

type object = map[string]any

// Conn is the server's side of one session. Its methods may be called from any
// goroutine.
type Conn struct {
	Query  url.Values  // of the handshake
	Header http.Header // likewise
	ID     string      // of the session, made up

	server *Server
	ws     *websocket.Conn
	plan   plan
	began  time.Time
	out    *writer
	queue  chan Message   // closed by the reader
	done   chan struct{}  // closed when the reader has ended
	opened chan struct{}  // closed when the settings were confirmed
	open   func()         // closes it
	stall  chan struct{}  // closed by Stall
	code   atomic.Int64   // with which the client closed
	tasks  sync.WaitGroup // answers, and what waits for the end

	mu           sync.Mutex // holds for what follows
	random       *rand.Rand
	settings     object // the session, in the GA shape
	conversation string
	journal      []Message
	heard        []byte        // all that was appended
	hearing      chan struct{} // closed when more is
	committed    int           // bytes of those
	vad          vad
	items        []*item
	calls        map[string]bool // of tools, by call_id: whether they are answered
	active       *Response       // the one that writes to the conversation
	running      map[string]*Response
	pending      []func(*Response) error // answers that wait for the end of a cancelled one
	spoken       bool                    // there was sound, so the voice is fixed
	ids          int
	turn         int // of Answers
}

// session runs one session from the 101 answer on.
func (s *Server) session(ws *websocket.Conn, r *http.Request, p plan) {
	s.mu.Lock()
	n := len(s.conns)
	c := &Conn{
		Query: r.URL.Query(), Header: r.Header, ID: fmt.Sprintf("sess_%d", n+1),
		server: s, ws: ws, plan: p, began: time.Now(),
		queue: make(chan Message, queued), done: make(chan struct{}), opened: make(chan struct{}), stall: make(chan struct{}),
		random: rand.New(rand.NewPCG(s.config.Seed, uint64(n))), conversation: fmt.Sprintf("conv_%d", n+1),
		hearing: make(chan struct{}), calls: map[string]bool{}, running: map[string]*Response{},
	}
	c.open = sync.OnceFunc(func() { close(c.opened) })
	s.conns = append(s.conns, c)
	s.mu.Unlock()
	c.out = newWriter(ws, c.done)
	defer c.out.stop()
	defer context.AfterFunc(s.context, c.Drop)()
	c.resume()
	c.settings = defaults(c.Query.Get("model"))
	if !s.config.Raw {
		c.greet()
	}
	go c.read()
	if s.config.Raw {
		c.open()
	}
	select {
	case <-c.opened:
		if s.config.Handle != nil {
			s.config.Handle(c)
			c.Close(websocket.CloseNormalClosure, "")
		}
	case <-c.done:
	}
	<-c.done
	c.mu.Lock()
	for _, r := range c.running {
		r.cancel(errLeft)
	}
	c.mu.Unlock()
	c.tasks.Wait()
}

// nextID makes an id of a kind. The caller holds the lock.
func (c *Conn) nextID(kind string) string {
	c.ids++
	return fmt.Sprintf("%s_%s_%d", kind, c.ID, c.ids)
}

// Send sends v as JSON.
func (c *Conn) Send(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("realtimetest: send: %w", err)
	}
	return c.SendText(string(b))
}

// SendText sends a text frame, whatever is in it.
func (c *Conn) SendText(text string) error { return c.out.send(websocket.TextMessage, []byte(text)) }

// Close sends what waits and a close frame, waits up to a second for the client's, and
// cuts the connection.
func (c *Conn) Close(code int, reason string) { c.out.close(code, reason) }

// Drop cuts the connection without a close frame.
func (c *Conn) Drop() { c.ws.NetConn().Close() }

// Stall neither reads nor writes any more, and leaves the connection open: pings go
// unanswered, and what the client sends piles up.
func (c *Conn) Stall() {
	c.out.stall()
	close(c.stall)
}

// Expire ends the session as old age does.
func (c *Conn) Expire() {
	c.Fail("invalid_request_error", "session_expired", "Your session hit the maximum duration.")
	c.Close(websocket.CloseGoingAway, "session expired")
}

// CloseCode is the code with which the client closed the session: 0 while it has not,
// 1006 if the connection was cut.
func (c *Conn) CloseCode() int { return int(c.code.Load()) }

// Done is closed when the client has left.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Journal is every event of the client's so far but audio, faulty ones too.
func (c *Conn) Journal() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.journal)
}

// Heard is all audio that was appended.
func (c *Conn) Heard() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.heard)
}
