package expression

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/media"
)

// How sound is sent: https://dev.hume.ai/expression-measurement/reference/audio/stream-audio.
const (
	streamRate  = 16000
	streamFrame = streamRate / 10 * 2 // bytes of 100 ms of s16le
	maxMessage  = 1 << 20             // bytes that are read of one
	maxAhead    = 500                 // ms that may be sent earlier than real time
	pingEvery   = 15 * time.Second
	deadAfter   = 40 * time.Second // without a message or a pong
	goodbye     = 100 * time.Millisecond
)

// session is one connection. One goroutine sends, another receives.
type session struct {
	ws      *websocket.Conn
	timeout time.Duration
	up      *media.Uplink
	pcm     []byte // at 16 kHz, less than a frame
	pinged  time.Time
	begun   time.Time // of the first sound

	mu   sync.Mutex // guards what follows
	line timeline
}

// openSession returns when the service takes sound.
func (a *Account) openSession(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*a.c.Timeout)
	defer cancel()
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, NetDialContext: a.c.NetDialContext,
		HandshakeTimeout: a.c.Timeout}
	ws, res, err := dialer.DialContext(ctx, a.socket(), a.header())
	if err != nil {
		if res != nil && res.StatusCode != http.StatusSwitchingProtocols {
			return nil, readRefusal(res)
		}
		return nil, err
	}
	up, err := media.NewUplink(streamRate)
	if err != nil {
		panic("expression: internal error: " + err.Error())
	}
	s := &session{ws: ws, timeout: a.c.Timeout, up: up, pinged: time.Now()}
	ws.SetReadLimit(maxMessage)
	stop := context.AfterFunc(ctx, func() { ws.Close() })
	defer stop()
	if err := s.awaitCreated(); err != nil {
		ws.Close()
		return nil, err
	}
	ws.SetPongHandler(func(string) error { return ws.SetReadDeadline(time.Now().Add(deadAfter)) })
	return s, nil
}

// awaitCreated waits for session.created. The defaults of the configuration are what is
// wanted (a measurement every 3 s of speech), so that no session.update is sent.
func (s *session) awaitCreated() error {
	s.ws.SetReadDeadline(time.Now().Add(s.timeout))
	m, err := s.read()
	switch {
	case err != nil:
		return err
	case m.Type == "error":
		return errors.New("the service reported " + m.code())
	case m.Type != "session.created":
		return errors.New("the first message is not session.created")
	}
	return nil
}

// send sends a frame of the caller's, as far as 100 ms of sound are complete.
func (s *session) send(f frame) error {
	if s.begun.IsZero() {
		s.begun = f.at
	}
	s.mu.Lock()
	s.line.heard(f.at, len(f.ulaw))
	s.mu.Unlock()
	s.pcm = s.up.Append(s.pcm, f.ulaw)
	for len(s.pcm) >= streamFrame {
		if s.ahead(f.at) { // what the service would refuse is not sent
			s.rejected()
		} else {
			s.ws.SetWriteDeadline(time.Now().Add(s.timeout))
			if err := s.ws.WriteMessage(websocket.BinaryMessage, s.pcm[:streamFrame]); err != nil {
				return err
			}
		}
		s.pcm = s.pcm[:copy(s.pcm, s.pcm[streamFrame:])]
	}
	if time.Since(s.pinged) > pingEvery {
		s.pinged = time.Now()
		return s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.timeout))
	}
	return nil
}

// ahead tells whether more was sent than time has passed.
func (s *session) ahead(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.line.ms-now.Sub(s.begun).Milliseconds() > maxAhead
}

// skip forgets the sound that is not sent yet.
func (s *session) skip() {
	s.mu.Lock()
	s.line.lost(int64(len(s.pcm) / (streamFrame / 100)))
	s.mu.Unlock()
	s.pcm = s.pcm[:0]
	s.up.Reset()
}

// rejected notes that a frame is not part of what the service has heard.
func (s *session) rejected() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line.lost(100)
}

// when is the time that a result is of.
func (s *session) when(m *message) span {
	s.mu.Lock()
	defer s.mu.Unlock()
	return span{s.line.at(m.StartMS), s.line.at(m.EndMS)}
}

// receive waits for the next message that can be read.
func (s *session) receive() (*message, error) {
	if err := s.ws.SetReadDeadline(time.Now().Add(deadAfter)); err != nil {
		return nil, err
	}
	return s.read()
}

func (s *session) read() (*message, error) {
	kind, b, err := s.ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	var m message
	if kind != websocket.TextMessage || json.Unmarshal(b, &m) != nil || m.Type == "" {
		return nil, errors.New("a message is not a JSON object with a type")
	}
	return &m, nil
}

// close says goodbye and closes the connection.
func (s *session) close() {
	s.ws.SetWriteDeadline(time.Now().Add(goodbye))
	// Whether it arrives changes nothing: the service ends a session whose connection ends.
	_ = s.ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"session.close"}`))
	s.abort()
}

func (s *session) abort() { s.ws.Close() }
