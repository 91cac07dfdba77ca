package twiliotest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

const (
	frameTime = 20 * time.Millisecond
	writeWait = 5 * time.Second
	closeWait = time.Second // for the other end to answer a close frame
	maxFrame  = 1 << 20     // bytes of a message from the product

	// firstTimestamp is the first media message's, in ms: a small number, not zero.
	firstTimestamp = 57
)

// stream is one media socket. Two goroutines work on it: run, which is the line's clock,
// and read. Both hold the call's mutex for what they do, also while they write, so that
// messages leave in order of their sequence numbers.
type stream struct {
	call   *Call
	sid    string
	params map[string]string
	ws     *websocket.Conn
	closed chan struct{} // read has ended

	// Guarded by the call's mutex.
	seq     int    // of the newest message
	chunk   int    // of the newest media message
	pending []byte // spoken, and less than a message
	at      int    // samples since the stream's start, of pending's first
}

// run sends connected and start and is then the line's clock, until the other end closes
// the socket, the call ends, or new TwiML takes it over.
func (s *stream) run() {
	c := s.call
	first := s.start()
	go s.read()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for n := first; ; n++ {
		// An absolute deadline, so that a late tick does not delay those after it.
		timer.Reset(time.Until(c.began.Add(time.Duration(n) * frameTime)))
		select {
		case <-timer.C:
			s.tick()
			continue
		case <-s.closed:
		case <-c.ctx.Done():
			s.stop()
		case <-c.knock:
			s.stop()
		}
		s.ws.Close()
		<-s.closed
		return
	}
}

// start sends the first two messages and returns the number of the first 20 ms to come.
// Between two streams of a call nothing was heard or said.
func (s *stream) start() int {
	c := s.call
	c.mu.Lock()
	defer c.mu.Unlock()
	s.write(`{"event":"connected","protocol":"Call","version":"1.0.0"}`)
	now := time.Now()
	if c.began.IsZero() {
		c.began = now
	}
	passed := int(now.Sub(c.began) / frameTime)
	c.heard = appendSilence(c.heard, passed*frameBytes-len(c.heard))
	c.said = appendSilence(c.said, passed*frameBytes-len(c.said))
	c.playout, c.held = playout{}, nil
	c.stream = s

	start := map[string]any{
		"accountSid": c.phone.account(), "streamSid": s.sid, "callSid": c.SID, "tracks": []string{"inbound"},
		"mediaFormat":      map[string]any{"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
		"customParameters": s.params,
	}
	body, err := json.Marshal(start)
	if err != nil {
		panic("twiliotest: internal error: " + err.Error())
	}
	s.send("start", `"start":%s`, body)
	c.record(Moment{Event: Started, Name: s.sid})
	return len(c.heard)/frameBytes + 1
}

// tick is 20 ms of the line: to the caller's ear, and from their mouth.
func (s *stream) tick() {
	c := s.call
	c.mu.Lock()
	defer c.mu.Unlock()
	var reached []string
	c.heard, reached = c.playout.play(c.heard)
	s.echo(reached)

	c.said = c.speech.next(c.said)
	spoken := c.said[len(c.said)-frameBytes:]
	if c.lost > 0 {
		c.lost--
		appendSilence(spoken[:0], frameBytes)
		s.at += len(s.pending) + frameBytes
		s.pending = nil
		return
	}
	s.pending = append(s.pending, spoken...)
	for len(s.pending) >= c.frame {
		s.chunk++
		s.send("media", `"media":{"track":"inbound","chunk":"%d","timestamp":"%d","payload":"%s"}`,
			s.chunk, s.at/8+firstTimestamp, base64.StdEncoding.EncodeToString(s.pending[:c.frame]))
		s.pending = s.pending[c.frame:]
		s.at += c.frame
	}
}

// read takes messages from the product until the socket ends.
func (s *stream) read() {
	c := s.call
	defer close(s.closed)
	for {
		kind, raw, err := s.ws.ReadMessage()
		c.mu.Lock()
		if err != nil {
			code := websocket.CloseAbnormalClosure
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				code = closed.Code
			}
			c.record(Moment{Event: Closed, Name: strconv.Itoa(code)})
			c.mu.Unlock()
			return
		}
		s.take(kind, raw)
		c.mu.Unlock()
	}
}

// take does what a message says.
func (s *stream) take(kind int, raw []byte) {
	c := s.call
	m, err := check(kind, raw, s.sid)
	if err != nil {
		c.faults = append(c.faults, err.Error())
		return
	}
	switch m.event {
	case "media":
		c.playout.media(m.payload)
		c.record(Moment{Event: Media, Bytes: len(m.payload)})
	case "mark":
		c.record(Moment{Event: Mark, Name: m.name})
		s.echo(c.playout.mark(m.name))
	case "clear":
		dropped, marks := c.playout.clear()
		c.record(Moment{Event: Clear, Flushed: dropped})
		s.echo(marks)
	}
}

// echo sends marks back, or keeps them while they are held.
func (s *stream) echo(marks []string) {
	c := s.call
	if c.hold {
		c.held = append(c.held, marks...)
		return
	}
	for _, name := range marks {
		quoted, err := json.Marshal(name)
		if err != nil {
			panic("twiliotest: internal error: " + err.Error())
		}
		s.send("mark", `"mark":{"name":%s}`, quoted)
		c.record(Moment{Event: Echo, Name: name})
	}
}

// stop ends the stream from Twilio's side: a stop message and a close, or nothing at all
// if the line is lost.
func (s *stream) stop() {
	c := s.call
	c.mu.Lock()
	if c.endedBy != "lost" && !(c.endedBy == "" && c.ctx.Err() != nil) {
		s.send("stop", `"stop":{"accountSid":"%s","callSid":"%s"}`, c.phone.account(), c.SID)
		c.record(Moment{Event: Stopped})
		_ = s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(writeWait))
		s.ws.SetReadDeadline(time.Now().Add(closeWait))
		c.mu.Unlock()
		<-s.closed
		return
	}
	c.mu.Unlock()
}

// send writes a message with what all have in common: event, number, stream.
func (s *stream) send(event, format string, args ...any) {
	s.seq++
	s.write(fmt.Sprintf(`{"event":"%s","sequenceNumber":"%d",%s,"streamSid":"%s"}`, event, s.seq, fmt.Sprintf(format, args...), s.sid))
}

// write writes a text. That the socket has ended is noticed by read.
func (s *stream) write(text string) {
	s.ws.SetWriteDeadline(time.Now().Add(writeWait))
	_ = s.ws.WriteMessage(websocket.TextMessage, []byte(text))
}

// over reports whether the socket has ended.
func (s *stream) over() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}
