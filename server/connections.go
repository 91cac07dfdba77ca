package server

import (
	"container/list"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// Limit bounds the connections of a listener. Give what it returns to the server that
// [Server.HTTP] made. With one too many, the oldest that has not sent its request's header is
// closed; if there is none, the new one is. So who opens connections and says nothing keeps
// nobody out who has something to say.
func (s *Server) Limit(l net.Listener, most int) net.Listener {
	return &connections{Listener: l, most: most, silent: list.New(), refused: s.refused.WithLabelValues("connections").Inc}
}

type connections struct {
	net.Listener
	most    int
	refused func()

	mu     sync.Mutex
	open   int
	silent *list.List // of *connection, the oldest first: those whose header has not come
}

// connection is one of them.
type connection struct {
	net.Conn
	of *connections

	place *list.Element // guarded by of.mu; nil once the header has come
	gone  bool          // likewise
}

// Accept waits for a connection that may stay.
func (l *connections) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.admit(c); c != nil {
			return c, nil
		}
	}
}

// admit is nil of a connection that may not stay.
func (l *connections) admit(c net.Conn) net.Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= l.most {
		l.refused()
		oldest := l.silent.Front()
		if oldest == nil {
			_ = c.Close()
			return nil
		}
		victim := oldest.Value.(*connection)
		l.forget(victim)
		_ = victim.Conn.Close()
	}
	l.open++
	mine := &connection{Conn: c, of: l}
	mine.place = l.silent.PushBack(mine)
	return mine
}

// forget counts a connection out, once. l.mu is held.
func (l *connections) forget(c *connection) {
	l.speaks(c)
	if !c.gone {
		c.gone = true
		l.open--
	}
}

// speaks notes that a connection's header has come. l.mu is held.
func (l *connections) speaks(c *connection) {
	if c.place != nil {
		l.silent.Remove(c.place)
		c.place = nil
	}
}

// Close closes the connection and makes room for another.
func (c *connection) Close() error {
	c.of.mu.Lock()
	c.of.forget(c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}

// CloseWrite ends what is sent, where the connection can: net/http does it so that an answer is
// not lost to what still arrives.
func (c *connection) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

type connectionKey struct{}

// withConnection lets a request's handler find its connection.
func withConnection(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if c, ok := c.(*connection); ok {
		return context.WithValue(ctx, connectionKey{}, c)
	}
	return ctx
}

// spoken notes that the header of a request has come, before it is answered.
func spoken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
			c.of.mu.Lock()
			c.of.speaks(c)
			c.of.mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}
