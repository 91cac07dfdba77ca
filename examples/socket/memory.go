package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/carrier"
)

// memory is what several instances would share in a database.
type memory struct {
	mu   sync.Mutex
	used map[[32]byte]bool
}

func (m *memory) RedeemToken(_ context.Context, hash [32]byte, _ time.Time) (first bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.used == nil {
		m.used = map[[32]byte]bool{}
	}
	first = !m.used[hash]
	m.used[hash] = true
	return first, nil
}

func (m *memory) SetNext(context.Context, carrier.CallID, carrier.Step) error { return nil }

func (m *memory) TakeNext(context.Context, carrier.CallID) (carrier.Step, bool, error) {
	return nil, false, nil
}

func (m *memory) SendCommand(context.Context, string, string, string) error {
	return errors.New("there is one instance alone")
}

// echoes is a voice that says what it hears.
type echoes struct{}

func (echoes) Check(agent.Session) error { return nil }

func (echoes) Dial(context.Context, agent.Session) (agent.Agent, error) {
	return &echo{heard: make(chan []byte, 256)}, nil
}

// echo is one conversation. All that it is asked for beside listening it ignores.
type echo struct {
	agent.Agent // nil: nothing else is asked of an agent without tools and opening

	heard chan []byte
}

func (*echo) Chat() agent.Chat              { return agent.Chat{ID: "echo", Voice: "echo"} }
func (*echo) Remember(agent.Memory) error   { return nil }
func (*echo) Interrupt([]agent.Heard) error { return nil }
func (*echo) SendContext(string) error      { return nil }
func (*echo) SendTurn(string) error         { return nil }
func (*echo) Close() error                  { return nil }
func (e *echo) SendAudio(ulaw []byte) error {
	select {
	case e.heard <- append([]byte(nil), ulaw...):
	default: // nobody listens any more
	}
	return nil
}

func (e *echo) Receive(ctx context.Context) (agent.Event, error) {
	select {
	case ulaw := <-e.heard:
		return agent.Audio{Segment: "echo", ULaw: ulaw}, nil
	case <-ctx.Done():
		return nil, &agent.LostError{Err: context.Cause(ctx)}
	}
}
