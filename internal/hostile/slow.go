package hostile

import (
	"io"
	"strings"
	"sync"
	"time"
)

// Slow is a body that arrives one byte at a time.
type Slow struct {
	text   string
	pause  time.Duration
	closed chan struct{}
	once   sync.Once
}

// NewSlow is a body of this text, with a pause before each byte. In a bubble of
// testing/synctest it takes no time of the clock. Use [Slow] by one reader; Close
// may be called by anybody and wakes it.
func NewSlow(text string, pause time.Duration) *Slow {
	return &Slow{text: text, pause: pause, closed: make(chan struct{})}
}

// NewStalled is a body that gives this text at once and then nothing, nor an end.
func NewStalled(text string) io.ReadCloser {
	s := NewSlow("", 0)
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(strings.NewReader(text), stalled{s}), s}
}

// Read gives a byte; io.EOF after the text, io.ErrClosedPipe after Close.
func (s *Slow) Read(p []byte) (int, error) {
	if s.text == "" {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	pause := time.NewTimer(s.pause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-s.closed:
		return 0, io.ErrClosedPipe
	}
	p[0], s.text = s.text[0], s.text[1:]
	return 1, nil
}

// Close ends a Read that waits.
func (s *Slow) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

type stalled struct{ *Slow }

func (s stalled) Read([]byte) (int, error) {
	<-s.closed
	return 0, io.ErrClosedPipe
}
