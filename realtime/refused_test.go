package realtime_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// classed is what every error of Dial is that is more than a network's.
type classed interface {
	error
	Class() realtime.Class
	Fatal() bool
}

// What is seen when a session is refused, and what to do about it.
func TestDialRefused(t *testing.T) {
	for name, test := range map[string]struct {
		plan func(*realtimetest.Server)
		want realtime.Class
		code realtime.Code
	}{
		"400": {func(s *realtimetest.Server) { s.Refuse(400, 1) }, realtime.Fatal, ""},
		"401": {func(s *realtimetest.Server) { s.Refuse(401, 1) }, realtime.Fatal,
			realtime.ErrAPIKey},
		"403": {func(s *realtimetest.Server) { s.Refuse(403, 1) }, realtime.Fatal,
			realtime.ErrModelNotFound},
		"404": {func(s *realtimetest.Server) { s.Refuse(404, 1) }, realtime.Fatal,
			realtime.ErrModelNotFound},
		"408": {func(s *realtimetest.Server) { s.Refuse(408, 1) }, realtime.Retry, ""},
		"429": {func(s *realtimetest.Server) { s.Refuse(429, 1) }, realtime.RateLimited,
			realtime.ErrRateLimit},
		"500": {func(s *realtimetest.Server) { s.Refuse(500, 1) }, realtime.Retry,
			realtime.ErrServer},
		"503": {func(s *realtimetest.Server) { s.Refuse(503, 1) }, realtime.Retry,
			realtime.ErrServer},
		"the key, late": {func(s *realtimetest.Server) { s.RefuseLate("invalid_api_key", 3000, 1) },
			realtime.Fatal, realtime.ErrAPIKey},
		"the beta's shape": {func(s *realtimetest.Server) {
			s.RefuseLate("beta_api_shape_disabled", 4000,
				1)
		}, realtime.Fatal, realtime.ErrBetaShape},
		"something new": {func(s *realtimetest.Server) { s.RefuseLate("moon_phase", 4000, 1) },
			realtime.Fatal, "moon_phase"},
		"a limit, late": {func(s *realtimetest.Server) { s.RefuseLate("rate_limit_exceeded", 4000, 1) },
			realtime.RateLimited, realtime.ErrRateLimit},
		"models that aren't loaded": {func(s *realtimetest.Server) { s.RefuseLate("model_load_error", 0, 1) },
			realtime.Fatal, realtime.ErrModelLoad},
		"sessions that are all taken": {func(s *realtimetest.Server) { s.RefuseLate("session_limit_reached", 0, 1) },
			realtime.RateLimited, realtime.ErrSessionLimit},
		"something new, without a close": {func(s *realtimetest.Server) { s.RefuseLate("moon_phase", 0, 1) },
			realtime.Fatal, "moon_phase"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, realtimetest.Config{})
			test.plan(s)
			_, err := realtime.Dial(t.Context(), s.Options())
			var refused classed
			if !errors.As(err, &refused) || refused.Class() != test.want || refused.Fatal() != (test.want == realtime.Fatal) {
				t.Fatalf("got %v, want class %v", err, test.want)
			}
			if test.code != "" && !errors.Is(err, test.code) {
				t.Errorf("%v has not the code %s", err, test.code)
			}
			if strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "model=") {
				t.Errorf("%v shows the key or the query", err)
			}
			dial(t, s)
			if n := s.Tries(); n != 2 {
				t.Errorf("%d tries, want 2", n)
			}
		})
	}
}

func TestDialWithAWrongKey(t *testing.T) {
	s := serve(t, realtimetest.Config{})
	o := s.Options()
	o.APIKey = "another-key"
	_, err := realtime.Dial(t.Context(), o)
	var refused *realtime.HandshakeError
	if !errors.As(err, &refused) || refused.Status != 401 || !errors.Is(err, realtime.ErrAPIKey) {
		t.Errorf("got %v, want 401", err)
	}
}

// The first settings may be refused: another dial with them is no use.
func TestDialWithSettingsThatAreRefused(t *testing.T) {
	s := realtimetest.NewServer(realtimetest.Config{})
	defer s.Close()
	o := s.Options()
	o.Session.Extra = map[string]any{"mood": "good"}
	_, err := realtime.Dial(t.Context(), o)
	var refused *realtime.RefusedError
	if !errors.As(err, &refused) || !refused.Fatal() || refused.Cause.Param != "session.mood" ||
		refused.Cause.Cause == "" {
		t.Errorf("got %v", err)
	}
}

// A server that takes the settings but speaks another format would be noise.
func TestDialWithAnotherFormat(t *testing.T) {
	for echo, want := range map[string]string{
		`{"audio":{"input":{"format":{"type":"audio/pcm","rate":24000}},"output":{"format":{
			"type":"audio/pcmu"}}}}`: `input format is "audio/pcm at 24000 Hz", not "audio/pcmu"`,
		`{"audio":{"input":{"format":{"type":"audio/pcmu"}},"output":{"format":{
			"type":"audio/pcma"}}}}`: `output format is "audio/pcma", not "audio/pcmu"`,
		`{}`: `input format is "", not "audio/pcmu"`,
	} {
		o := peer(t, func(conn net.Conn) {
			wiretest.Put(t, conn, wiretest.Text(created), wiretest.Text(`{"type":"session.updated","session":`+echo+`}`))
			wiretest.Drain(conn)
		})
		_, err := realtime.Dial(t.Context(), o)
		var format *realtime.FormatError
		if !errors.As(err, &format) || !format.Fatal() || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Text(created), wiretest.Text(`{"type":"session.updated","session":{}}`))
		wiretest.Drain(conn)
	})
	o.Dialect = realtime.VLLM // says nothing of formats
	s, err := realtime.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(1000)
	if s.InputFormat() != realtime.PCM(24000) {
		t.Errorf("got %v", s.InputFormat())
	}
	if err := s.AppendAudio(make([]byte, 3)); err == nil || !strings.Contains(err.Error(), "3 bytes are not whole") {
		t.Errorf("got %v", err)
	}
}

func TestDialTooMuchBefore(t *testing.T) {
	o := peer(t, func(conn net.Conn) {
		for range 40 {
			if _, err := conn.Write(wiretest.Text(`{"type":"input_audio_buffer.cleared"}`)); err != nil {
				return
			}
		}
		wiretest.Drain(conn)
	})
	if _, err := realtime.Dial(t.Context(), o); err == nil || !strings.Contains(err.Error(),
		"session.created: more than 32 other events") {
		t.Errorf("got %v", err)
	}
}

func TestDialNobodyThere(t *testing.T) {
	s := realtimetest.NewServer(realtimetest.Config{Key: key})
	s.Close()
	_, err := realtime.Dial(t.Context(), s.Options())
	var refused *net.OpError
	if !errors.As(err, &refused) || strings.Contains(err.Error(), key) {
		t.Errorf("got %v, want a refused connection", err)
	}
}

func TestDialCancelled(t *testing.T) {
	hung := errors.New("the caller hung up")
	for name, plan := range map[string]func(*realtimetest.Server){
		"in the handshake":       func(s *realtimetest.Server) { s.Hang(1) },
		"before session.created": func(s *realtimetest.Server) { s.Silence(1) },
		"before session.updated": func(s *realtimetest.Server) { s.Deafen(1) },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, realtimetest.Config{})
			plan(s)
			ctx, cancel := context.WithCancelCause(t.Context())
			defer time.AfterFunc(20*time.Millisecond, func() { cancel(hung) }).Stop()
			if _, err := realtime.Dial(ctx, s.Options()); !errors.Is(err, hung) {
				t.Errorf("got %v, want %v", err, hung)
			}
		})
	}
}

// The header of the beta would switch OpenAI to a shape that is off.
func TestDialWithTheHeaderOfTheBeta(t *testing.T) {
	s := realtimetest.NewServer(realtimetest.Config{})
	defer s.Close()
	o := s.Options()
	o.Header = http.Header{"OpenAI-Beta": {"realtime=v1"}}
	if _, err := realtime.Dial(t.Context(), o); !errors.Is(err, realtime.ErrBetaShape) {
		t.Errorf("got %v", err)
	}
	if f := s.Faults(); len(f) != 1 {
		t.Errorf("faults: %q", f)
	}
}
