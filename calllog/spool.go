package calllog

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// spoolLimit bounds the spool file: about three million entries.
const spoolLimit = 1 << 30

// spool is a file of changes, one a line, that wait for the store. Lines are
// added at the end and taken from the front; when the last has been taken, the
// file is cut to nothing. It is written without fsync, so it outlives the
// process, though perhaps not the machine.
//
// Its owner serialises all calls; only peek may run beside add.
type spool struct {
	file  *os.File
	limit int64 // bytes
	head  int64 // where the first waiting line begins
	tail  int64 // where the last one ends
	lines int   // waiting
}

// openSpool opens the spool at path, or makes it, and counts what an earlier
// run left in it. Half is the length of a last line that was never finished,
// in bytes; it is cut off. The file is locked: two writers would mix their
// lines.
func openSpool(path string, limit int64) (s *spool, half int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, 0, fmt.Errorf("calllog: make the spool folder: %w", err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("calllog: open the spool: %w", err)
	}
	s = &spool{file: file, limit: limit}
	if err = s.lock(); err == nil {
		half, err = s.count()
	}
	if err == nil {
		err = file.Chmod(0o600) // whatever the mode of one that was there
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return s, half, nil
}

// lock takes the file for this process. The lock of a process that was just
// killed may take a moment to vanish.
func (s *spool) lock() error {
	deadline := time.Now().Add(time.Second)
	for {
		err := syscall.Flock(int(s.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("calllog: the spool %s is in use by another process: %w", s.file.Name(), err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (s *spool) count() (half int64, err error) {
	var size int64
	buf := make([]byte, 64<<10)
	for {
		n, err := s.file.ReadAt(buf, size)
		s.lines += bytes.Count(buf[:n], []byte{'\n'})
		if i := bytes.LastIndexByte(buf[:n], '\n'); i >= 0 {
			s.tail = size + int64(i) + 1
		}
		size += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, fmt.Errorf("calllog: read the spool: %w", err)
		}
	}
	if err := s.file.Truncate(s.tail); err != nil {
		return 0, fmt.Errorf("calllog: repair the spool: %w", err)
	}
	return size - s.tail, nil
}

// add appends changes, all or none.
func (s *spool) add(changes ...Change) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	for _, c := range changes {
		if err := enc.Encode(c); err != nil {
			return fmt.Errorf("calllog: encode for the spool: %w", err)
		}
	}
	if s.tail+int64(buf.Len()) > s.limit {
		return fmt.Errorf("calllog: the spool is full: the limit is %d bytes", s.limit)
	}
	// After a write that failed half-way, the next one goes over the same place.
	if _, err := s.file.WriteAt(buf.Bytes(), s.tail); err != nil {
		return fmt.Errorf("calllog: write to the spool: %w", err)
	}
	s.tail += int64(buf.Len())
	s.lines += len(changes)
	return nil
}

// peek returns the first n lines between head and tail, or all if they are
// fewer, each with its end. None at all is an error: somebody has cut the file.
func (s *spool) peek(head, tail int64, n int) ([][]byte, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(s.file, head, tail-head), 64<<10)
	var lines [][]byte
	for len(lines) < n {
		line, err := r.ReadBytes('\n')
		if err == io.EOF && len(lines) > 0 {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("calllog: read the spool: %w", err)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// drop takes n lines from the front.
func (s *spool) drop(n int) error {
	if n < s.lines {
		lines, err := s.peek(s.head, s.tail, n)
		for _, line := range lines {
			s.head += int64(len(line))
		}
		s.lines -= len(lines)
		return err
	}
	if err := s.file.Truncate(0); err != nil {
		return fmt.Errorf("calllog: empty the spool: %w", err)
	}
	s.head, s.tail, s.lines = 0, 0, 0
	return nil
}

func (s *spool) close() error { return s.file.Close() }
