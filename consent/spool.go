package consent

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/patchcord/patchcord/phone"
)

// Spool keeps facts on disk that the ledger could not take, and in memory, where
// every decision sees them. Its file is for its owner's eyes alone.
type Spool struct {
	path  string
	watch func(Fact)

	replay sync.Mutex // held by whoever gives to the ledger what waits

	mu     sync.Mutex
	facts  []Fact
	behind bool // the file lacks some of them: it took none when they came
}

// Watch has fn called with every fact that is put from then on, when it counts already and
// whether or not the disk has it: the ledger, which else tells of it, does not know. Call it
// before the first Put. fn must not wait.
func (s *Spool) Watch(fn func(Fact)) { s.watch = fn }

// SpoolWaiting counts the facts that wait in a folder, and changes nothing there.
func SpoolWaiting(dir string) (int, error) {
	f, err := os.Open(spoolFile(dir))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("consent: spool: %w", err)
	}
	defer f.Close()
	for n, lines := 0, bufio.NewReader(f); ; {
		piece, err := lines.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF):
			return n, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return 0, fmt.Errorf("consent: spool: %w", err)
		case piece[len(piece)-1] == '\n':
			n++
		}
	}
}

func spoolFile(dir string) string { return filepath.Join(dir, "consent.ndjson") }

// OpenSpool opens the spool in a folder, with what an earlier run left in it.
func OpenSpool(dir string) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("consent: spool: %w", err)
	}
	s := &Spool{path: spoolFile(dir)}
	f, err := os.OpenFile(s.path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("consent: spool: %w", err)
	}
	defer f.Close()
	lines := bufio.NewReader(f)
	whole := int64(0) // bytes of whole lines
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) { // a last line without an end was never acknowledged
			if err := f.Truncate(whole); err != nil { // or the next fact would end it
				return nil, fmt.Errorf("consent: spool: %w", err)
			}
			return s, nil
		}
		if err != nil {
			return nil, fmt.Errorf("consent: spool: %w", err)
		}
		fact, err := Decode(line)
		if err != nil {
			return nil, fmt.Errorf("consent: spool: line %d of %s: %w", n, s.path, err)
		}
		whole += int64(len(line))
		s.facts = append(s.facts, fact)
	}
}

// Put adds facts. They count at once, also if the disk does not take them; then they are
// offered to it again with the next ones.
func (s *Spool) Put(facts ...Fact) error {
	err := s.put(facts)
	if s.watch != nil {
		for _, f := range facts {
			s.watch(f)
		}
	}
	return err
}

func (s *Spool) put(facts []Fact) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.facts = append(s.facts, facts...)
	if s.behind {
		err = s.replace()
	} else {
		err = s.append(facts)
	}
	s.behind = err != nil
	return err
}

// Of is what waits about a number.
func (s *Spool) Of(n phone.Number) []Fact {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Fact
	for _, f := range s.facts {
		if f.Number == n {
			list = append(list, f)
		}
	}
	return list
}

// Waiting counts the facts that wait.
func (s *Spool) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.facts)
}

// maxReplay is how many facts are given to the ledger at once: so many that others
// need not wait for it.
const maxReplay = 500

// Replay gives what waits to the ledger, in its order. After a crash between the
// ledger's yes and the file's end a fact may be there twice, which changes no
// decision. After an error the rest waits on. Of several that are asked at once each waits
// for those before it.
func (s *Spool) Replay(ctx context.Context, l Ledger) error {
	s.replay.Lock()
	defer s.replay.Unlock()
	for {
		s.mu.Lock()
		batch := slices.Clone(s.facts[:min(len(s.facts), maxReplay)])
		s.mu.Unlock()
		if len(batch) == 0 {
			return nil
		}
		if _, err := l.Record(ctx, batch...); err != nil {
			return fmt.Errorf("consent: replay the spool: %w", err)
		}
		if err := s.drop(len(batch)); err != nil {
			return err
		}
	}
}

// drop forgets the oldest n facts, which the ledger has.
func (s *Spool) drop(n int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.facts = slices.Clone(s.facts[n:])
	err := s.replace()
	s.behind = s.behind && err != nil
	return err
}

// append puts facts at the end of the file, down to the disk, or none of them: half
// a line would be read as the beginning of the next. s.mu is held.
func (s *Spool) append(facts []Fact) error {
	f, err := os.OpenFile(s.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("consent: spool: %w", err)
	}
	defer f.Close()
	before, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("consent: spool: %w", err)
	}
	if err := writeFacts(f, facts); err != nil {
		return errors.Join(fmt.Errorf("consent: spool: %w", err), f.Truncate(before))
	}
	return nil
}

// replace makes the file anew of what still waits. A crash leaves the old file or
// the new one. s.mu is held.
func (s *Spool) replace() error {
	f, err := os.OpenFile(s.path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("consent: spool: %w", err)
	}
	if err := errors.Join(writeFacts(f, s.facts), f.Close()); err != nil {
		return fmt.Errorf("consent: spool: %w", err)
	}
	if err := os.Rename(s.path+".new", s.path); err != nil {
		return fmt.Errorf("consent: spool: %w", err)
	}
	return nil
}

// writeFacts writes facts in one go and waits for the disk.
func writeFacts(f *os.File, facts []Fact) error {
	var lines []byte
	for _, fact := range facts {
		line, err := Encode(fact)
		if err != nil {
			return err
		}
		lines = append(append(lines, line...), '\n')
	}
	if _, err := f.Write(lines); err != nil {
		return err
	}
	return f.Sync()
}
