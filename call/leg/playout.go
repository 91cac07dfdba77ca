package leg

import (
	"fmt"
	"slices"
	"time"
)

// The pace of the playout. Twilio buffers without a known limit and plays in
// order, so what we send early can only be taken back by a clear; what we send
// late is a hole in the voice.
const (
	Lead        = 500 * time.Millisecond // at most so far ahead of the caller's ear
	pieceSize   = 800                    // bytes released at a time
	pieceTime   = 100 * time.Millisecond // that a piece lasts
	BytesPerMS  = 8                      // µ-law at 8 kHz
	MaxQueue    = 120_000 * BytesPerMS   // two minutes wait at most; what comes then is dropped and counted
	markEvery   = 8000                   // bytes of a segment between two marks: what was heard is known to a second
	markTrouble = 50 * time.Millisecond  // a mark later than the usual by more corrects the estimate
)

// Line is the caller's side of the telephone line.
type Line interface {
	SendMedia(ulaw []byte) error
	SendMark(name string) error
	Clear() error
}

// Playout releases the agent's sound to the line, never more than lead ahead of
// the ear, with a mark behind each segment. It knows time only as its caller
// tells it, and what was heard only from marks. One goroutine owns it.
type Playout struct {
	Line Line

	queue   []*Segment    // those with sound that waits, in the order in which they began
	queued  int           // bytes in queue
	playing *Segment      // whose sound was sent last
	Live    []*Segment    // begun and not yet settled, in order
	marks   []mark        // sent and not yet come back, in order
	First   time.Time     // when the first sound but a holding line was due at the ear; zero before it is sent
	Dry     time.Time     // when the line runs out of what was sent
	delayed time.Duration // the part of dry that marks have taught us
	lag     time.Duration // of marks, at least
	lagSet  bool
	serial  int // of marks, unique on the stream
	begun   int // segments
	scratch []byte

	tail   []recent // what was sent last, and may not have played
	tailed int      // bytes in tail

	Dropped int // bytes refused because the queue was full
	Late    int // times the line ran dry inside a segment

	Taps Taps // hear what the ear hears
}

type chunk struct {
	ulaw []byte
	at   time.Time // when it came from the agent; zero if it didn't
}

type mark struct {
	name string
	seg  *Segment
	sent int       // bytes of the segment before it
	due  time.Time // when all before it has played, by what was sent
}

// Add queues sound of a segment; at is when it arrived. Segments are played one
// after the other, also where their sound arrives interleaved.
func (p *Playout) Add(s *Segment, ulaw []byte, at time.Time) {
	if len(ulaw) == 0 || s.Closed {
		return
	}
	if p.queued+len(ulaw) > MaxQueue {
		p.Dropped += len(ulaw)
		return
	}
	if p.queued > 0 || !p.room(at) {
		at = time.Time{} // it has to wait for its turn: no measure of the bridge
	}
	if s.Ended && s.Heard {
		p.Settle(s)
		p.Begin(s) // there is more of it after all
	}
	s.Ended, s.Heard = false, false
	if len(s.chunks) == 0 {
		p.enqueue(s)
	}
	s.chunks = append(s.chunks, chunk{ulaw, at})
	s.Queued += len(ulaw)
	p.queued += len(ulaw)
}

// enqueue puts a segment into the queue, before those that began after it.
func (p *Playout) enqueue(s *Segment) {
	i := slices.IndexFunc(p.queue, func(x *Segment) bool { return x.Order > s.Order && x != p.playing })
	if i < 0 {
		i = len(p.queue)
	}
	p.queue = slices.Insert(p.queue, i, s)
}

// End says that nothing more comes of a segment.
func (p *Playout) End(s *Segment, now time.Time) error {
	if s.Ended {
		return nil
	}
	s.Ended = true
	if s.Queued == 0 && s.Sent > 0 && s.mark == "" {
		return p.sendMark(s, now)
	}
	return nil
}

// Release sends what is due and returns the arrival times of the chunks whose
// first byte went out without having to wait for its turn.
func (p *Playout) Release(now time.Time, prompt func(arrived time.Time)) error {
	for len(p.queue) > 0 && p.room(now) && !now.Before(p.turn()) {
		head := p.queue[0]
		if last := p.playing; last != nil && last != head && last.Sent > 0 && last.mark == "" {
			if err := p.sendMark(last, now); err != nil { // the next one begins: it is over, as far as we know
				return err
			}
		}
		p.playing = head
		if at := head.chunks[0].at; prompt != nil && !at.IsZero() {
			prompt(at)
		}
		if err := p.send(head, p.take(head), now); err != nil {
			return err
		}
		if head.Queued == 0 && head.Ended || head.Sent-head.marked >= markEvery {
			if err := p.sendMark(head, now); err != nil {
				return err
			}
		}
	}
	// The agent may never say that a segment is over. When the line has run dry
	// behind it, all that came of it was heard: ask by a mark.
	if len(p.queue) == 0 && !now.Before(p.Dry) {
		p.tail, p.tailed = nil, 0
		for _, s := range p.Live {
			if s.Sent > 0 && s.Queued == 0 && s.mark == "" {
				if err := p.sendMark(s, now); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// turn is when the head of the queue may be sent. While more may come of the segment that
// plays, the next one waits until the line is about to run dry.
func (p *Playout) turn() time.Time {
	if s := p.playing; s == nil || s == p.queue[0] || s.Ended || s.Sent == 0 {
		return time.Time{}
	}
	return p.Dry.Add(-pieceTime)
}

// room tells whether a whole piece more stays within the lead.
func (p *Playout) room(now time.Time) bool { return p.Dry.Sub(now) <= Lead-pieceTime }

// take removes up to a piece of the segment at the head of the queue.
func (p *Playout) take(s *Segment) []byte {
	out := p.scratch[:0]
	for len(s.chunks) > 0 && len(out) < pieceSize {
		c := &s.chunks[0]
		n := min(len(c.ulaw), pieceSize-len(out))
		out = append(out, c.ulaw[:n]...)
		if c.ulaw = c.ulaw[n:]; len(c.ulaw) == 0 {
			*c = chunk{}
			s.chunks = s.chunks[1:]
		} else {
			c.at = time.Time{} // the rest waits for its turn
		}
	}
	if len(s.chunks) == 0 {
		s.chunks = nil
		if p.queue = p.queue[1:]; len(p.queue) == 0 {
			p.queue = nil
		}
	}
	p.scratch = out
	return out
}

func (p *Playout) send(s *Segment, ulaw []byte, now time.Time) error {
	if err := p.Line.SendMedia(ulaw); err != nil {
		return fmt.Errorf("call: play: %w", err)
	}
	if p.Dry.Before(now) {
		if s.Sent > 0 {
			p.Late++
		}
		p.Dry, p.delayed = now, 0
	}
	if s.Sent == 0 {
		s.Starts = p.Dry
	}
	if p.First.IsZero() && !s.Quiet {
		p.First = p.Dry
	}
	s.Sent += len(ulaw)
	s.Queued -= len(ulaw)
	p.queued -= len(ulaw)
	s.mark, s.Heard = "", false
	p.Taps.Agent(Piece{ulaw, p.Dry, p.way(), s.Private})
	p.Dry = p.Dry.Add(time.Duration(len(ulaw)) * time.Millisecond / BytesPerMS)
	p.remember(s, ulaw, p.ahead(now))
	return nil
}

// Begin makes a segment known; its sound follows by add.
func (p *Playout) Begin(s *Segment) {
	if s.Order == 0 {
		p.begun++
		s.Order = p.begun
	}
	p.Live = append(p.Live, s)
}

// Settle forgets a segment about which everything is known.
func (p *Playout) Settle(s *Segment) {
	p.Live = slices.DeleteFunc(p.Live, func(x *Segment) bool { return x == s })
}

// SettleDone forgets segments of which no sound ever came, and those that were
// heard before the agent said that they were over.
func (p *Playout) SettleDone() {
	p.Live = slices.DeleteFunc(p.Live, func(s *Segment) bool { return s.Sent == 0 && s.Queued == 0 || s.Complete() })
}

// Over is when all that is queued will have played.
func (p *Playout) Over(now time.Time) time.Time { return later(now, p.Dry).Add(Span(p.queued)) }

// Sounds tells whether anything is yet to be heard, as far as can be known without marks.
func (p *Playout) Sounds(now time.Time) bool { return len(p.queue) > 0 || now.Before(p.Dry) }

// Unproved tells whether sound waits, or is yet to be proved by a mark.
func (p *Playout) Unproved() bool { return len(p.queue) > 0 || len(p.marks) > 0 }

// Idle tells whether nothing waits, plays, or is unproved.
func (p *Playout) Idle(now time.Time) bool {
	return len(p.queue) == 0 && len(p.marks) == 0 && !now.Before(p.Dry)
}

// Wake is when release has something to do again; zero if never.
func (p *Playout) Wake() time.Time {
	if len(p.queue) > 0 {
		return later(p.Dry.Add(pieceTime-Lead), p.turn())
	}
	for _, s := range p.Live {
		if s.Sent > 0 && s.mark == "" {
			return p.Dry
		}
	}
	return time.Time{}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
