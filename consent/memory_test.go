package consent

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// memory is a ledger without a disk. It can be away.
type memory struct {
	mu    sync.Mutex
	away  error
	facts []Fact
}

func (m *memory) append(facts []Fact) []Receipt {
	var list []Receipt
	for _, f := range facts {
		f.Seq = int64(len(m.facts) + 1)
		f.Hash = fmt.Sprint(f.Seq)
		f.RecordedAt = noon
		m.facts = append(m.facts, f)
		list = append(list, Receipt{f.Seq, f.Hash})
	}
	return list
}

func (m *memory) snapshot(n phone.Number) Snapshot {
	s := Snapshot{AsOf: int64(len(m.facts)), AnchoredAt: noon}
	for _, f := range m.facts {
		if f.Number == n {
			s.Facts = append(s.Facts, f)
		}
	}
	return s
}

func (m *memory) Record(_ context.Context, facts ...Fact) ([]Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away != nil {
		return nil, m.away
	}
	return m.append(facts), nil
}

func (m *memory) Transact(_ context.Context, n phone.Number, decide func(Snapshot) []Fact) ([]Receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away != nil {
		return nil, m.away
	}
	return m.append(decide(m.snapshot(n))), nil
}

func (m *memory) Snapshot(_ context.Context, numbers ...phone.Number) ([]Snapshot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away != nil {
		return nil, m.away
	}
	list := make([]Snapshot, len(numbers))
	for i, n := range numbers {
		list[i] = m.snapshot(n)
	}
	return list, nil
}

func (m *memory) set(away error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = away
}

// of counts the facts of a type.
func (m *memory) of(t Type) (list []Fact) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.facts {
		if f.Type == t {
			list = append(list, f)
		}
	}
	return list
}

// halfDecider asks the rules of facts alone, as if it were always the right hour.
type halfDecider struct{}

func (halfDecider) Decide(req Request, s Snapshot, now time.Time) Decision {
	return setup{req: req, s: s, now: now}.decide()
}
