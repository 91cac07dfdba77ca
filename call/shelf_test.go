package call

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Shelf is the call log, and what instances share, in memory: for virtual time,
// in which no database lives.
type Shelf struct {
	mu       sync.Mutex
	calls    map[string]calllog.Call
	entries  map[string]map[int]calllog.Entry
	redeemed map[[32]byte]bool
	next     map[carrier.CallID]carrier.Step
	away     bool          // what the instances share can't be asked
	slow     time.Duration // that the search for earlier calls takes
}

// NewShelf makes an empty one.
func NewShelf() *Shelf {
	return &Shelf{calls: map[string]calllog.Call{}, entries: map[string]map[int]calllog.Entry{}, redeemed: map[[32]byte]bool{}, next: map[carrier.CallID]carrier.Step{}}
}

// NewWriterTo makes a writer to the shelf that is closed when the test ends.
func NewWriterTo(t testing.TB, s *Shelf) *calllog.Writer {
	t.Helper()
	w, err := calllog.NewWriter(calllog.WriterConfig{Store: s, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (s *Shelf) Apply(_ context.Context, changes []calllog.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range changes {
		if h := s.calls[idOf(c)]; c.Call != nil && (h.Epoch < c.Call.Epoch || h.Epoch == c.Call.Epoch && h.Version < c.Call.Version) {
			s.calls[c.Call.ID] = *c.Call
		}
		if c.Entry != nil {
			if s.entries[c.CallID] == nil {
				s.entries[c.CallID] = map[int]calllog.Entry{}
			}
			s.entries[c.CallID][c.Epoch<<32|c.Entry.Seq] = *c.Entry
		}
	}
	return nil
}

func idOf(c calllog.Change) string {
	if c.Call != nil {
		return c.Call.ID
	}
	return c.CallID
}

func (s *Shelf) Claim(_ context.Context, claim calllog.Claim) (calllog.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.calls[claim.ID]
	switch {
	case !ok:
		return c, calllog.ErrNotFound
	case c.Epoch != claim.Epoch || c.Outcome != claim.Outcome:
		return c, calllog.ErrClaimed
	}
	c.Epoch, c.Instance = c.Epoch+1, claim.Instance
	s.calls[claim.ID] = c
	c.Entries = s.linesOf(claim.ID)
	return c, nil
}

func (s *Shelf) Get(_ context.Context, id string) (calllog.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.calls[id]
	if !ok {
		return c, calllog.ErrNotFound
	}
	c.Entries = s.linesOf(id)
	return c, nil
}

func (s *Shelf) BySID(ctx context.Context, sid string) (calllog.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if c.TwilioCallSID == sid {
			return c, nil
		}
	}
	return calllog.Call{}, calllog.ErrNotFound
}

func (s *Shelf) Earlier(ctx context.Context, q calllog.EarlierQuery) ([]calllog.Call, error) {
	s.mu.Lock()
	slow := s.slow
	s.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []calllog.Call
	for id, c := range s.calls {
		if c.Direction == calllog.Inbound && c.From == q.From && c.To == q.To && c.Agent == q.Agent && c.StartedAt.Before(q.Before) && c.EndedAt != nil && !c.EndedAt.Before(q.Since) {
			c.Entries = s.linesOf(id)
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b calllog.Call) int { return b.StartedAt.Compare(a.StartedAt) })
	return list[:min(len(list), calllog.EarlierCalls)], nil
}

// Slow makes the search for earlier calls take so long.
func (s *Shelf) Slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow = d
}

// linesOf is the lines of a call, in order.
func (s *Shelf) linesOf(id string) (lines []calllog.Entry) {
	for _, key := range slices.Sorted(maps.Keys(s.entries[id])) {
		lines = append(lines, s.entries[id][key])
	}
	return lines
}

var errShelf = errors.New("the shelf can't be asked that")

func (s *Shelf) List(context.Context, calllog.Filter) ([]calllog.Call, string, error) {
	return nil, "", errShelf
}

func (s *Shelf) Since(context.Context, string, int64) ([]calllog.Entry, int64, bool, error) {
	return nil, 0, false, errShelf
}

// Lose makes what the instances share unreachable.
func (s *Shelf) Lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = true
}

func (s *Shelf) RedeemToken(_ context.Context, hash [32]byte, _ time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return false, errShelf
	}
	again := s.redeemed[hash]
	s.redeemed[hash] = true
	return !again, nil
}

func (s *Shelf) SetNext(_ context.Context, id carrier.CallID, step carrier.Step) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next[id] = step
	return nil
}

func (s *Shelf) TakeNext(_ context.Context, id carrier.CallID) (carrier.Step, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	step, ok := s.next[id]
	delete(s.next, id)
	return step, ok, nil
}

func (s *Shelf) SendCommand(context.Context, string, string, string) error { return errShelf }
