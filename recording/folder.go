package recording

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/patchcord/patchcord/media"
)

// The errors of [Folder.Open].
var (
	ErrNone = errors.New("recording: not found")
	ErrLive = errors.New("recording: it is still being written")
)

// The names of recordings are ids of calls, never numbers.
const (
	suffix     = ".wav"
	partSuffix = suffix + ".part" // while it is written
)

var plainID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`)

// Folder is where an instance keeps its recordings. It is for several goroutines.
type Folder struct {
	dir string

	mu   sync.Mutex
	live map[*Recorder]string // and their calls' ids
}

// NewFolder uses a folder, which is made when the first call is recorded.
func NewFolder(dir string) *Folder { return &Folder{dir: dir, live: map[*Recorder]string{}} }

// Record begins the recording of a call. That there can be none, the recorder tells by Trouble.
// A call of which there is a recording already gets no other.
func (f *Folder) Record(id string, now time.Time) *Recorder {
	r := newRecorder(now)
	f.mu.Lock()
	f.live[r] = id
	f.mu.Unlock()
	go func() {
		r.write(func() (file, error) { return f.create(id) })
		f.mu.Lock()
		delete(f.live, r)
		f.mu.Unlock()
		close(r.done) // who waits for it may open the file at once
	}()
	return r
}

func (f *Folder) create(id string) (file, error) {
	if !plainID.MatchString(id) {
		return nil, errors.New("the call's id is not a valid file name")
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, err
	}
	name := filepath.Join(f.dir, id)
	if _, err := os.Stat(name + suffix); err == nil {
		return nil, fs.ErrExist
	}
	out, err := os.OpenFile(name+partSuffix, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(out); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return &part{out, name}, nil
}

// part is a recording that is being written. Its lock goes with the process.
type part struct {
	*os.File
	name string // without a suffix
}

func lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

func (p *part) complete() error {
	err := p.Sync()
	if err == nil {
		err = os.Rename(p.name+partSuffix, p.name+suffix)
	}
	return errors.Join(err, p.Close())
}

// Open returns the recording of a call, a WAV, to be read and closed. One that a crash left
// incomplete is completed first. The errors are ErrNone, ErrLive, and the file system's.
func (f *Folder) Open(id string) (*os.File, error) {
	if !plainID.MatchString(id) {
		return nil, ErrNone
	}
	f.mu.Lock()
	live := slices.Contains(slices.Collect(maps.Values(f.live)), id)
	f.mu.Unlock()
	if live {
		return nil, ErrLive
	}
	name := filepath.Join(f.dir, id)
	in, err := os.Open(name + suffix)
	if !errors.Is(err, fs.ErrNotExist) {
		return in, err
	}
	switch mended, err := mend(name); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNone
	case err != nil:
		return nil, err
	case !mended:
		return nil, ErrLive
	}
	return os.Open(name + suffix)
}

// Mend completes all recordings that a crash left, and returns how many. Messages that it cut off
// are deleted. Those that are being written, by this process or another, stay.
func (f *Folder) Mend() (n int, err error) {
	list, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	problems := []error{err}
	for _, e := range list {
		if info, err := e.Info(); err == nil && strings.HasPrefix(e.Name(), messageTemp) &&
			time.Since(info.ModTime()) > time.Minute {
			problems = append(problems, os.Remove(filepath.Join(f.dir, e.Name()))) // nobody knows of which call it is
		}
		id, ok := strings.CutSuffix(e.Name(), partSuffix)
		if !ok {
			continue
		}
		mended, err := mend(filepath.Join(f.dir, id))
		if mended {
			n++
		}
		problems = append(problems, err)
	}
	return n, errors.Join(problems...)
}

// mend completes what a crash left. It is false if somebody still writes it.
func mend(name string) (bool, error) {
	out, err := os.OpenFile(name+partSuffix, os.O_RDWR, 0)
	if err != nil {
		return false, err
	}
	err = lock(out)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, out.Close()
	}
	info, statErr := out.Stat()
	if err = errors.Join(err, statErr); err != nil {
		return false, errors.Join(err, out.Close())
	}
	head := make([]byte, media.WAVHeaderSize)
	n, _ := out.ReadAt(head, 0)
	size, stopped := marked(head[:n])
	if !stopped {
		size = max(0, info.Size()-media.WAVHeaderSize)
		size -= size % frameBytes // a last frame that was cut
	}
	p := &part{out, name}
	if err = errors.Join(finish(p, size, stopped), p.complete()); err != nil {
		return false, fmt.Errorf("recording: repair: %w", err)
	}
	return true, nil
}

// Close ends what is still recorded and waits until all files are complete, or ctx ends.
func (f *Folder) Close(ctx context.Context) error {
	f.mu.Lock()
	left := slices.Collect(maps.Keys(f.live))
	f.mu.Unlock()
	for _, r := range left {
		_ = r.End(time.Now(), 0) // waited for below
	}
	for _, r := range left {
		select {
		case <-r.done:
		case <-ctx.Done():
			return fmt.Errorf("recording: close: %w", ctx.Err())
		}
	}
	return nil
}
