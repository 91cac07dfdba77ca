package wire

import (
	"strings"
	"sync/atomic"
)

// Budget is how long a message may be beside its sound, in bytes. One that is longer is skipped
// without being held in memory.
type Budget struct {
	Own  int // of what the server makes itself; 0 is [ReadLimit]
	Echo int // of what repeats what was sent, beside twice that; 0 is [ReadLimit]

	SoundKey string                 // the field of a message that has its sound
	IsSound  func(kind string) bool // tells whether messages of a type have sound
	IsEcho   func(kind string) bool // tells whether they repeat what was sent
}

func (b Budget) filled() Budget {
	if b.Own == 0 {
		b.Own = ReadLimit
	}
	if b.Echo == 0 {
		b.Echo = ReadLimit
	}
	return b
}

// budget is a Budget of which the echoes grow.
type budget struct {
	Budget
	sent atomic.Int64 // so far, in bytes, without sound
}

// tooLarge is a message over its budget.
type tooLarge struct {
	kind        string
	bytes, most int
}

// of is the budget of a kind of message.
func (b *budget) of(kind string) int {
	if b.IsEcho(kind) {
		return b.ofEcho()
	}
	return b.Own
}

func (b *budget) ofEcho() int {
	return max(b.Own, int(min(int64(b.Echo)+2*b.sent.Load(), ReadLimit)))
}

// room is how long a message may become of which raw is the beginning.
func (b *budget) room(raw []byte) (n int, kind string) {
	switch m := outlineOf(raw, b.SoundKey); {
	case b.IsSound(m.kind) || m.kind == "" && strings.EqualFold(m.open, b.SoundKey):
		return ReadLimit, m.kind
	case m.kind == "": // it comes last
		return b.ofEcho(), ""
	default:
		return b.of(m.kind), m.kind
	}
}

// holds checks a whole message. It is nil for one within its budget.
func (b *budget) holds(raw []byte) *tooLarge {
	if len(raw) <= b.Own {
		return nil
	}
	m := outlineOf(raw, b.SoundKey)
	if !b.IsSound(m.kind) {
		m.sound = 0
	}
	if most := b.of(m.kind); !m.whole || len(raw)-m.sound > most {
		return &tooLarge{kind: m.kind, bytes: len(raw), most: most}
	}
	return nil
}
