package calllog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// RejectedWith is the ids of the calls with a number (E.164) among the refused changes: the
// store has no header of them.
func (w *Writer) RejectedWith(number string) (ids []string, err error) {
	w.rejected.Lock()
	defer w.rejected.Unlock()
	lines, err := w.rejectedLines()
	for _, line := range lines {
		var c Change
		if json.Unmarshal(line, &c) == nil && c.Call != nil && c.Call.person() == number {
			ids = append(ids, c.Call.ID)
		}
	}
	return ids, err
}

// EraseRejected deletes what is of a number (E.164), or of calls, from the file of refused
// changes, and returns how many lines that was. A line that can't be read may be anybody's, and
// goes, too.
func (w *Writer) EraseRejected(number string, calls []string) (n int, err error) {
	w.rejected.Lock()
	defer w.rejected.Unlock()
	lines, err := w.rejectedLines()
	if err != nil {
		return 0, err
	}
	keep := slices.DeleteFunc(slices.Clone(lines), func(line []byte) bool {
		var c Change
		if json.Unmarshal(line, &c) != nil {
			return true
		}
		if c.Call != nil {
			return number != "" && c.Call.person() == number || slices.Contains(calls, c.Call.ID)
		}
		return slices.Contains(calls, c.CallID)
	})
	if n = len(lines) - len(keep); n == 0 {
		return 0, nil
	}
	if err := replaceFile(w.rejectedPath(), bytes.Join(keep, nil)); err != nil {
		return 0, fmt.Errorf("calllog: erase from the file of rejected changes: %w", err)
	}
	return n, nil
}

// person is whom a call is with.
func (c *Call) person() string {
	if c.Direction == Inbound {
		return c.From
	}
	return c.To
}

func (w *Writer) rejectedPath() string { return filepath.Join(w.cfg.Dir, "rejected.ndjson") }

// rejectedLines is the lines of the file of refused changes, each with its end. w.rejected is held.
func (w *Writer) rejectedLines() (lines [][]byte, err error) {
	b, err := os.ReadFile(w.rejectedPath()) // at most rejectedLimit
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("calllog: read the file of rejected changes: %w", err)
	}
	return slices.Collect(bytes.Lines(b)), nil
}

// replaceFile makes a file of other content. A crash leaves the old one or the new one.
func replaceFile(path string, b []byte) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
