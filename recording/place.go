package recording

import "github.com/patchcord/patchcord/media"

// Places are samples since the recording's zero.
const (
	perMS    = media.Rate / 1000
	slack    = 10 * perMS     // by which a place may be off without being a hole
	ahead    = 1 * media.Rate // a timestamp that is so far in the future is wrong
	maxWay   = 1 * media.Rate // of the way to Twilio and back
	maxWrong = 3              // wrong timestamps in a row, after which they are believed
	holdback = 2 * media.Rate // sound may come so late
)

// callerPlace follows Twilio's timestamps on one stream.
type callerPlace struct {
	begun bool
	base  int64 // place of timestamp 0: at first, of the stream's start
	next  int64 // where the next frame should lie
	wrong int   // timestamps in a row that can't be
}

// place says where a frame lies that was read when the time line had come to now.
func (c *callerPlace) place(timestamp int64, samples int, now int64) int64 {
	heard := max(0, now-int64(samples))
	at := c.base + perMS*timestamp
	follows := at >= c.next-slack && at <= c.next+slack
	switch {
	case !c.begun:
		// Timestamps count from the stream's start; but nothing is said after it is heard.
		if at < c.base || at > heard {
			at = heard
		}
		c.begun, c.base = true, at-perMS*timestamp
	case follows: // also when it comes very late, as after a stall of the network
		at = c.next
	case at > heard+ahead || at < min(c.next, heard-holdback): // between the two it is a hole, told of late
		if c.wrong++; c.wrong < maxWrong {
			at = c.next
			c.next = at + int64(samples)
			return at
		}
		c.base, at = heard-perMS*timestamp, heard
	}
	c.wrong, c.next = 0, at+int64(samples)
	return at
}

// agentPlace follows what was sent to the caller's ear.
type agentPlace struct {
	next int64 // where the line has played to
	way  int64 // by which the sound under way is heard later than it is due
}

// place says where sound lies that is due by what was sent; way is what the marks say of
// the way, negative if they say nothing yet.
func (a *agentPlace) place(samples int, due, way int64) int64 {
	at := due + a.way
	if at > a.next+slack && way >= 0 { // the line was silent: nothing is torn by a better guess
		a.way = min(way, maxWay)
		at = due + a.way
	}
	if at <= a.next+slack {
		at = a.next
	}
	a.next = at + int64(samples)
	return at
}

// cut says from where on nothing is heard of what was sent, if the line is emptied now.
func (a *agentPlace) cut(now int64) int64 {
	from := now + a.way
	a.next = min(a.next, from)
	return from
}
