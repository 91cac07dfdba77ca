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
