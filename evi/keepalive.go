package evi

import (
	"time"

	"github.com/gorilla/websocket"
)

// ping sends a ping at each interval, so that a peer with nothing to say is
// heard by its pongs. It returns when the chat is closed or can't be written.
func (c *Chat) ping(interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-ticker.C:
		}
		err := c.write("ping", func() error {
			return c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(c.writeTimeout))
		})
		if err != nil {
			return
		}
	}
}

// hearPings counts pings and pongs as signs of life, besides what the peer
// says. gorilla calls the handlers from within Receive. What they answer goes the
// way of all messages.
func (c *Chat) hearPings() {
	c.ws.SetPingHandler(func(data string) error {
		if err := c.renew(); err != nil {
			return err
		}
		_ = c.write("pong", func() error { // reading goes on: what the peer said last may tell why
			return c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(c.writeTimeout))
		})
		return nil
	})
	c.ws.SetPongHandler(func(string) error { return c.renew() })
	c.ws.SetCloseHandler(func(code int, _ string) error {
		_ = c.hangUp(code) // the peer may be gone
		return nil
	})
}
