package recording

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/patchcord/patchcord/media"
)

// Stop ends a recording for good because the person wants none: what was kept is completed at
// once, and the file says so itself, in the comment (ICMT) of a LIST chunk of form INFO behind
// the sound, where players and editors show it. Nothing later is in the file. It is false if the
// recording had ended.
func (r *Recorder) Stop(now time.Time) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	stops := !r.stopped
	if stops {
		r.stopped, r.paused = true, true
		for side := range sides {
			r.window.silence(side, r.at(now))
		}
		if !r.rests {
			r.rests, r.ends = true, r.at(now)
		}
	}
	r.mu.Unlock()
	r.end.Do(func() { close(r.over) })
	return stops
}

// maxMark is the most sound that a mark may stand behind, in bytes: more than this is "to the
// end" in a header, 37 hours of a call.
const maxMark = math.MaxUint32 - 1<<10

// mark is the chunk behind so many bytes of sound of a recording that was stopped. It follows
// from the size alone, so that a crash can't lose it.
// https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/Docs/riffmci.pdf, "INFO List Chunk".
func mark(size uint64) []byte {
	text := fmt.Appendf(nil, "recording stopped at the caller's request after %d ms\x00", size/frameBytes/perMS)
	if len(text)%2 == 1 {
		text = append(text, 0)
	}
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("LIST"), uint32(len("INFOICMT")+4+len(text)))
	b = le.AppendUint32(append(b, "INFOICMT"...), uint32(len(text)))
	return append(b, text...)
}

// markedHeader is the header of a recording of so many bytes of sound with its mark.
func markedHeader(size uint64) []byte {
	h := header(size)
	le := binary.LittleEndian
	le.PutUint32(h[4:], le.Uint32(h[4:])+uint32(len(mark(size))))
	return h
}

// marked tells how much sound is before the mark of a file that was being completed.
func marked(h []byte) (size int64, ok bool) {
	if len(h) < media.WAVHeaderSize {
		return 0, false
	}
	size = int64(binary.LittleEndian.Uint32(h[media.WAVHeaderSize-4:]))
	return size, size <= maxMark && string(h) == string(markedHeader(uint64(size)))
}

// finish writes a file's end: its header, and the mark of one that was stopped. The header comes
// first, since the rest follows from it.
func finish(f file, size int64, stopped bool) error {
	h, tail := header(uint64(size)), []byte(nil)
	if stopped && size <= maxMark {
		h, tail = markedHeader(uint64(size)), mark(uint64(size))
	}
	if _, err := f.WriteAt(h, 0); err != nil {
		return err
	}
	if err := f.Truncate(media.WAVHeaderSize + size); err != nil || tail == nil {
		return err
	}
	_, err := f.WriteAt(tail, media.WAVHeaderSize+size)
	return err
}
