package call_test

import (
	"context"
	"sync"
	"time"

	"github.com/patchcord/patchcord/server"
)

// memAnswers keeps the answers to webhooks in memory: for virtual time, in which no
// database lives.
type memAnswers struct {
	mu     sync.Mutex
	claims map[[32]byte]server.Claim
}

func (m *memAnswers) Claim(_ context.Context, key, body [32]byte, callID string, _ time.Duration) (server.Claim, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, found := m.claims[key]; found {
		return c, nil
	}
	if m.claims == nil {
		m.claims = map[[32]byte]server.Claim{}
	}
	m.claims[key] = server.Claim{CallID: callID, Body: body}
	return server.Claim{Mine: true, CallID: callID, Body: body}, nil
}

func (*memAnswers) Reopen(context.Context, [32]byte, []byte, string) (bool, error) { return false, nil }

func (m *memAnswers) KeepAnswer(_ context.Context, key [32]byte, answer []byte, _ [32]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.claims[key]
	c.Answer = answer
	m.claims[key] = c
	return nil
}

func (m *memAnswers) DropClaim(_ context.Context, key [32]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.claims, key)
	return nil
}
