package call

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/calllog/calllogtest"
	"github.com/patchcord/patchcord/carrier"
)

// Shelf is the call log, and what instances share, in memory: for virtual time,
// in which no database lives.
type Shelf struct {
	calllogtest.Store

	mu       sync.Mutex
	redeemed map[[32]byte]bool
	next     map[carrier.CallID]carrier.Step
	away     bool          // what the instances share can't be asked
	slow     time.Duration // that the search for earlier calls takes
}

// NewShelf makes an empty one.
func NewShelf() *Shelf {
	return &Shelf{redeemed: map[[32]byte]bool{}, next: map[carrier.CallID]carrier.Step{}}
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

// Earlier takes as long as Slow has said.
func (s *Shelf) Earlier(ctx context.Context, q calllog.EarlierQuery) ([]calllog.Call, error) {
	s.mu.Lock()
	slow := s.slow
	s.mu.Unlock()
	select {
	case <-time.After(slow):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return s.Store.Earlier(ctx, q)
}

// Slow makes the search for earlier calls take so long.
func (s *Shelf) Slow(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow = d
}

var errShelf = errors.New("the shelf can't be asked that")

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
