package wire

import (
	"time"

	"github.com/gorilla/websocket"
)

// ping sends a ping at each interval, so that a server with nothing to say is heard by its pongs.
// It returns when the connection is closed or can't be written.
func (s *socket) ping(interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-ticker.C:
		}
		if s.control(websocket.PingMessage, "") != nil {
			return
		}
	}
}

// hearPings counts pings and pongs as signs of life, besides what the server says. gorilla calls
// the handlers from within Receive. What they answer goes the way of all messages.
func (s *socket) hearPings() {
	s.ws.SetPingHandler(func(data string) error {
		if err := s.renew(); err != nil {
			return err
		}
		_ = s.control(websocket.PongMessage, data) // reading goes on: what the server said last may tell why
		return nil
	})
	s.ws.SetPongHandler(func(string) error { return s.renew() })
	s.ws.SetCloseHandler(func(code int, _ string) error {
		_ = s.hangUp(code) // the server may be gone
		return nil
	})
}

func (s *socket) control(kind int, data string) error {
	return s.write(func() error {
		return s.ws.WriteControl(kind, []byte(data), time.Now().Add(s.writeTimeout))
	})
}
