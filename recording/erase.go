package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Erased is how many files were deleted.
type Erased struct{ Recordings, Messages int }

// Erase deletes the recordings and spoken messages of calls. One that is still being written, by
// this process or another, stays, and the error wraps ErrLive; all others are gone then.
func (f *Folder) Erase(calls []string) (n Erased, err error) {
	list, err := f.files()
	if err != nil {
		return n, err
	}
	var problems []error
	for _, name := range list {
		id, kind := owner(name)
		if !slices.Contains(calls, id) {
			continue
		}
		if kind == partSuffix {
			if err := f.settle(id); err != nil {
				problems = append(problems, err)
				continue
			}
			name = id + suffix
		}
		if err := os.Remove(filepath.Join(f.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems = append(problems, err)
			continue
		}
		if kind == suffix || kind == partSuffix {
			n.Recordings++
		} else {
			n.Messages++
		}
	}
	if err := errors.Join(problems...); err != nil {
		return n, fmt.Errorf("recording: erase: %w", err)
	}
	return n, nil
}

// settle completes what a crash left, so that nobody writes to it any more.
func (f *Folder) settle(id string) error {
	in, err := f.Open(id)
	if err != nil {
		return err
	}
	return in.Close()
}

// Calls is the ids of the calls of which there is a recording or a message.
func (f *Folder) Calls() ([]string, error) {
	list, err := f.files()
	var ids []string
	for _, name := range list {
		if id, _ := owner(name); id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// files is the names of all files of the folder.
func (f *Folder) files() (names []string, err error) {
	list, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names, err
}

// owner is the call that a file is of, and what it is: one of the suffixes, or .message. Both
// are empty of other files.
func owner(name string) (id, kind string) {
	for _, kind := range []string{partSuffix, suffix} {
		if id, ok := strings.CutSuffix(name, kind); ok && plainID.MatchString(id) {
			return id, kind
		}
	}
	if id, n, ok := strings.Cut(name, ".message-"); ok && strings.HasSuffix(n, suffix) && plainID.MatchString(id) {
		return id, ".message"
	}
	return "", ""
}
