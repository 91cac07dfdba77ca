package twilio

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestSend(t *testing.T) {
	s, peer := open(t, nil)
	for name, err := range map[string]error{
		"media": s.SendMedia([]byte{1}), "mark": s.SendMark("a"), "clear": s.Clear(),
	} {
		if !errors.Is(err, ErrNotStarted) {
			t.Errorf("%s before start: %v", name, err)
		}
	}
	if err := s.SendMedia(nil); err != nil {
		t.Errorf("no sound: %v", err)
	}
	started(t, s, peer)
	long := make([]byte, 10_000)
	for _, err := range []error{
		s.SendMedia(nil), s.SendMedia([]byte{0xff, 0xfe}), s.SendMark(`g1:"é\`), s.SendMedia(long), s.Clear(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SendMark(""); err == nil {
		t.Error("a mark without a name is sent")
	}
	const sid = `"streamSid":"` + streamSID + `"`
	for _, want := range []string{
		`{"event":"media",` + sid + `,"media":{"payload":"//4="}}`,
		`{"event":"mark",` + sid + `,"mark":{"name":"g1:\"é\\"}}`,
		`{"event":"media",` + sid + `,"media":{"payload":"` + strings.Repeat("A", 13334) + `=="}}`,
		`{"event":"clear",` + sid + `}`,
	} {
		_, got, err := peer.ReadMessage()
		if err != nil || string(got) != want {
			t.Errorf("got %.200s, %v\nwant %.200s", got, err, want)
		}
	}
}

// A second start is delivered, and changes nothing.
func TestSecondStart(t *testing.T) {
	s, peer := open(t, nil)
	started(t, s, peer)
	say(t, peer, strings.Replace(startMessage, streamSID, "MZ2", 1))
	if ev, err := s.Receive(t.Context()); err != nil || ev.(Start).StreamSID != "MZ2" {
		t.Fatal(ev, err)
	}
	if err := s.Clear(); err != nil {
		t.Fatal(err)
	}
	if _, got, err := peer.ReadMessage(); err != nil || !strings.Contains(string(got), streamSID) {
		t.Errorf("%s, %v", got, err)
	}
}

// A peer that reads nothing costs a sender 2 s, once, and Close no more than that.
func TestStuckPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, peer := openInBubble(t)
		started(t, s, peer)
		begin := time.Now()
		var err error
		for err == nil {
			err = s.SendMedia(make([]byte, 160))
		}
		if waited := time.Since(begin); waited != writeWait {
			t.Errorf("a write to a stuck peer took %v: %v", waited, err)
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) && !strings.Contains(err.Error(), "timeout") {
			t.Errorf("the error is %v", err)
		}
		begin = time.Now()
		if s.SendMedia([]byte{1}) == nil || s.Close(1000, "") != nil || time.Since(begin) > 0 {
			t.Errorf("after it sending and closing took %v", time.Since(begin))
		}
	})
}
