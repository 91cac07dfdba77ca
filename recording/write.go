package recording

import (
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"github.com/patchcord/patchcord/media"
)

const (
	writeEvery = time.Second
	frameBytes = sides * 2 // a sample of each channel
)

// file is what a recorder needs of an *os.File that becomes a recording.
type file interface {
	io.WriterAt
	Truncate(size int64) error
	// complete makes it a finished recording. It is closed then, whatever the error.
	complete() error
}

// newRecorder makes a recorder whose write somebody has to run.
func newRecorder(now time.Time) *Recorder {
	return &Recorder{begun: now, trouble: make(chan error, 1), over: make(chan struct{}), done: make(chan struct{})}
}

// write opens the file and writes it until the recording ends.
func (r *Recorder) write(open func() (file, error)) {
	f, err := open()
	if err != nil {
		r.die(fmt.Errorf("%w: %w", ErrNoFile, err))
		return
	}
	r.begin(f)
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for final := false; !final; {
		select {
		case <-tick.C:
		case <-r.over:
			final = true
		}
		r.flush(f, final)
	}
	r.mu.Lock()
	size, stopped := r.ends*frameBytes, r.stopped
	r.mu.Unlock()
	if err = errors.Join(finish(f, size, stopped), f.complete()); err != nil {
		r.err = fmt.Errorf("recording: complete: %w", err)
	}
}

// begin writes the header of a file that grows: there is sound to the end. A disk that is full
// now may take it at the end.
func (r *Recorder) begin(f file) {
	if _, err := f.WriteAt(header(math.MaxUint64), 0); err != nil {
		r.missed(0, err)
	}
}

// flush writes what can't change any more, or at the end all there is. A block that the disk
// doesn't take is a hole in the file, which is silence; the next may fit again.
func (r *Recorder) flush(f file, final bool) {
	for {
		r.mu.Lock()
		limit := r.at(time.Now()) - holdback
		if final {
			limit = r.ends + blockSamples
		}
		b, at := r.window.next(limit)
		r.mu.Unlock()
		if b == nil {
			return
		}
		err := writeBlock(f, b, at)
		blocks.Put(b)
		if err != nil {
			r.missed(sides*blockSamples, err)
		}
	}
}

// missed counts samples that the disk did not take.
func (r *Recorder) missed(samples int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lost += samples
	r.tell(fmt.Errorf("recording: can't write the file: %w", err))
}

// writeBlock writes a block to its place in a file.
func writeBlock(f file, b *block, at int64) error {
	pcm := frames.Get().(*[blockSamples * frameBytes]byte)
	defer frames.Put(pcm)
	media.InterleaveULaw(pcm[:], b[callerSide][:], b[agentSide][:])
	_, err := f.WriteAt(pcm[:], media.WAVHeaderSize+frameBytes*at)
	return err
}

var frames = sync.Pool{New: func() any { return new([blockSamples * frameBytes]byte) }}

// die gives up: there is no file.
func (r *Recorder) die(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dead, r.window = true, window{}
	r.tell(err)
}

// header is that of a recording of so many bytes of sound.
func header(size uint64) []byte { return media.AppendWAVHeader(nil, media.Rate, sides, size) }
