package tools

import (
	"bytes"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// What a server may send us over one connection. Above it the connection is cut: the SDK queues messages without a bound,
// so whoever sends faster than any tool needs to would fill our memory.
const (
	mcpMaxMessage = 4 << 20 // bytes of one message; a page of tools may be large
	mcpBytes      = 1 << 20 // bytes a second
	mcpBytesBurst = 8 << 20
	mcpLines      = 500 // lines a second: a message is one at least
	mcpLinesBurst = 2000
)

var (
	errFlood    = errors.New("it exceeds its limit: 1 MiB or 500 lines a second, 8 MiB or 2000 lines at once")
	errOversize = errors.New("a message is longer than 4 MiB")
)

// meter counts what one connection brings in, over all of its streams.
type meter struct {
	bytes, lines *rate.Limiter
	flooded      atomic.Bool
	last         atomic.Int64 // when something came, in nanoseconds of Unix time
}

func newMeter() *meter {
	m := &meter{bytes: rate.NewLimiter(mcpBytes, mcpBytesBurst), lines: rate.NewLimiter(mcpLines, mcpLinesBurst)}
	m.last.Store(time.Now().UnixNano())
	return m
}

// quiet is how long nothing has come.
func (m *meter) quiet() time.Duration { return time.Since(time.Unix(0, m.last.Load())) }

// take counts, and says whether it is too much.
func (m *meter) take(bytes, lines int) error {
	now := time.Now()
	if bytes > 0 {
		m.last.Store(now.UnixNano())
	}
	if m.flooded.Load() || !m.bytes.AllowN(now, bytes) || !m.lines.AllowN(now, lines) {
		m.flooded.Store(true)
		return errFlood
	}
	return nil
}

// metered is a stream that a meter counts.
type metered struct {
	io.ReadCloser
	meter *meter
	left  int         // bytes of it that may still come; negative for any number, of which lines count, too
	ended func(error) // told when there is no more; nil for nobody
}

func (r *metered) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if err != nil && r.ended != nil {
		r.ended(err)
	}
	lines := 0
	if r.left < 0 {
		lines = bytes.Count(p[:n], []byte{'\n'})
	}
	if flood := r.meter.take(n, lines); flood != nil {
		return 0, flood
	}
	if r.left >= 0 {
		if r.left -= n; r.left < 0 {
			r.left = 0
			return 0, errOversize
		}
	}
	return n, err
}
