package call_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// An EVI that stops reading, without a word, is given up as soon as the way
// there is full, and replaced. Another call is not touched.
func TestEVIStopsReading(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{farEVI: true})
	c, _ := r.connected()
	r.valve.Freeze()
	other, otherAgent := r.connected()
	second := base64.StdEncoding.EncodeToString(sound(time.Second, 20))
	message := fmt.Sprintf(`{"event":"media","streamSid":%q,"media":{"track":"inbound","chunk":"1","timestamp":"0","payload":%q}}`, c.StreamSID(), second)
	start := time.Now()
	for range 600 { // ten minutes of sound
		if err := c.SendRaw(message); err != nil {
			t.Fatal(err)
		}
	}
	next := r.chat()
	if got := time.Since(start); got > 30*time.Second {
		t.Errorf("the agent was replaced after %v", got)
	}
	next.reply(t, "a", "Back.", 440, 300*time.Millisecond)
	otherAgent.reply(t, "b", "Here.", 700, 300*time.Millisecond)
	r.until("both agents are heard", func() bool {
		return heardTone(c.Heard(), 440) >= 280*time.Millisecond && heardTone(other.Heard(), 700) >= 280*time.Millisecond
	})
	if rec := r.now(other); len(rec.ChatIDs) != 1 {
		t.Errorf("the other call has the chats %q", rec.ChatIDs)
	}
	noFaults(t, other)
}

// A telephone that stops reading is given up as soon as the way there is full.
// Another call is not touched.
func TestPhoneStopsReading(t *testing.T) {
	t.Parallel()
	r := newRig(t, plan{serve: func(s *httptest.Server) { s.Listener = narrow{s.Listener} }})
	other, otherAgent := r.connected()
	token := tokenOf(t, answered(r.board.Answer(carrier.Incoming{Call: someSID, From: caller, To: number})))
	agent := r.chat()
	ws := r.deafSocket()
	say(t, ws, started(someSID, token))
	r.until("the call lives", func() bool { return r.board.Live() == 2 })
	// It is cut short where the call is given up before all of it is sent; the log has what was said.
	_ = agent.Say(r.ctx, evitest.Speech{ID: "a", Text: "A long story.", PCM: tone(440, 20*time.Second)})
	start := time.Now()
	<-agent.Done()
	if got := time.Since(start); got > 30*time.Second {
		t.Errorf("the call was given up after %v", got)
	}
	otherAgent.reply(t, "b", "Here.", 700, 300*time.Millisecond)
	r.until("the other agent is heard", func() bool { return heardTone(other.Heard(), 700) >= 280*time.Millisecond })
	rec := r.record(&twiliotest.Call{SID: someSID})
	if rec.Outcome != string(call.CallerHungUp) || said(t, rec, "A long story.").Heard != "partly" {
		t.Errorf("the outcome is %q: %+v", rec.Outcome, rec.Entries)
	}
	noFaults(t, other)
}

// deafSocket opens a media socket that nobody will ever read.
func (r *rig) deafSocket() *websocket.Conn {
	r.Helper()
	dialer := websocket.Dialer{NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err == nil {
			err = conn.(*net.TCPConn).SetReadBuffer(1)
		}
		return conn, err
	}}
	url := "wss" + strings.TrimPrefix(public, "https") + "/twilio/media"
	signed := http.Header{"X-Twilio-Signature": {twiliotest.Sign(authToken, url, nil)}}
	ws, _, err := dialer.DialContext(r.ctx, "ws"+strings.TrimPrefix(r.web.URL, "http")+"/twilio/media", signed)
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() { ws.Close() })
	return ws
}
