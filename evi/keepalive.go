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
// says. gorilla calls the handlers from within Receive.
func (c *Chat) hearPings() {
	answer := c.ws.PingHandler()
	c.ws.SetPingHandler(func(data string) error {
		if err := c.renew(); err != nil {
			return err
		}
		return answer(data)
	})
	c.ws.SetPongHandler(func(string) error { return c.renew() })
}
