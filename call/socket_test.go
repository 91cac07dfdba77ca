package call_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/twiliocarrier"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

const someSID = "CAfedcba9876543210fedcba9876543210"

// announce is the webhook of a call: it returns the token of the stream.
func (b *bubble) announce(sid string) (token string) {
	b.Helper()
	return tokenOf(b, answered(b.board.Answer(carrier.Incoming{Call: carrier.CallID(sid), From: caller, To: number})))
}

// documents are what Twilio is answered.
var documents = twiliocarrier.Documents{PublicURL: public}

func answered(s carrier.Step) string {
	doc, err := documents.Write(s)
	if err != nil {
		return err.Error()
	}
	return doc
}

// tokenOf takes the token out of TwiML; it is "" where there is none.
func tokenOf(t testing.TB, doc string) string {
	t.Helper()
	verbs, err := twiliotest.ParseTwiML([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	stream, _ := verbs[0].Child("Stream")
	parameter, _ := stream.Child("Parameter")
	return parameter.Attrs["value"]
}

// socket opens a media socket as Twilio does, and says nothing on it.
func (b *bubble) socket() *websocket.Conn {
	b.Helper()
	ws, err := b.open()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ws.Close() })
	return ws
}

func (b *bubble) open() (*websocket.Conn, error) {
	dialer := websocket.Dialer{NetDialContext: b.pipe.DialContext}
	url := "wss" + strings.TrimPrefix(public, "https") + "/twilio/media"
	ws, _, err := dialer.DialContext(b.ctx, "ws://bridge/twilio/media", http.Header{"X-Twilio-Signature": {twiliotest.Sign(authToken, url, nil)}})
	return ws, err
}

// say sends a message of Twilio's.
func say(t testing.TB, ws *websocket.Conn, message string) {
	t.Helper()
	if err := ws.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
		t.Error(err)
	}
}

// started is a start message.
func started(sid, token string) string {
	params, _ := json.Marshal(map[string]string{"token": token})
	return fmt.Sprintf(`{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"streamSid":"MZ1","accountSid":"AC1","callSid":%q,"tracks":["inbound"],
		"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":%s}}`, sid, params)
}

const mediaMessage = `{"event":"media","sequenceNumber":"2","streamSid":"MZ1","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"FBQUFA=="}}`

// refused reads until the socket is closed and checks that it is for policy.
func (b *bubble) refused(ws *websocket.Conn) {
	b.Helper()
	for {
		_, message, err := ws.ReadMessage()
		if err == nil {
			b.Errorf("a stream that should be refused is sent %s", message)
			continue
		}
		var closed *websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != websocket.ClosePolicyViolation {
			b.Errorf("the stream ended with %v, want a close with 1008", err)
		}
		return
	}
}
