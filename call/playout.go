package call

import (
	"fmt"
	"slices"
	"time"
)

// The pace of the playout. Twilio buffers without a known limit and plays in
// order, so what we send early can only be taken back by a clear; what we send
// late is a hole in the voice.
const (
	lead        = 500 * time.Millisecond // at most so far ahead of the caller's ear
	pieceSize   = 800                    // bytes released at a time
	pieceTime   = 100 * time.Millisecond // that a piece lasts
	bytesPerMS  = 8                      // µ-law at 8 kHz
	queueBound  = 120_000 * bytesPerMS   // two minutes wait at most; what comes then is dropped and counted
	markEvery   = 8000                   // bytes of a segment between two marks: what was heard is known to a second
	markTrouble = 50 * time.Millisecond  // a mark later than the usual by more corrects the estimate
)

// line is the caller's side of the telephone line.
type line interface {
	SendMedia(ulaw []byte) error
	SendMark(name string) error
	Clear() error
}

// playout releases the agent's sound to the line, never more than lead ahead of
// the ear, with a mark behind each segment. It knows time only as its caller
// tells it, and what was heard only from marks. One goroutine owns it.
type playout struct {
	line line

	queue   []*segment    // those with sound that waits, in the order in which they began
	queued  int           // bytes in queue
	playing *segment      // whose sound was sent last
	live    []*segment    // begun and not yet settled, in order
	marks   []mark        // sent and not yet come back, in order
	first   time.Time     // when the first sound but a holding line was due at the ear; zero before it is sent
	dry     time.Time     // when the line runs out of what was sent
	delayed time.Duration // the part of dry that marks have taught us
	lag     time.Duration // of marks, at least
	lagSet  bool
	serial  int // of marks, unique on the stream
	begun   int // segments
	scratch []byte

	tail   []recent // what was sent last, and may not have played
	tailed int      // bytes in tail

	dropped int // bytes refused because the queue was full
	late    int // times the line ran dry inside a segment

	taps taps // hear what the ear hears
}

type chunk struct {
	ulaw []byte
	at   time.Time // when it came from the agent; zero if it didn't
}

type mark struct {
	name string
	seg  *segment
	sent int       // bytes of the segment before it
	due  time.Time // when all before it has played, by what was sent
}

// add queues sound of a segment; at is when it arrived. Segments are played one
// after the other, also where their sound arrives interleaved.
func (p *playout) add(s *segment, ulaw []byte, at time.Time) {
	if len(ulaw) == 0 || s.closed {
		return
	}
	if p.queued+len(ulaw) > queueBound {
		p.dropped += len(ulaw)
		return
	}
	if p.queued > 0 || !p.room(at) {
		at = time.Time{} // it has to wait for its turn: no measure of the bridge
	}
	if s.ended && s.heard {
		p.settle(s)
		p.begin(s) // there is more of it after all
	}
	s.ended, s.heard = false, false
	if len(s.chunks) == 0 {
		p.enqueue(s)
	}
	s.chunks = append(s.chunks, chunk{ulaw, at})
	s.queued += len(ulaw)
	p.queued += len(ulaw)
}

// enqueue puts a segment into the queue, before those that began after it.
func (p *playout) enqueue(s *segment) {
	i := slices.IndexFunc(p.queue, func(x *segment) bool { return x.order > s.order && x != p.playing })
	if i < 0 {
		i = len(p.queue)
	}
	p.queue = slices.Insert(p.queue, i, s)
}

// end says that nothing more comes of a segment.
func (p *playout) end(s *segment, now time.Time) error {
	if s.ended {
		return nil
	}
	s.ended = true
	if s.queued == 0 && s.sent > 0 && s.mark == "" {
		return p.sendMark(s, now)
	}
	return nil
}

// release sends what is due and returns the arrival times of the chunks whose
// first byte went out without having to wait for its turn.
func (p *playout) release(now time.Time, prompt func(arrived time.Time)) error {
	for len(p.queue) > 0 && p.room(now) && !now.Before(p.turn()) {
		head := p.queue[0]
		if last := p.playing; last != nil && last != head && last.sent > 0 && last.mark == "" {
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
		if head.queued == 0 && head.ended || head.sent-head.marked >= markEvery {
			if err := p.sendMark(head, now); err != nil {
				return err
			}
		}
	}
	// The agent may never say that a segment is over. When the line has run dry
	// behind it, all that came of it was heard: ask by a mark.
	if len(p.queue) == 0 && !now.Before(p.dry) {
		p.tail, p.tailed = nil, 0
		for _, s := range p.live {
			if s.sent > 0 && s.queued == 0 && s.mark == "" {
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
func (p *playout) turn() time.Time {
	if s := p.playing; s == nil || s == p.queue[0] || s.ended || s.sent == 0 {
		return time.Time{}
	}
	return p.dry.Add(-pieceTime)
}

// room tells whether a whole piece more stays within the lead.
func (p *playout) room(now time.Time) bool { return p.dry.Sub(now) <= lead-pieceTime }

// take removes up to a piece of the segment at the head of the queue.
func (p *playout) take(s *segment) []byte {
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

func (p *playout) send(s *segment, ulaw []byte, now time.Time) error {
	if err := p.line.SendMedia(ulaw); err != nil {
		return fmt.Errorf("call: play: %w", err)
	}
	if p.dry.Before(now) {
		if s.sent > 0 {
			p.late++
		}
		p.dry, p.delayed = now, 0
	}
	if s.sent == 0 {
		s.starts = p.dry
	}
	if p.first.IsZero() && !s.quiet {
		p.first = p.dry
	}
	s.sent += len(ulaw)
	s.queued -= len(ulaw)
	p.queued -= len(ulaw)
	s.mark, s.heard = "", false
	p.taps.Agent(piece{ulaw, p.dry, p.way(), s.private})
	p.dry = p.dry.Add(time.Duration(len(ulaw)) * time.Millisecond / bytesPerMS)
	p.remember(s, ulaw, p.ahead(now))
	return nil
}

// begin makes a segment known; its sound follows by add.
func (p *playout) begin(s *segment) {
	if s.order == 0 {
		p.begun++
		s.order = p.begun
	}
	p.live = append(p.live, s)
}

// settle forgets a segment about which everything is known.
func (p *playout) settle(s *segment) {
	p.live = slices.DeleteFunc(p.live, func(x *segment) bool { return x == s })
}

// settleDone forgets segments of which no sound ever came, and those that were
// heard before the agent said that they were over.
func (p *playout) settleDone() {
	p.live = slices.DeleteFunc(p.live, func(s *segment) bool { return s.sent == 0 && s.queued == 0 || s.complete() })
}

// over is when all that is queued will have played.
func (p *playout) over(now time.Time) time.Time { return later(now, p.dry).Add(span(p.queued)) }

// sounds tells whether anything is yet to be heard, as far as can be known without marks.
func (p *playout) sounds(now time.Time) bool { return len(p.queue) > 0 || now.Before(p.dry) }

// idle tells whether nothing waits, plays, or is unproved.
func (p *playout) idle(now time.Time) bool {
	return len(p.queue) == 0 && len(p.marks) == 0 && !now.Before(p.dry)
}

// wake is when release has something to do again; zero if never.
func (p *playout) wake() time.Time {
	if len(p.queue) > 0 {
		return later(p.dry.Add(pieceTime-lead), p.turn())
	}
	for _, s := range p.live {
		if s.sent > 0 && s.mark == "" {
			return p.dry
		}
	}
	return time.Time{}
}
