package evitest_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/evi/evitest"
)

func TestPlans(t *testing.T) {
	s := start(t, evitest.Script())
	s.Refuse(503, 2)
	s.Delay(time.Millisecond, 1)
	s.Refuse(429, -1)
	var got []int
	for range 5 {
		_, status := try(t, s, declared, "key")
		got = append(got, status)
	}
	if want := []int{503, 503, 101, 429, 429}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	s.Accept()
	if _, status := try(t, s, declared, "key"); status != 101 {
		t.Errorf("after Accept: got %d, want 101", status)
	}
	if n := s.Tries(); n != 6 {
		t.Errorf("%d tries, want 6", n)
	}
}

func TestKeys(t *testing.T) {
	s := start(t, evitest.Script())
	for _, test := range []struct {
		query, header string
		want          int
	}{
		{"", "key", 101}, {"api_key=key", "", 101}, {"access_token=key", "", 101},
		{"", "", 401}, {"", "yek", 401}, {"api_key=yek", "", 401},
	} {
		if _, status := try(t, s, test.query, test.header); status != test.want {
			t.Errorf("query %q, header %q: got %d, want %d", test.query, test.header, status, test.want)
		}
	}
	answer, err := http.Get(s.URL() + "/v0/evi/configs")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 404 {
		t.Errorf("another path: got %d, want 404", answer.StatusCode)
	}
}

func TestHangEndsWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := evitest.NewPipeServer("key", evitest.Script())
		s.Hang(1)
		ended := make(chan error, 1)
		go func() {
			d := websocket.Dialer{NetDialContext: s.DialContext}
			_, _, err := d.Dial("ws://127.0.0.1/v0/evi/chat", nil)
			ended <- err
		}()
		synctest.Wait()
		if n := s.Tries(); n != 1 {
			t.Errorf("%d tries, want 1", n)
		}
		s.Close()
		if err := <-ended; err == nil || errors.Is(err, websocket.ErrBadHandshake) {
			t.Errorf("got %v, want a cut connection", err)
		}
	})
}

// Close ends chats in which neither side does anything.
func TestCloseEndsChats(t *testing.T) {
	s := evitest.NewServer("key", evitest.Script())
	ws := connect(t, s, declared)
	read(t, ws)
	s.Close()
	if _, _, err := ws.ReadMessage(); err == nil {
		t.Error("the chat goes on")
	}
}

func TestGreet(t *testing.T) {
	s := start(t, func(c *evitest.Conn) {
		if err := c.Greet(c.Query.Get("want")); err != nil {
			t.Error(err)
		}
		<-c.Done()
	})
	fresh := read(t, connect(t, s, ""))
	if fresh["type"] != "chat_metadata" || fresh["chat_id"] == "" || fresh["chat_group_id"] == "" ||
		fresh["request_id"] == "" {
		t.Errorf("got %v", fresh)
	}
	resumed := read(t, connect(t, s, "resumed_chat_group_id=g-1"))
	if resumed["chat_group_id"] != "g-1" || resumed["chat_id"] == fresh["chat_id"] {
		t.Errorf("resumed: got %v", resumed)
	}
	if named := read(t, connect(t, s, "resumed_chat_group_id=g-1&want=g-2")); named["chat_group_id"] != "g-2" {
		t.Errorf("named: got %v", named)
	}
}
