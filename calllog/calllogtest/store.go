// Package calllogtest has a call log in memory, for tests in virtual time, in which no database lives, and what every
// store promises: [TestStore]. The store of package postgres is held to it, too.
package calllogtest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/patchcord/patchcord/calllog"
)

// Store is a [calllog.Store] in memory. The zero value is empty and ready.
type Store struct {
	mu    sync.Mutex
	calls map[string]*record
	rev   int64 // of the newest entry
}

// record is one call.
type record struct {
	known   bool // its header was written; an entry may come before
	head    calllog.Call
	entries map[int]written // by epoch and sequence number, as they are ordered
}

type written struct {
	entry calllog.Entry
	rev   int64
}

var _ calllog.Store = (*Store)(nil)

// Apply writes changes; see [calllog.Store].
func (s *Store) Apply(_ context.Context, changes []calllog.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range changes {
		if idOf(c) == "" {
			return &calllog.RejectedError{Reason: "a change of no call"}
		}
	}
	for _, c := range changes {
		r := s.record(idOf(c))
		if h := c.Call; h != nil && (!r.known || r.head.Epoch < h.Epoch || r.head.Epoch == h.Epoch && r.head.Version < h.Version) {
			r.known, r.head = true, *h
			r.head.Entries = nil
		}
		if c.Entry != nil {
			s.putEntry(r, c)
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

// record finds or makes the record of a call. s.mu is held.
func (s *Store) record(id string) *record {
	if s.calls == nil {
		s.calls = map[string]*record{}
	}
	if s.calls[id] == nil {
		s.calls[id] = &record{entries: map[int]written{}}
	}
	return s.calls[id]
}

// find is the record of a call whose header was written; nil if there is none. s.mu is held.
func (s *Store) find(id string) *record {
	if r := s.calls[id]; r != nil && r.known {
		return r
	}
	return nil
}

func (s *Store) putEntry(r *record, c calllog.Change) {
	key := c.Epoch<<32 | c.Entry.Seq
	if old, found := r.entries[key]; !found || !reflect.DeepEqual(old.entry, *c.Entry) {
		s.rev++
		r.entries[key] = written{*c.Entry, s.rev}
	}
}

// whole is a call with its entries in order.
func (r *record) whole() calllog.Call {
	head := r.head
	for _, key := range slices.Sorted(maps.Keys(r.entries)) {
		head.Entries = append(head.Entries, r.entries[key].entry)
	}
	return head
}

// Claim makes an instance the owner of a call; see [calllog.Store].
func (s *Store) Claim(_ context.Context, claim calllog.Claim) (calllog.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.find(claim.ID)
	switch {
	case r == nil:
		return calllog.Call{}, calllog.ErrNotFound
	case r.head.Epoch != claim.Epoch || r.head.Outcome != claim.Outcome:
		return r.whole(), calllog.ErrClaimed
	}
	r.head.Epoch, r.head.Instance = r.head.Epoch+1, claim.Instance
	return r.whole(), nil
}

// Get returns a call with its entries.
func (s *Store) Get(_ context.Context, id string) (calllog.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id); r != nil {
		return r.whole(), nil
	}
	return calllog.Call{}, calllog.ErrNotFound
}

// BySID returns a header by Twilio's name of the call.
func (s *Store) BySID(_ context.Context, sid string) (calllog.Call, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.calls {
		if r.known && sid != "" && r.head.TwilioCallSID == sid {
			return r.head, nil
		}
	}
	return calllog.Call{}, calllog.ErrNotFound
}

// Since returns what was written after a revision; see [calllog.Store].
func (s *Store) Since(_ context.Context, id string, rev int64) ([]calllog.Entry, int64, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.find(id)
	if r == nil {
		return nil, rev, false, calllog.ErrNotFound
	}
	fresh := slices.DeleteFunc(slices.Collect(maps.Values(r.entries)), func(w written) bool { return w.rev <= rev })
	slices.SortFunc(fresh, func(a, b written) int { return cmp.Compare(a.rev, b.rev) })
	var entries []calllog.Entry
	for _, w := range fresh {
		entries, rev = append(entries, w.entry), w.rev
	}
	return entries, rev, r.head.Outcome != "", nil
}

// Earlier returns the calls that came before one; see [calllog.Store].
func (s *Store) Earlier(_ context.Context, q calllog.EarlierQuery) (list []calllog.Call, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.calls {
		h := r.head
		same := h.Direction == calllog.Inbound && h.From == q.From && h.To == q.To && h.Agent == q.Agent
		if same && h.StartedAt.Before(q.Before) && h.EndedAt != nil && !h.EndedAt.Before(q.Since) {
			h = r.whole()
			h.Entries = h.Entries[max(0, len(h.Entries)-calllog.EarlierEntries):]
			list = append(list, h)
		}
	}
	newestFirst(list)
	return list[:min(len(list), calllog.EarlierCalls)], nil
}

func newestFirst(list []calllog.Call) {
	slices.SortFunc(list, func(a, b calllog.Call) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), strings.Compare(b.ID, a.ID))
	})
}

// List returns headers; see [calllog.Store].
func (s *Store) List(_ context.Context, f calllog.Filter) (list []calllog.Call, next string, err error) {
	switch {
	case f.Limit == 0:
		f.Limit = calllog.DefaultLimit
	case f.Limit < 0 || f.Limit > calllog.MaxLimit:
		return nil, "", fmt.Errorf("limit: want 1 to %d: %w", calllog.MaxLimit, calllog.ErrBadFilter)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Cursor != "" && s.find(f.Cursor) == nil {
		return nil, "", fmt.Errorf("cursor: %w", calllog.ErrBadFilter)
	}
	for name, text := range map[string]string{"agent": f.Agent, "outcome": f.Outcome, "direction": f.Direction, "sid": f.TwilioCallSID} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return nil, "", fmt.Errorf("%s: %w", name, calllog.ErrBadFilter)
		}
	}
	for _, r := range s.calls {
		if r.known && listed(f, r.head) {
			list = append(list, r.head)
		}
	}
	newestFirst(list)
	if f.Cursor != "" {
		after := []calllog.Call{s.calls[f.Cursor].head}
		list = slices.DeleteFunc(list, func(c calllog.Call) bool {
			pair := append(after[:1:1], c)
			newestFirst(pair)
			return pair[1].ID != c.ID || c.ID == f.Cursor
		})
	}
	if len(list) > f.Limit {
		list = list[:f.Limit]
		next = list[f.Limit-1].ID
	}
	return list, next, nil
}

// listed tells whether a filter lets a call through.
func listed(f calllog.Filter, c calllog.Call) bool {
	is := func(want, got string) bool { return want == "" || want == got }
	return is(f.Agent, c.Agent) && is(f.Outcome, c.Outcome) && is(f.Direction, c.Direction) &&
		is(f.TwilioCallSID, c.TwilioCallSID) && strings.HasPrefix(c.ID, f.ID) &&
		(f.Agents == nil || slices.Contains(f.Agents, c.Agent)) && (f.Live == nil || *f.Live == (c.Outcome == ""))
}
