package realtime

import (
	"time"

	"github.com/gorilla/websocket"
)

// ping sends a ping at each interval, so that a peer with nothing to say is
// heard by its pongs. It returns when the session is closed or can't be written.
func (s *Session) ping(interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-ticker.C:
		}
		err := s.write("ping", func() error {
			return s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.writeTimeout))
		})
		if err != nil {
			return
		}
	}
}

// hearPings counts pings and pongs as signs of life, besides what the peer
// says. gorilla calls the handlers from within Receive. What they answer goes the
// way of all messages.
func (s *Session) hearPings() {
	s.ws.SetPingHandler(func(data string) error {
		if err := s.renew(); err != nil {
			return err
		}
		_ = s.write("pong", func() error { // reading goes on: what the peer said last may tell why
			return s.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(s.writeTimeout))
		})
		return nil
	})
	s.ws.SetPongHandler(func(string) error { return s.renew() })
	s.ws.SetCloseHandler(func(code int, _ string) error {
		_ = s.hangUp(code) // the peer may be gone
		return nil
	})
}
