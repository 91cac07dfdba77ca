package calllog

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// table is a Store in memory that can be away, hang, or refuse content.
type table struct {
	mu       sync.Mutex
	away     bool
	hang     bool // until its context ends
	headers  map[string]Call
	entries  map[string]map[int]Entry
	sizes    []int       // of each transaction
	attempts []time.Time // stored or not
}

func newTable() *table {
	return &table{headers: map[string]Call{}, entries: map[string]map[int]Entry{}}
}

var errAway = errors.New("table: away")

func (s *table) Apply(ctx context.Context, changes []Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts = append(s.attempts, time.Now())
	if s.hang {
		s.mu.Unlock()
		<-ctx.Done()
		s.mu.Lock()
		return ctx.Err()
	}
	if s.away {
		return errAway
	}
	for _, c := range changes {
		if c.Entry != nil && strings.HasPrefix(c.Entry.Text, "poison") {
			return &RejectedError{Reason: "SQLSTATE 22P05"}
		}
	}
	for _, c := range changes {
		if c.Call != nil && s.headers[c.Call.ID].Version < c.Call.Version {
			s.headers[c.Call.ID] = *c.Call
		}
		if c.Entry != nil {
			if s.entries[c.CallID] == nil {
				s.entries[c.CallID] = map[int]Entry{}
			}
			s.entries[c.CallID][c.Entry.Seq] = *c.Entry
		}
	}
	s.sizes = append(s.sizes, len(changes))
	return nil
}

// set changes how the store behaves from now on.
func (s *table) set(away, hang bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away, s.hang = away, hang
}

// texts returns what the entries of a call say, by Seq from 1.
func (s *table) texts(callID string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var texts []string
	for seq := 1; seq <= len(s.entries[callID]); seq++ {
		texts = append(texts, s.entries[callID][seq].Text)
	}
	return texts
}

func (*table) List(context.Context, Filter) ([]Call, string, error)  { return nil, "", nil }
func (*table) Earlier(context.Context, EarlierQuery) ([]Call, error) { return nil, nil }
func (*table) Claim(context.Context, Claim) (Call, error)            { return Call{}, ErrNotFound }
func (*table) Get(context.Context, string) (Call, error)             { return Call{}, ErrNotFound }
func (*table) BySID(context.Context, string) (Call, error)           { return Call{}, ErrNotFound }
func (*table) Since(context.Context, string, int64) ([]Entry, int64, bool, error) {
	return nil, 0, false, nil
}
