package twilio

import (
	"bytes"
	"encoding/base64"
)

// scan reads a media message of one of the two exact shapes in which Twilio sends it,
// fifty times a second for each call, and reports whether it was one. It takes no
// allocation and a tenth of encoding/json's time. The shapes differ in the place of
// streamSid: before the media object in Twilio's documentation, after it on the wire.
//
//	{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"…"},"streamSid":"MZ…"}
//
// Anything else is for decode: other spacing, escapes, numbers for strings, more fields.
// Where scan accepts, decode gives the same; a fuzz test holds them to it.
func (m *Media) scan(b []byte) bool {
	c := cursor{rest: b, ok: true}
	c.literal(`{"event":"media","sequenceNumber":"`)
	c.digits()
	c.literal(`",`)
	sidFirst := bytes.HasPrefix(c.rest, []byte(`"streamSid":"`))
	if sidFirst {
		c.literal(`"streamSid":"`)
		c.plain()
		c.literal(`,`)
	}
	c.literal(`"media":{"track":"inbound","chunk":"`)
	m.Track, m.Chunk = "inbound", c.digits()
	c.literal(`","timestamp":"`)
	m.Timestamp = c.digits()
	c.literal(`","payload":"`)
	payload := c.quoted()
	c.literal(`}`)
	if !sidFirst {
		c.literal(`,"streamSid":"`)
		c.plain()
	}
	c.literal(`}`)
	if !c.ok || len(c.rest) != 0 || len(payload) == 0 {
		return false
	}
	// The decoder refuses all that is not base64, an escape's backslash included, but
	// for line ends, which it skips and JSON forbids.
	if bytes.IndexByte(payload, '\n') >= 0 || bytes.IndexByte(payload, '\r') >= 0 {
		return false
	}
	var err error
	m.Payload, err = base64.StdEncoding.AppendDecode(m.Payload[:0], payload)
	return err == nil
}

// cursor walks through a message. Once a step has failed, ok stays false.
type cursor struct {
	rest []byte
	ok   bool
}

// literal steps over s.
func (c *cursor) literal(s string) {
	if len(c.rest) < len(s) || string(c.rest[:len(s)]) != s {
		c.ok, c.rest = false, nil
		return
	}
	c.rest = c.rest[len(s):]
}

// digits steps over a whole number of 1 to 18 digits, which fits an int64.
func (c *cursor) digits() int64 {
	var n int64
	i := 0
	for i < len(c.rest) && i < 18 && c.rest[i] >= '0' && c.rest[i] <= '9' {
		n = n*10 + int64(c.rest[i]-'0')
		i++
	}
	if i == 0 {
		c.ok = false
	}
	c.rest = c.rest[i:]
	return n
}

// quoted steps over the rest of a string and its closing quote, and returns what is
// before that.
func (c *cursor) quoted() []byte {
	end := bytes.IndexByte(c.rest, '"')
	if end < 0 {
		c.ok, c.rest = false, nil
		return nil
	}
	s := c.rest[:end]
	c.rest = c.rest[end+1:]
	return s
}

// plain steps over a string of letters and digits alone, in which nothing is escaped.
func (c *cursor) plain() {
	for _, b := range c.quoted() {
		if (b < '0' || b > '9') && (b < 'A' || b > 'Z') && (b < 'a' || b > 'z') {
			c.ok = false
		}
	}
}
