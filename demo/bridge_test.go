package demo

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	voices "github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// bridge is a bridge's end of the agent's sockets, with the bridge's own adapters.
type bridge struct {
	t       *testing.T
	first   string // voice that takes the call
	other   string
	dialers map[string]voices.Dialer
	agent   *agent
	open    []voices.Agent
	wg      sync.WaitGroup
}

// withAgent runs f on each wire with an agent, and a bridge that it may talk to, in virtual
// time.
func withAgent(t *testing.T, f func(*testing.T, *agent, *bridge)) {
	t.Helper()
	for i, first := range Voices {
		t.Run(first, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				b := &bridge{t: t, first: first, other: Voices[1-i]}
				answers := make(chan *answer)
				evi := evitest.NewPipeServer("key", func(c *evitest.Conn) { b.agent.serve(eviConn{c}) })
				realtime := realtimetest.NewPipeServer(realtimetest.Config{Key: "key",
					Model: model(answers), Lead: realtimetest.TextAhead,
					Handle: func(c *realtimetest.Conn) { b.agent.serve(&realtimeConn{session: c, answers: answers}) }})
				b.dialers = map[string]voices.Dialer{
					voiceEVI: &voices.EVI{URL: evi.URL(), APIKey: "key", NetDialContext: evi.DialContext},
					voiceRealtime: &voices.Realtime{URL: realtime.URL(), APIKey: "key", Model: "m", Listens: true,
						NetDialContext: realtime.DialContext},
				}
				hosts := map[string]host{voiceEVI: evi, voiceRealtime: realtime}
				b.agent = newAgent(ctx, hosts[first], hosts[b.other], allLines().callers(), t.Logf)
				f(t, b.agent, b)
				cancel()
				for _, a := range b.open {
					a.Close()
				}
				for voice, h := range hosts {
					if h.Close(); len(h.Faults()) > 0 {
						t.Errorf("%s would refuse: %q", voice, h.Faults())
					}
				}
				b.wg.Wait()
			})
		})
	}
}

// dial opens a conversation with the first voice, and reads all that comes until it is over.
func (b *bridge) dial() (voices.Agent, <-chan voices.Event) {
	b.t.Helper()
	a, events, err := b.redial(b.first, "")
	if err != nil {
		b.t.Fatal(err)
	}
	return a, events
}

// redial is dial with any voice, which may refuse, and which may resume a conversation.
func (b *bridge) redial(voice, resume string) (voices.Agent, <-chan voices.Event, error) {
	tools := []voices.Tool{{Name: orderTool, Schema: []byte(`{"type":"object"}`)}}
	a, err := b.dialers[voice].Dial(b.t.Context(), voices.Session{Resume: resume, Tools: tools})
	if err != nil {
		return nil, nil, err
	}
	b.open = append(b.open, a)
	events := make(chan voices.Event, 10_000)
	b.wg.Go(func() {
		defer close(events)
		for {
			ev, err := a.Receive(b.t.Context())
			if err != nil {
				return
			}
			events <- ev
		}
	})
	return a, events, nil
}

// leave ends a conversation when all of it has arrived.
func (b *bridge) leave(a voices.Agent) {
	synctest.Wait()
	a.Close()
}

// send sends sound at the speed of sound, beside what else goes on, until the conversation
// is over.
func (b *bridge) send(a voices.Agent, pcm []int16) {
	b.wg.Go(func() {
		tick := time.NewTicker(frameTime)
		defer tick.Stop()
		for ; len(pcm) >= frame; pcm = pcm[frame:] {
			<-tick.C
			if a.SendAudio(media.AppendEncodeULaw(nil, pcm[:frame])) != nil {
				return
			}
		}
	})
}
