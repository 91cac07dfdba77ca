package twilio

import (
	"net/http"
	"sync/atomic"
	"time"
)

// clock is how far this machine's clock is from Twilio's, by the newest answer.
type clock struct{ skew atomic.Int64 }

// ClockSkew is how far this machine's clock is ahead of Twilio's, by the Date of the API's
// newest answer; behind, if it is negative. It is 0 before the first, and as long as the
// answer's whole second and the time it took leave room for that.
func (c *Client) ClockSkew() time.Duration { return time.Duration(c.clock.skew.Load()) }

// read takes an answer to a request that was sent and answered at these times.
func (c *clock) read(h http.Header, sent, answered time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	skew := time.Duration(0)
	switch latest := date.Add(time.Second); { // a Date has whole seconds
	case latest.Before(sent):
		skew = sent.Sub(latest)
	case date.After(answered):
		skew = answered.Sub(date)
	}
	c.skew.Store(int64(skew))
}
