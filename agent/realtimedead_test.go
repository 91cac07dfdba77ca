package agent_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// A server that is gone without a word is noticed within seconds; one of one's own, whose
// models may keep it busy, is given longer.
func TestDeadServer(t *testing.T) {
	for d, most := range map[realtime.Dialect]time.Duration{realtime.OpenAI: 4 * time.Second, realtime.LocalAI: 30 * time.Second} {
		t.Run(string(d), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := realtimetest.NewPipeServer(realtimetest.Config{Key: key, Dialect: d})
				defer s.Close()
				a, err := (&agent.Realtime{Dialect: d, URL: s.URL(), APIKey: key, Model: "m", NetDialContext: s.DialContext}).Dial(t.Context(), agent.Session{})
				if err != nil {
					t.Fatal(err)
				}
				why := make(chan error)
				go func() {
					_, err := a.Receive(context.Background())
					why <- err
				}()
				time.Sleep(time.Minute) // it lives, and has nothing to say
				s.Conns()[0].Stall()
				start := time.Now()
				err = <-why
				var lost *agent.LostError
				if took := time.Since(start); !errors.As(err, &lost) || lost.Fatal || took > most || took < most/4 {
					t.Errorf("after %v: %v", took, err)
				}
				a.Close()
			})
		})
	}
}

// A server that takes the socket and never says that the session is ready is given up in time
// for another voice, or another try.
func TestServerThatNeverSpeaks(t *testing.T) {
	for name, plan := range map[string]func(*realtimetest.Server){"silent": func(s *realtimetest.Server) { s.Silence(1) }, "deaf": func(s *realtimetest.Server) { s.Deafen(1) }} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := realtimetest.NewPipeServer(realtimetest.Config{Key: key})
				defer s.Close()
				plan(s)
				start := time.Now()
				_, err := (&agent.Realtime{URL: s.URL(), APIKey: key, NetDialContext: s.DialContext}).Dial(t.Context(), agent.Session{})
				var lost *agent.LostError
				if took := time.Since(start); !errors.As(err, &lost) || lost.Fatal || took != 5*time.Second {
					t.Errorf("after %v: %v", took, err)
				}
			})
		})
	}
}
