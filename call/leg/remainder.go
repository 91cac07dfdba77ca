package leg

import "time"

// Remainder is what of a segment was not heard when the line was emptied.
type Remainder struct {
	Segment *Segment
	ulaw    []byte
	sent    int // bytes of it that were given to Twilio
}

// recent is a piece that was sent, and may yet be taken back.
type recent struct {
	seg  *Segment
	ulaw []byte
}

// remember keeps a piece that was sent for as long as Twilio may not have played it.
func (p *Playout) remember(s *Segment, ulaw []byte, ahead int) {
	var room []byte
	for len(p.tail) > 0 && p.tailed-len(p.tail[0].ulaw) >= ahead {
		p.tailed -= len(p.tail[0].ulaw)
		room, p.tail = p.tail[0].ulaw[:0], p.tail[1:]
	}
	p.tail = append(p.tail, recent{s, append(room, ulaw...)})
	p.tailed += len(ulaw)
}

// Rest is what was not heard of the agent's segments, in the order in which they began.
func (p *Playout) Rest(now time.Time) []Remainder {
	var list []Remainder
	for _, h := range p.Played(now) {
		s := h.Segment
		if s.ID == "" || s.Opening || s.Complete() {
			continue
		}
		r := Remainder{Segment: s, sent: s.Sent - int(h.Played/time.Millisecond)*BytesPerMS}
		for _, t := range p.tail {
			if t.seg == s {
				r.ulaw = append(r.ulaw, t.ulaw...)
			}
		}
		r.ulaw = r.ulaw[max(0, len(r.ulaw)-r.sent):]
		for _, c := range s.chunks {
			r.ulaw = append(r.ulaw, c.ulaw...)
		}
		if len(r.ulaw) > 0 {
			list = append(list, r)
		}
	}
	return list
}

// Resume queues what was not heard of a segment again. Nothing more comes of it: its agent has
// heard that it was cut.
func (p *Playout) Resume(r Remainder) {
	s := r.Segment
	s.Sent -= r.sent
	s.marked, s.proved = min(s.marked, s.Sent), min(s.proved, s.Sent)
	s.mark, s.Heard, s.Ended = "", false, true
	s.chunks, s.Queued = []chunk{{ulaw: r.ulaw}}, len(r.ulaw)
	p.queued += len(r.ulaw)
	p.Live = append(p.Live, s)
	p.enqueue(s)
}
