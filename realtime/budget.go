package realtime

import (
	"errors"
	"io"
	"strings"
	"sync/atomic"
)

// budget is how long a message may be beside its sound, in bytes.
type budget struct {
	own  int          // of what the server makes itself
	echo int          // of what repeats settings and items, beside twice what was sent
	sent atomic.Int64 // so far, without sound
}

func newBudget(own, echo int) *budget {
	b := &budget{own: own, echo: echo}
	if own == 0 {
		b.own = readLimit
	}
	if echo == 0 {
		b.echo = readLimit
	}
	return b
}

// of is the budget of a kind of message.
func (b *budget) of(kind string) int {
	if isEcho(kind) {
		return b.ofEcho()
	}
	return b.own
}

func (b *budget) ofEcho() int {
	return max(b.own, int(min(int64(b.echo)+2*b.sent.Load(), readLimit)))
}

// room is how long a message may become of which raw is the beginning.
func (b *budget) room(raw []byte) (n int, kind string) {
	switch m := outlineOf(raw); {
	case isSound(m.kind) || m.kind == "" && strings.EqualFold(m.open, soundKey):
		return readLimit, m.kind
	case m.kind == "": // it comes last
		return b.ofEcho(), ""
	default:
		return b.of(m.kind), m.kind
	}
}

// holds checks a whole message. It is nil for one within its budget.
func (b *budget) holds(raw []byte) *TooLarge {
	if len(raw) <= b.own {
		return nil
	}
	m := outlineOf(raw)
	if !isSound(m.kind) {
		m.sound = 0
	}
	if most := b.of(m.kind); !m.whole || len(raw)-m.sound > most {
		return &TooLarge{Type: m.kind, Bytes: len(raw), Max: most}
	}
	return nil
}

// skip reads the rest of a message that is over its budget, and keeps nothing of it.
func (s *Session) skip(buf []byte, r io.Reader, over *TooLarge) (*TooLarge, error) {
	for over.Bytes = len(buf); ; {
		n, err := r.Read(buf[:cap(buf)])
		over.Bytes += n
		if errors.Is(err, io.EOF) {
			return over, nil
		}
		if err == nil {
			err = s.renew()
		}
		if err != nil {
			return nil, err
		}
	}
}
