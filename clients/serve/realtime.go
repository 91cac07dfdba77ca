package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// voice serves realtimetest. It hears turns in the audio, so that it is the client that
// drives the session.
type voice struct {
	*realtimetest.Server
	certificate string // a file
}

func plainRealtime(string) (server, error) {
	return voice{Server: realtimetest.NewServer(session())}, nil
}

// tlsRealtime is for clients that speak TLS only.
func tlsRealtime(dir string) (server, error) {
	v := voice{realtimetest.NewTLSServer(session()), filepath.Join(dir, "certificate.pem")}
	return v, os.WriteFile(v.certificate, v.CertificatePEM(), 0o600)
}

// session is one in which a tool is called, the second answer is long enough to be
// interrupted, and the third says goodbye.
func session() realtimetest.Config {
	return realtimetest.Config{Key: key, Listen: true, Model: realtimetest.Answers(
		realtimetest.Turn{realtimetest.Speak("Let me look.", 300*time.Millisecond),
			realtimetest.Call("order_status", `{"order_id":"A-17"}`)},
		realtimetest.Turn{realtimetest.Talk("Your parcel left on Monday, and it is due before the end of the day.", 8*time.Second)},
		realtimetest.Turn{realtimetest.Speak("Goodbye.", 300*time.Millisecond)},
	)}
}

func (v voice) env() []string {
	return []string{"REALTIME_URL=" + v.URL(), "REALTIME_KEY=" + key, "REALTIME_CA=" + v.certificate}
}

// verdict is nil if the client completed the session as a client should.
func (v voice) verdict() error {
	v.Close()
	problems := []error{v.Err()}
	for _, f := range v.Faults() {
		problems = append(problems, fmt.Errorf("fault: %s", f))
	}
	conns := v.Conns()
	if len(conns) != 1 {
		return errors.Join(append(problems, fmt.Errorf("%d sessions, want 1", len(conns)))...)
	}
	c := conns[0]
	if code := c.CloseCode(); code != 1000 && code != 1005 {
		problems = append(problems, fmt.Errorf("the session was closed with %d, want 1000", code))
	}
	knows := strings.Join(c.Context(), "\n")
	for _, want := range []string{"call ", "output ", "shipped", " ms of audio)", "assistant: Goodbye."} {
		if !strings.Contains(knows, want) {
			problems = append(problems, fmt.Errorf("the model doesn't know %q, only\n%s", want, knows))
		}
	}
	for _, kind := range []string{"session.update", "response.create", "conversation.item.truncate"} {
		if !slices.ContainsFunc(c.Journal(), func(m realtimetest.Message) bool { return m.Type == kind }) {
			problems = append(problems, fmt.Errorf("no %s came", kind))
		}
	}
	return errors.Join(problems...)
}
