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
// says. gorilla calls the handlers from within Receive.
func (s *Session) hearPings() {
	answer := s.ws.PingHandler()
	s.ws.SetPingHandler(func(data string) error {
		if err := s.renew(); err != nil {
			return err
		}
		return answer(data)
	})
	s.ws.SetPongHandler(func(string) error { return s.renew() })
}
