package evi_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
)

func TestDial(t *testing.T) {
	got := make(chan url.Values, 1)
	s := serve(t, func(c *evitest.Conn) {
		got <- c.Query
		if err := c.Greet("g-7"); err != nil {
			t.Error(err)
		}
		<-c.Done()
	})
	c := dial(t, s, func(o *evi.DialOptions) {
		o.ConfigID = "config"
		o.ResumeChatGroupID = "g-6"
		o.Settings.Variables = evi.Variables{"caller_name": "Dana & Co"}
	})
	if m := c.Metadata(); m.ChatGroupID != "g-7" || m.ChatID == "" || m.RequestID == "" {
		t.Errorf("got %+v", m)
	}
	want := url.Values{"config_id": {"config"}, "resumed_chat_group_id": {"g-6"},
		"session_settings[audio][encoding]":    {"linear16"},
		"session_settings[audio][sample_rate]": {"8000"}, "session_settings[audio][channels]": {"1"},
		"session_settings[variables][caller_name]": {"Dana & Co"}}
	if diff := cmp.Diff(want, <-got); diff != "" {
		t.Error(diff)
	}
}

func TestDialResumes(t *testing.T) {
	s := serve(t, evitest.Script())
	first := dial(t, s)
	group := first.Metadata().ChatGroupID
	second := dial(t, s, func(o *evi.DialOptions) { o.ResumeChatGroupID = group })
	if m := second.Metadata(); m.ChatGroupID != group || m.ChatID == first.Metadata().ChatID {
		t.Errorf("got %+v, want another chat of group %s", m, group)
	}
}

// Keys travel as told, and nothing else of ours gets into the handshake.
func TestDialAuthorization(t *testing.T) {
	for name, test := range map[string]struct {
		o      evi.DialOptions
		header string
		query  url.Values
	}{
		"header": {evi.DialOptions{APIKey: "k"}, "k", url.Values{}},
		"query":  {evi.DialOptions{APIKey: "k", KeyInQuery: true}, "", url.Values{"api_key": {"k"}}},
		"token":  {evi.DialOptions{AccessToken: "t"}, "", url.Values{"access_token": {"t"}}},
		"none":   {evi.DialOptions{}, "", url.Values{}},
	} {
		t.Run(name, func(t *testing.T) {
			requests := make(chan *http.Request, 1)
			s := handler(t, func(w http.ResponseWriter, r *http.Request) {
				requests <- r
				http.Error(w, "no", http.StatusTeapot)
			})
			test.o.URL, test.o.Header = s, http.Header{"X-Trace": {"1"}}
			if _, err := evi.Dial(t.Context(), &test.o); err == nil {
				t.Fatal("a teapot is no EVI")
			}
			r := <-requests
			if got := r.Header.Get("X-Hume-Api-Key"); got != test.header {
				t.Errorf("header: got %q, want %q", got, test.header)
			}
			if diff := cmp.Diff(test.query, r.URL.Query()); diff != "" {
				t.Error(diff)
			}
			if r.Header.Get("X-Trace") != "1" || r.URL.Path != "/v0/evi/chat" || r.Header.Get("Sec-Websocket-Protocol") != "" {
				t.Errorf("got %s with %v", r.URL.Path, r.Header)
			}
		})
	}
}

// The end of Dial's context is not the end of the chat.
func TestDialContextEndsLater(t *testing.T) {
	s := serve(t, evitest.Script(evitest.Expect("user_input"), evitest.Send(`{"type":"assistant_end"}`)))
	ctx, cancel := context.WithCancel(t.Context())
	c, err := evi.Dial(ctx, options(s))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(1000)
	cancel()
	if err := c.SendUserInput("hello"); err != nil {
		t.Fatal(err)
	}
	next[evi.AssistantEnd](t, c)
}

// An https address means TLS, on port 443.
func TestDialTLS(t *testing.T) {
	client, server := net.Pipe()
	first := make(chan byte, 1)
	go func() {
		var b [1]byte
		server.Read(b[:])
		first <- b[0]
		server.Close()
	}()
	var asked string
	_, err := evi.Dial(t.Context(), &evi.DialOptions{URL: "https://127.0.0.1",
		NetDialContext: func(_ context.Context, _, addr string) (net.Conn, error) {
			asked = addr
			return client, nil
		}})
	if err == nil {
		t.Fatal("a connection that is cut is no chat")
	}
	if b := <-first; asked != "127.0.0.1:443" || b != 0x16 { // handshake, RFC 8446, section 5.1
		t.Errorf("dialled %s and began with %#x, want a TLS handshake", asked, b)
	}
}
