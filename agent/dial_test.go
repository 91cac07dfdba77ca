package agent_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
)

// What a dial says of the call, and where: what must hold from the first byte
// travels in the address, what may be long in a message.
func TestDialQuery(t *testing.T) {
	t.Parallel()
	short, long := strings.Repeat("p", 1000), strings.Repeat("p", 1001)
	const settings = "session_settings"
	for _, test := range []struct {
		name    string
		evi     agent.EVI
		session agent.Session
		want    url.Values
		message evitest.Fields // nil for none
	}{
		{"nothing but the sound", agent.EVI{}, agent.Session{}, url.Values{}, nil},
		{"all of it", agent.EVI{ConfigID: "cfg", InputRate: 16000, Verbose: true, Prompt: "Be brief."},
			agent.Session{CallSID: "CA1", Resume: "group", Variables: map[string]string{"name": "Dana & Co", "clinic": "Riverbend"}},
			url.Values{"config_id": {"cfg"}, "verbose_transcription": {"true"}, "resumed_chat_group_id": {"group"},
				settings + "[custom_session_id]": {"CA1"}, settings + "[system_prompt]": {"Be brief."}, settings + "[audio][sample_rate]": {"16000"}},
			evitest.Fields{"variables": map[string]any{"name": "Dana & Co", "clinic": "Riverbend"}}},
		{"a prompt that just fits", agent.EVI{Prompt: short}, agent.Session{}, url.Values{settings + "[system_prompt]": {short}}, nil},
		{"a prompt that doesn't", agent.EVI{Prompt: long}, agent.Session{}, url.Values{}, evitest.Fields{"system_prompt": long}},
		{"tools", agent.EVI{},
			agent.Session{Tools: []agent.Tool{{Name: "order_status", Description: "Looks it up.", Schema: []byte(`{"type":"object"}`), Failure: "It is down."}}}, url.Values{},
			evitest.Fields{"tools": []any{map[string]any{"type": "function", "name": "order_status", "description": "Looks it up.",
				"parameters": `{"type":"object"}`, "fallback_content": "It is down."}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			query := make(chan url.Values, 1)
			steps := []evitest.Step{does(func(c *evitest.Conn) error { query <- c.Query; return nil })}
			if test.message != nil {
				steps = append(steps, evitest.Expect("session_settings", test.message))
			}
			a := dial(t, serve(t, evitest.Script(append(steps, does((*evitest.Conn).AssistantEnd))...)), test.evi, test.session)
			if ev := next(t, a); ev != (agent.TurnEnd{}) {
				t.Errorf("got %+v", ev)
			}
			for name, value := range map[string]string{"[audio][encoding]": "linear16", "[audio][channels]": "1", "[audio][sample_rate]": "8000"} {
				if !test.want.Has(settings + name) {
					test.want.Set(settings+name, value)
				}
			}
			if diff := cmp.Diff(test.want, <-query); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

// Why there is no agent, and whether to ask again.
func TestDialFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		evi   agent.EVI
		set   func(*evitest.Server)
		greet func(*evitest.Conn)
		want  agent.LostError
	}{
		{name: "a key that isn't known", set: func(s *evitest.Server) { s.Refuse(401, 1) }, want: agent.LostError{Code: "401", Fatal: true}},
		{name: "a configuration that isn't", set: func(s *evitest.Server) { s.Refuse(404, 1) }, want: agent.LostError{Code: "404", Fatal: true}},
		{name: "too many at present", set: func(s *evitest.Server) { s.Refuse(429, 1) }, want: agent.LostError{Code: "429"}},
		{name: "out of order", set: func(s *evitest.Server) { s.Refuse(503, 1) }, want: agent.LostError{Code: "503"}},
		{name: "a conversation that is gone", greet: func(c *evitest.Conn) { c.Fail("E0708", "chat_group_not_found", "private words", 1000) },
			want: agent.LostError{Code: "E0708", Fresh: true}},
		{name: "another error", greet: func(c *evitest.Conn) { c.Fail("I0100", "internal_error", "private words", 1011) }, want: agent.LostError{Code: "I0100"}},
		{name: "a close", greet: func(c *evitest.Conn) { c.Close(1008) }, want: agent.LostError{Code: "1008"}},
		{name: "a rate that there is not", evi: agent.EVI{InputRate: 3}, want: agent.LostError{Fatal: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(c *evitest.Conn) {
				if test.greet != nil {
					test.greet(c)
				}
			})
			if test.set != nil {
				test.set(s)
			}
			d := test.evi
			d.URL, d.APIKey = s.URL(), key
			a, err := d.Dial(limited(t), agent.Session{Resume: "group"})
			var lost *agent.LostError
			if a != nil || !errors.As(err, &lost) {
				t.Fatalf("got %v, %v", a, err)
			}
			if lost.Op != "dial" || lost.Code != test.want.Code || lost.Fatal != test.want.Fatal || lost.Fresh != test.want.Fresh || lost.Ended {
				t.Errorf("got %+v, want %+v", lost, test.want)
			}
			if text := err.Error(); !strings.HasPrefix(text, "agent: dial: ") || strings.Contains(text, "private") || strings.Contains(text, key) {
				t.Errorf("the error reads %q", text)
			}
		})
	}
}

// The end of the caller's patience ends a dial at once.
func TestDialIsCancelled(t *testing.T) {
	t.Parallel()
	s := serve(t, func(*evitest.Conn) {})
	s.Hang(1)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	d := agent.EVI{URL: s.URL(), APIKey: key}
	if a, err := d.Dial(ctx, agent.Session{}); a != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v", a, err)
	}
}

// A chat is replaced before EVI ends it.
func TestExpires(t *testing.T) {
	t.Parallel()
	for given, want := range map[time.Duration]time.Duration{0: 29 * time.Minute, time.Second: time.Second} {
		before := time.Now()
		a := dial(t, serve(t, evitest.Script()), agent.EVI{Lifetime: given}, agent.Session{})
		if got := a.Chat().Expires; got.Before(before.Add(want)) || got.After(time.Now().Add(want)) {
			t.Errorf("a lifetime of %v ends at %v, want %v from now", given, got, want)
		}
	}
}
