package agent_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// Why there is no session, and whether to ask again.
func TestRealtimeDialFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		set   func(*realtimetest.Server)
		want  string
		fatal bool
	}{
		{"a key that is wrong", func(s *realtimetest.Server) { s.Refuse(401, 1) }, "invalid_api_key", true},
		{"no model of that name", func(s *realtimetest.Server) { s.Refuse(404, 1) }, "model_not_found", true},
		{"too much at once", func(s *realtimetest.Server) { s.Refuse(429, 1) }, "rate_limit_exceeded", false},
		{"trouble", func(s *realtimetest.Server) { s.Refuse(503, 1) }, "server_error", false},
		{"a key that is refused late", func(s *realtimetest.Server) { s.RefuseLate("invalid_api_key", 3000, 1) }, "invalid_api_key", true},
		{"a quota that is gone, without a close", func(s *realtimetest.Server) { s.RefuseLate("insufficient_quota", 0, 1) }, "insufficient_quota", true},
		{"too much at once, late", func(s *realtimetest.Server) { s.RefuseLate("rate_limit_exceeded", 4000, 1) }, "rate_limit_exceeded", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{})
			test.set(s)
			_, err := (&agent.Realtime{URL: s.URL(), APIKey: key}).Dial(limited(t), agent.Session{})
			var lost *agent.LostError
			if !errors.As(err, &lost) || lost.Op != "dial" || lost.Code != test.want || lost.Fatal != test.fatal || lost.Ended || lost.Fresh {
				t.Errorf("got %#v", err)
			}
		})
	}
}

// How a session ends: only a goodbye of nobody's, and what can't be mended is fatal.
func TestRealtimeIsLost(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		end   func(*realtimetest.Conn)
		code  string
		fatal bool
	}{
		{"its time is over", (*realtimetest.Conn).Expire, "session_expired", false},
		{"a quota ends", func(c *realtimetest.Conn) { c.Fail("insufficient_quota", "insufficient_quota", "over") }, "insufficient_quota", true},
		{"the line breaks", (*realtimetest.Conn).Drop, "1006", false},
		{"it is closed as if all was said", func(c *realtimetest.Conn) { c.Close(1000, "") }, "1000", false},
		{"the server goes", func(c *realtimetest.Conn) { c.Close(1001, "") }, "1001", false},
		{"it is refused", func(c *realtimetest.Conn) { c.Close(4000, "invalid_request_error.account_deactivated") }, "account_deactivated", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := scripted(t, realtimetest.ExpectAudio(160), realtimetest.Do("end", func(c *realtimetest.Conn) error { test.end(c); return nil }))
			if err := a.SendAudio(everyByte(160)); err != nil {
				t.Fatal(err)
			}
			for {
				if _, err := a.Receive(limited(t)); err != nil {
					var lost *agent.LostError
					if !errors.As(err, &lost) || lost.Op != "receive" || lost.Code != test.code || lost.Fatal != test.fatal || lost.Ended {
						t.Errorf("got %#v", err)
					}
					return
				}
			}
		})
	}
}

// An answer that fails is asked for again as often as that can help: the caller waits.
func TestFailedAnswers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, code string
		asked      int
		fatal      bool
	}{
		{"server_error", "server_error", 2, false},
		{"tokens", "rate_limit_exceeded", 3, false},
		{"invalid_request_error", "strange_new_code", 1, false},
		{"insufficient_quota", "insufficient_quota", 1, true},
		{"invalid_request_error", "model_not_found", 1, true},
	} {
		t.Run(test.code, func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Fails(test.kind, test.code)},
				realtimetest.Turn{realtimetest.Fails(test.kind, test.code)}, realtimetest.Turn{realtimetest.Fails(test.kind, test.code)})})
			a := talk(t, s, listens, agent.Session{})
			hello(t, a)
			if test.fatal {
				for {
					if _, err := a.Receive(limited(t)); err != nil {
						var lost *agent.LostError
						if !errors.As(err, &lost) || !lost.Fatal || lost.Code != test.code {
							t.Errorf("got %#v", err)
						}
						return
					}
				}
			}
			_, before := until[agent.TurnEnd](t, a)
			if failed := all[agent.Failed](before); len(failed) != test.asked || failed[0].Code != test.code {
				t.Errorf("told of %+v", failed)
			}
			if got := journal(s.Conns()[0], "response.create"); len(got) != test.asked {
				t.Errorf("asked %d times, want %d", len(got), test.asked)
			}
		})
	}
}

// A rate limit that says when it ends is waited for.
func TestRateLimitIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{func(r *realtimetest.Response) error {
		_ = r.Conn().Send(map[string]any{"type": "rate_limits.updated", "rate_limits": []any{map[string]any{"name": "tokens", "limit": 10, "remaining": 0, "reset_seconds": 0.6},
			map[string]any{"name": "requests", "limit": 10, "remaining": 9, "reset_seconds": 60}}})
		return r.Fail("tokens", "rate_limit_exceeded")
	}}, realtimetest.Turn{realtimetest.Speak("Here I am.", 100*ms)})})
	a := talk(t, s, listens, agent.Session{})
	start := time.Now()
	hello(t, a)
	until[agent.Audio](t, a)
	if took := time.Since(start); took < 600*ms || took > 10*time.Second {
		t.Errorf("it is asked for again after %v", took)
	}
}

// Errors that end nothing: those of the wire's races are nothing to the log, all others are
// written down, and the next answer is heard.
func TestErrorsThatEndNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ kind, code, want string }{
		{"invalid_request_error", "response_cancel_not_active", "agent.Ignored"},
		{"invalid_request_error", "item_truncate_invalid_item_id", "agent.Ignored"},
		{"invalid_request_error", "unknown_parameter", "agent.Failed"},
		{"server_error", "server_error", "agent.Failed"},
		{"weather", "it_rains", "agent.Failed"},
		{"weather", "", "agent.Failed"},
	} {
		a := scripted(t, realtimetest.Do("fail", func(c *realtimetest.Conn) error { c.Fail(test.kind, test.code, "response words"); return nil }))
		if ev := next(t, a); fmt.Sprintf("%T", ev) != test.want {
			t.Errorf("%s: got %#v", test.code, ev)
		}
		hello(t, a)
		until[agent.TurnEnd](t, a)
	}
}

// What is no event, or none that is known, is passed over.
func TestUnknownEvents(t *testing.T) {
	t.Parallel()
	a := scripted(t, realtimetest.Send("no JSON"), realtimetest.Send(`{"type":"vendor.note"}`), realtimetest.Send(`{"type":"mcp_list_tools.completed","item_id":"x"}`),
		realtimetest.Says("Hello?"))
	_, before := until[agent.CallerSpeaks](t, a)
	if got := fmt.Sprint(before); got != "[{ true} {vendor.note false}]" {
		t.Errorf("got %s", got)
	}
}
