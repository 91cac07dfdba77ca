package call_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// While four tools of one call hang for 30 s, no sound of any call waits, that one's
// neither. In virtual time what waits for nothing takes none at all.
func TestSlowToolsDelayNoSound(t *testing.T) {
	inBubble(t, func(_ *call.Config, p *call.Profile) {
		p.Tools = toolSet(t, tools.Config{}, waits(t, "slow"))
	}, func(b *bubble) {
		var lines []*twiliotest.Call
		var agents []*call.Puppet
		for range 6 {
			c, p := b.connected()
			lines, agents = append(lines, c), append(agents, p)
		}
		for i := range 4 {
			asksTool(agents[0], fmt.Sprint("t", i), "slow", 30000)
		}
		for i, c := range lines {
			c.Speak(sound(29*time.Second, byte(20+i)))
		}
		for i := range 14 {
			for j, p := range agents {
				speaks(p, fmt.Sprint("s", i), "Words.", sound(time.Second, byte(40+j)))
			}
			b.pass(2 * time.Second)
		}
		b.pass(3 * time.Second)
		if n := len(agents[0].Answers()); n != 4 {
			b.Errorf("%d answers, want 4", n)
		}
		for i, c := range lines {
			c.HangUp()
			<-c.Done()
			q := b.record(c).Quality
			if q.AddedMS.P99 > 0.01 || q.Late > 0 || q.Gaps > 0 {
				b.Errorf("call %d: %+v", i, *q)
			}
			if got, want := count(agents[i].Heard(), byte(20+i)), 29*time.Second; got != want {
				b.Errorf("call %d: the agent heard %v, want %v", i, got, want)
			}
			if got, want := count(c.Heard(), byte(40+i)), 14*time.Second; got != want {
				b.Errorf("call %d: the caller heard %v, want %v", i, got, want)
			}
		}
	})
}

// BenchmarkBesideSlowTools measures what the bridge adds to the sound of ten calls, on
// real sockets, while none, one, and four tools of an eleventh hang for 30 s. The figures
// are the calls' own, those of their logs.
func BenchmarkBesideSlowTools(b *testing.B) {
	for _, n := range []int{0, 1, 4} {
		b.Run(fmt.Sprintf("tools=%d", n), func(b *testing.B) {
			var p50, p99 []float64
			for range b.N {
				for _, s := range besideTools(b, n) {
					p50, p99 = append(p50, s.P50), append(p99, s.P99)
				}
			}
			b.ReportMetric(middle(p50), "p50-ms")
			b.ReportMetric(middle(p99), "p99-ms")
			b.ReportMetric(slices.Max(p99), "worst-p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func middle(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// besideTools lets ten calls talk for five seconds beside one in which so many tools hang.
func besideTools(b *testing.B, slow int) (added []calllog.Spread) {
	const calls, span = 10, 5 * time.Second
	chats := make(chan *evitest.Conn)
	voice := evitest.NewServer(humeKey, func(conn *evitest.Conn) {
		if conn.Greet("") == nil {
			chats <- conn
			for {
				if _, err := conn.Receive(context.Background()); err != nil {
					return
				}
			}
		}
	})
	defer voice.Close()
	shelf := call.NewShelf()
	log := call.NewWriterTo(b, shelf)
	registry := prometheus.NewRegistry()
	web := httptest.NewUnstartedServer(nil)
	board := call.New(call.Config{Numbers: map[string]string{number: "support"},
		Profiles: map[string]*call.Profile{"support": {Name: "support", Fallback: fallback,
			Voices: []*call.Voice{call.NewVoice("evi", &agent.EVI{URL: voice.URL(), APIKey: humeKey})}, Tools: toolSet(b, tools.Config{}, waits(b, "slow"))}},
		Key: []byte("a key of the test, 32 bytes long"), Instance: "here", Log: log, Store: shelf, Shared: shelf,
		Metrics: call.NewMetrics(registry), Logger: zerolog.Nop()})
	web.Config.Handler = server.New(serverConfig(b, board, shelf, log, registry)).HTTP("").Handler
	web.Start()
	defer web.Close()
	defer board.Drain(ended(b))
	phone := &twiliotest.Phone{Bridge: web.URL, Public: public, AuthToken: authToken}

	var lines []*twiliotest.Call
	var agents []*evitest.Conn
	for range calls + 1 {
		c, err := phone.Dial(b.Context(), caller, number)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { c.HangUp(); <-c.Done() }()
		if _, err := c.Await(b.Context(), func(m twiliotest.Moment) bool { return m.Event == twiliotest.Started }); err != nil {
			b.Fatal(err)
		}
		lines, agents = append(lines, c), append(agents, <-chats)
	}
	for i := range slow {
		agents[calls].CallTool(fmt.Sprint("t", i), "slow", `{"ms":30000}`, true)
	}
	for _, c := range lines[:calls] {
		c.Speak(sound(span, 20))
	}
	for i := range int(span / time.Second) {
		for j, a := range agents[:calls] {
			time.Sleep(time.Second / calls) // each at its own time, as people talk
			a.Say(b.Context(), evitest.Speech{ID: fmt.Sprint(i, j), Text: "Words.", PCM: tone(440, 500*time.Millisecond)})
			a.AssistantEnd()
		}
	}
	for _, c := range lines[:calls] {
		c.HangUp()
		<-c.Done()
	}
	for _, c := range lines[:calls] {
		for {
			if err := log.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
			head, err := shelf.BySID(b.Context(), c.SID)
			if err == nil && head.Quality != nil && head.Outcome != "" {
				added = append(added, head.Quality.AddedMS)
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	return added
}

// ended is a context that is over.
func ended(b *testing.B) context.Context {
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	return ctx
}
