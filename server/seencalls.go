package server

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Bounds of what is kept of the calls that an instance answered.
const (
	maxSeen    = 50_000         // calls; the oldest goes first
	seenRecord = len(sum{}) + 8 // bytes of a call in the file: its hash, and when in seconds since 1970
)

// sum stands for a call: a hash that only who has our key can compute.
type sum = [32]byte

// SeenCalls is the calls that this instance answered within a day, also before it was
// started again: what the database would know if it could be asked. Make it with
// OpenSeenCalls and close it. It is safe for use by several goroutines.
type SeenCalls struct {
	mu    sync.Mutex
	path  string
	file  *os.File
	lines int // in the file
	of    map[sum]bool
	order []seenCall // the oldest first
}

type seenCall struct {
	call sum
	at   time.Time
}

// OpenSeenCalls reads the file, which may be missing. One process at a time may have it open.
func OpenSeenCalls(path string, now time.Time) (*SeenCalls, error) {
	s := &SeenCalls{path: path, of: map[sum]bool{}}
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("server: calls that were answered: %w", err)
	}
	for ; len(b) >= seenRecord; b = b[seenRecord:] { // the last may have been cut by a crash
		s.note(seenCall{sum(b), time.Unix(int64(binary.BigEndian.Uint64(b[len(sum{}):])), 0)}, now)
	}
	return s, s.rewrite()
}

// Add notes a call before its answer is sent.
func (s *SeenCalls) Add(call sum, now time.Time) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := seenCall{call, now}
	s.note(c, now)
	if s.lines >= 2*maxSeen {
		return s.rewrite()
	}
	s.lines++
	_, err := s.file.Write(c.record())
	if err != nil {
		s.lines = 2 * maxSeen // half a record would shift all that follow: the next call writes the file anew
	}
	return err
}

// Has tells whether a call was answered.
func (s *SeenCalls) Has(call sum) bool {
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.of[call]
}

// Close closes the file.
func (s *SeenCalls) Close() error {
	if s == nil {
		return nil
	}
	return s.file.Close()
}

// note adds a call to those in memory and forgets the old ones.
func (s *SeenCalls) note(c seenCall, now time.Time) {
	if now.Sub(c.at) < repeatLife && !s.of[c.call] {
		s.of[c.call] = true
		s.order = append(s.order, c)
	}
	for len(s.order) > 0 && (now.Sub(s.order[0].at) >= repeatLife || len(s.order) > maxSeen) {
		delete(s.of, s.order[0].call)
		s.order = s.order[1:]
	}
}

func (c seenCall) record() []byte {
	return binary.BigEndian.AppendUint64(c.call[:], uint64(c.at.Unix()))
}

// rewrite puts the calls in memory in place of the file's.
func (s *SeenCalls) rewrite() error {
	var b []byte
	for _, c := range s.order {
		b = append(b, c.record()...)
	}
	err := os.WriteFile(s.path+".new", b, 0o600)
	if err == nil {
		err = os.Rename(s.path+".new", s.path)
	}
	if err != nil {
		return fmt.Errorf("server: calls that were answered: %w", err)
	}
	f, err := os.OpenFile(s.path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("server: calls that were answered: %w", err)
	}
	if s.file != nil {
		s.file.Close()
	}
	s.file, s.lines = f, len(s.order)
	return nil
}
