package twiliocarrier

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/carrier/carriertest"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// caller is the far end of a media stream.
type caller struct {
	*twiliotest.Call
	t *testing.T
}

func (c caller) Press(digits string) {
	for _, d := range digits {
		if err := c.Call.Press(string(d)); err != nil {
			c.t.Error(err)
		}
	}
}

func (c caller) HangUp() { c.Call.HangUp() }

// A media stream keeps what every line promises.
func TestLinePromises(t *testing.T) {
	t.Parallel()
	const public, token = "https://voice.example.test", "0123456789abcdef0123456789abcdef"
	connect, err := Documents{PublicURL: public}.Write(carrier.Connect{Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	carriertest.TestLine(t, func(t *testing.T, test func(*testing.T, carrier.Line, carriertest.Far)) {
		synctest.Test(t, func(t *testing.T) {
			lines := make(chan carrier.Line)
			routes := http.NewServeMux()
			routes.HandleFunc("/twilio/voice", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/xml")
				w.Write([]byte(connect))
			})
			routes.HandleFunc("/twilio/next", func(http.ResponseWriter, *http.Request) {})
			routes.HandleFunc("/twilio/stream", func(http.ResponseWriter, *http.Request) {})
			routes.HandleFunc("/twilio/media", func(w http.ResponseWriter, r *http.Request) {
				s, err := twilio.Accept(w, r)
				if err != nil {
					t.Error(err)
					return
				}
				lines <- NewLine(s)
			})
			pipe, server := twiliotest.NewPipe(), &http.Server{Handler: routes}
			var serving sync.WaitGroup
			serving.Go(func() { server.Serve(pipe) })
			phone := &twiliotest.Phone{Bridge: "http://bridge", Public: public, AuthToken: token, DialContext: pipe.DialContext}
			ctx, cancel := context.WithCancel(t.Context())
			c, err := phone.Dial(ctx, "+14155550142", "+14155550100")
			if err != nil {
				t.Fatal(err)
			}
			test(t, <-lines, caller{c, t})
			cancel()
			<-c.Done()
			server.Close()
			serving.Wait()
		})
	})
}
