package calllog

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// WriterConfig says where a Writer writes.
type WriterConfig struct {
	Store Store
	Dir   string         // folder of the spool; made with mode 0700. It holds speech: never share it
	Log   zerolog.Logger // gets neither numbers nor speech. Defaults to none

	Queue int           // changes kept in memory before they go to the spool. Defaults to 4096
	Batch int           // changes in one transaction. Defaults to 256
	Every time.Duration // how long a change may wait for company. Defaults to 20 ms
}

func (c *WriterConfig) check() error {
	switch {
	case c.Store == nil:
		return errors.New("calllog: WriterConfig.Store is missing")
	case c.Dir == "":
		return errors.New("calllog: WriterConfig.Dir is empty; the spool needs a folder")
	case c.Queue < 0:
		return fmt.Errorf("calllog: WriterConfig.Queue is %d; it must be 1 or more", c.Queue)
	case c.Batch < 0:
		return fmt.Errorf("calllog: WriterConfig.Batch is %d; it must be 1 or more", c.Batch)
	case c.Every < 0:
		return fmt.Errorf("calllog: WriterConfig.Every is %s; it must be above 0", c.Every)
	}
	if c.Queue == 0 {
		c.Queue = 4096
	}
	if c.Batch == 0 {
		c.Batch = 256
	}
	if c.Every == 0 {
		c.Every = 20 * time.Millisecond
	}
	return nil
}

// Writer carries changes to the store without keeping a call waiting.
//
// Changes wait in memory for the next batch. As soon as the store is slow,
// away, or overrun, all that waits moves to the spool file, and so does every
// later change until the store has taken the whole file: the memory never
// holds anything newer than the file. What the store has already taken may be
// sent again after a crash; Store.Apply is idempotent.
//
// All methods are safe for use by several goroutines.
type Writer struct {
	cfg WriterConfig

	mu       sync.Mutex
	queue    []Change // in memory, oldest first; empty while the spool is not
	inflight []Change // taken from queue, on the way to the store
	spilled  bool     // inflight is in the spool too, at its front
	spool    *spool
	stuck    error // why the spool could not take what is in memory, when last tried
	closed   bool
	counts   counts
	progress chan struct{} // closed and replaced whenever settled grows, or memory goes to disk

	rejected sync.Mutex // guards the file of refused changes

	wake    chan struct{} // there may be something to do
	closing chan struct{} // closed by Close: finish, do not wait
	done    chan struct{} // closed when run has returned
	cancel  context.CancelFunc
}

// counts is what a Writer has seen since it was made.
type counts struct {
	accepted int64 // put, or found in the spool
	settled  int64 // of these, the ones that are stored or rejected
	rejected int64
	failures int64 // attempts on which the store was away
	lost     int64 // neither memory nor spool could take them
	full     bool  // the last Put was lost
}

// NewWriter opens the spool in cfg.Dir and starts to write. What an earlier
// run left in the spool goes to the store first. The caller closes the Writer.
func NewWriter(cfg WriterConfig) (*Writer, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	s, half, err := openSpool(filepath.Join(cfg.Dir, "calls.ndjson"), spoolLimit)
	if err != nil {
		return nil, err
	}
	if half > 0 {
		cfg.Log.Warn().Int64("bytes", half).Msg("call log: skipped a half-written last line of the spool")
	}
	if s.lines > 0 {
		cfg.Log.Info().Int("entries", s.lines).Msg("call log: an earlier run left entries in the spool")
	}
	ctx, cancel := context.WithCancel(context.Background())
	w := &Writer{
		cfg:      cfg,
		spool:    s,
		counts:   counts{accepted: int64(s.lines)},
		progress: make(chan struct{}),
		wake:     make(chan struct{}, 1),
		closing:  make(chan struct{}),
		done:     make(chan struct{}),
		cancel:   cancel,
	}
	go w.run(ctx)
	return w, nil
}

// Put hands over a change. It copies what it is given, never waits for the
// store, and loses nothing: what memory cannot hold goes to the spool. Only if
// the spool is full too, or the disk fails, or the Writer is closed, the change
// is dropped, counted in Lost and reported in the log. It tells whether it was
// taken; whether it outlives this process by then, Secure says.
func (w *Writer) Put(c Change) (taken bool) {
	c = c.clean()
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.accept(c); err != nil {
		w.counts.lost++
		if !w.counts.full {
			w.cfg.Log.Error().Err(err).Int64("lost", w.counts.lost).Msg("call log: entry lost")
		}
		w.counts.full = true
		return false
	}
	w.counts.full = false
	w.counts.accepted++
	select {
	case w.wake <- struct{}{}:
	default:
	}
	return true
}

func (w *Writer) accept(c Change) error {
	if w.closed {
		return errors.New("calllog: the writer is closed")
	}
	if w.spool.lines == 0 && len(w.queue) < w.cfg.Queue {
		w.queue = append(w.queue, c)
		return nil
	}
	if w.stuck != nil {
		return w.stuck // run tries again; encoding thousands of changes in vain would keep the call waiting
	}
	if err := w.spill(); err != nil {
		return err
	}
	return w.spool.add(c)
}

// Flush waits until all that was put before is stored (or rejected).
func (w *Writer) Flush(ctx context.Context) error {
	return w.await(ctx, "flush", func() bool { return false })
}

// Empty waits until all that was put before is stored (or rejected), and nothing is left on disk.
func (w *Writer) Empty(ctx context.Context) error {
	err := w.Flush(ctx)
	for err == nil && w.Spooled() > 0 {
		err = w.Flush(ctx)
	}
	return err
}

// Secure waits until all that was put before is stored (or rejected), or on disk,
// where it waits for the store: it is not lost then if this process ends.
func (w *Writer) Secure(ctx context.Context) error {
	return w.await(ctx, "secure", func() bool { return len(w.queue) == 0 && (len(w.inflight) == 0 || w.spilled) })
}

// await waits until all that was put before is settled, or enough is so, which is
// asked with mu held.
func (w *Writer) await(ctx context.Context, what string, enough func() bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for target := w.counts.accepted; w.counts.settled < target && !enough(); {
		progress := w.progress
		w.mu.Unlock()
		var err error
		select {
		case <-progress:
		case <-ctx.Done():
			err = context.Cause(ctx)
		case <-w.done:
			err = errors.New("the writer is closed")
		}
		w.mu.Lock()
		if err != nil && w.counts.settled < target && !enough() {
			return fmt.Errorf("calllog: %s: %w", what, err)
		}
	}
	return nil
}

// Close stores what is waiting, or leaves it in the spool if the store is away
// or ctx ends first, and stops the Writer. The error tells of changes that
// could be put in neither.
func (w *Writer) Close(ctx context.Context) error {
	w.mu.Lock()
	first := !w.closed
	w.closed = true
	w.mu.Unlock()
	if !first {
		<-w.done
		return nil
	}
	close(w.closing)
	stop := context.AfterFunc(ctx, w.cancel)
	<-w.done
	stop()
	w.cancel()

	w.mu.Lock()
	defer w.mu.Unlock()
	if n := w.spool.lines; n > 0 {
		w.cfg.Log.Warn().Int("entries", n).Msg("call log: entries stay in the spool until the next start")
	}
	if err := w.spool.close(); err != nil {
		return fmt.Errorf("calllog: close the spool: %w", err)
	}
	if n := len(w.queue); n > 0 {
		return fmt.Errorf("calllog: close: %d changes are lost: neither the store nor the spool took them", n)
	}
	return nil
}

// Spooled is the number of changes that wait on disk.
func (w *Writer) Spooled() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.spool.lines
}

// Stored counts the changes that the store has taken.
func (w *Writer) Stored() int64 {
	c := w.snapshot()
	return c.settled - c.rejected
}

// Failures counts the attempts on which the store was away.
func (w *Writer) Failures() int64 { return w.snapshot().failures }

// Rejected counts the changes that the store refused for their content. They
// are in rejected.ndjson in the spool folder.
func (w *Writer) Rejected() int64 { return w.snapshot().rejected }

// Lost counts the changes that could be put nowhere. Anything but 0 calls for
// an operator.
func (w *Writer) Lost() int64 { return w.snapshot().lost }

func (w *Writer) snapshot() counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.counts
}
