package expressiontest

import (
	"encoding/binary"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

// Measure sets the expressions of every measurement.
func (s *Server) Measure(expressions map[string]float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.measures = maps.Clone(expressions)
}

// Sessions is how many streams were begun.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

// AwaitSessions waits for so many.
func (s *Server) AwaitSessions(n int, long time.Duration) bool {
	return s.wait(long, func() bool { return s.sessions >= n })
}

// AwaitStreamed waits until so much sound has come, all sessions together.
func (s *Server) AwaitStreamed(sound, long time.Duration) bool {
	return s.wait(long, func() bool { return s.streamed >= int(sound.Milliseconds())*bytesPerMS })
}

const (
	bytesPerMS = 32 // s16le at 16 kHz
	interval   = 3000
	silence    = 400 // ms of it end an utterance
)

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Hume-Api-Key") != s.Key {
		s.fault("a stream without the right key")
		http.Error(w, `{"message":"Unauthorized"}`, http.StatusUnauthorized)
		return
	}
	mode := s.behaves()
	switch mode {
	case HTML, Fails, TooMany, Slow:
		if s.misbehaves(w, r) {
			return
		}
	case Works, Hangs, WrongJSON, NotJSON, Closes, Huge:
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	s.wg.Add(1)
	defer s.wg.Done()
	defer ws.Close()
	done := make(chan struct{})
	defer close(done)
	s.wg.Go(func() {
		select {
		case <-s.over:
			ws.Close()
		case <-done:
		}
	})
	s.note(func() { s.sessions++ })
	if mode == Hangs {
		ws.ReadMessage()
		<-s.over
		return
	}
	(&session{server: s, ws: ws, mode: mode}).run()
}

// session is one stream.
type session struct {
	server *Server
	ws     *websocket.Conn
	mode   Mode

	ms                 int // of sound
	began, quiet, last int // ms; began is -1 outside of an utterance
}

func (c *session) run() {
	c.began = -1
	c.send(map[string]any{"type": "session.created", "session_id": "s1",
		"config": map[string]int{"measurement_timer_ms": interval}})
	for {
		kind, b, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		if kind == websocket.TextMessage {
			c.send(map[string]any{"type": "session.closed", "reason": "client_request"})
			return
		}
		if len(b) == 0 || len(b)%2 != 0 || len(b) > 320_000 {
			c.server.fault("a frame of %d bytes", len(b))
			c.send(map[string]any{"type": "error", "code": "invalid_audio_frame"})
			continue
		}
		c.server.note(func() { c.server.streamed += len(b) })
		switch c.mode {
		case WrongJSON:
			c.send([]int{1, 2})
		case NotJSON:
			c.ws.WriteMessage(websocket.TextMessage, []byte(`{"type":`))
		case Huge:
			c.ws.WriteMessage(websocket.TextMessage, make([]byte, 2<<20))
		case Closes:
			return
		case Works, Slow, Hangs, HTML, Fails, TooMany:
			c.hear(b)
		}
	}
}

// hear measures while there is sound, and once more when it ends.
func (c *session) hear(b []byte) {
	from := c.ms
	c.ms += len(b) / bytesPerMS
	if loud(b) {
		if c.began < 0 {
			c.began, c.last = from, from
			c.send(map[string]any{"type": "utterance.start", "audio_start_ms": from})
		}
		c.quiet = 0
	} else if c.began >= 0 {
		c.quiet += c.ms - from
	}
	switch {
	case c.began < 0:
	case c.quiet >= silence:
		c.measure("speech_ended", c.ms-c.quiet)
		c.send(map[string]any{"type": "utterance.end", "audio_end_ms": c.ms - c.quiet})
		c.began, c.quiet = -1, 0
	case c.ms-c.last >= interval:
		c.measure("interval", c.ms)
	}
}

func (c *session) measure(trigger string, until int) {
	c.server.mu.Lock()
	measures := c.server.measures
	c.server.mu.Unlock()
	var list []map[string]any
	for _, name := range slices.Sorted(maps.Keys(measures)) {
		list = append(list, map[string]any{"name": name, "probability": measures[name]})
	}
	c.send(map[string]any{"type": "measurement.result", "trigger": trigger, "audio_start_ms": c.last,
		"audio_end_ms": until, "expressions": list, "voice_attributes": []any{}})
	c.last = until
}

func (c *session) send(m any) {
	c.ws.SetWriteDeadline(time.Now().Add(2 * time.Second))
	c.ws.WriteJSON(m)
}

// loud tells whether a frame of s16le has a sample above a twentieth of full scale.
func loud(b []byte) bool {
	for i := 0; i+1 < len(b); i += 2 {
		if v := int16(binary.LittleEndian.Uint16(b[i:])); v > 1600 || v < -1600 {
			return true
		}
	}
	return false
}
