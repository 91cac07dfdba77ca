package postgres

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// highWater is the newest row that this instance has seen, in memory and in a file:
// a ledger that does not have it is an older copy, or was cut. It only goes forward.
type highWater struct {
	path     string // empty for no file
	readOnly bool   // the file is not written

	mu  sync.Mutex
	top consent.Anchor // its Hash is empty before the first row
	out *os.File
}

// highLine is the file's only line: always as long, so that writing it again replaces it.
const highLine = "%019d %64s %s\n"

const highTime = "2006-01-02T15:04:05.000000Z"

// openHigh reads what an earlier run left. Without a file there is none.
func openHigh(path string, readOnly bool) (*highWater, error) {
	h := &highWater{path: path, readOnly: readOnly}
	if path == "" {
		return h, nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return nil, fmt.Errorf("postgres: read the newest row that was seen: %w", err)
	}
	if len(bytes.Trim(b, "\x00 \n")) == 0 { // a power failure before the first line was on the disk
		return h, nil
	}
	var at string
	if _, err = fmt.Sscanf(string(b), "%d %64s %s\n", &h.top.Seq, &h.top.Hash, &at); err == nil {
		h.top.At, err = time.Parse(highTime, at)
	}
	if err != nil || len(h.top.Hash) != 64 || h.top.Seq < 1 {
		return nil, fmt.Errorf("postgres: can't read %s, which names the newest row seen; delete it only if you know that the ledger is complete", path)
	}
	return h, nil
}

// get is the newest row that was seen; its Seq is 0 if there is none.
func (h *highWater) get() consent.Anchor {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.top
}

// raise notes that a row was seen. The file has it when the process ends; that the
// disk has it is [highWater.sync]'s to see to.
func (h *highWater) raise(to consent.Anchor) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if to.Seq <= h.top.Seq {
		return nil
	}
	return h.set(to)
}

// adopt goes back to a row, because the ledger was recovered from an older copy.
func (h *highWater) adopt(to consent.Anchor) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.set(to)
}

func (h *highWater) set(to consent.Anchor) error {
	h.top = to
	if h.path == "" || h.readOnly {
		return nil
	}
	if h.out == nil {
		f, err := os.OpenFile(h.path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return fmt.Errorf("postgres: record the newest row: %w", err)
		}
		h.out = f
	}
	if _, err := h.out.WriteAt(fmt.Appendf(nil, highLine, to.Seq, to.Hash, to.At.UTC().Format(highTime)), 0); err != nil {
		return fmt.Errorf("postgres: record the newest row: %w", err)
	}
	return nil
}

// sync waits until the disk has the file.
func (h *highWater) sync() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.out == nil {
		return nil
	}
	return h.out.Sync()
}

func (h *highWater) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.out != nil {
		h.out.Close()
		h.out = nil
	}
}
