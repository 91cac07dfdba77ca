package call

import "time"

// remainder is what of a segment was not heard when the line was emptied.
type remainder struct {
	seg  *segment
	ulaw []byte
	sent int // bytes of it that were given to Twilio
}

// recent is a piece that was sent, and may yet be taken back.
type recent struct {
	seg  *segment
	ulaw []byte
}

// remember keeps a piece that was sent for as long as Twilio may not have played it.
func (p *playout) remember(s *segment, ulaw []byte, ahead int) {
	var room []byte
	for len(p.tail) > 0 && p.tailed-len(p.tail[0].ulaw) >= ahead {
		p.tailed -= len(p.tail[0].ulaw)
		room, p.tail = p.tail[0].ulaw[:0], p.tail[1:]
	}
	p.tail = append(p.tail, recent{s, append(room, ulaw...)})
	p.tailed += len(ulaw)
}

// rest is what was not heard of the agent's segments, in the order in which they began.
func (p *playout) rest(now time.Time) []remainder {
	var list []remainder
	for _, h := range p.played(now) {
		s := h.seg
		if s.id == "" || s.opening || s.complete() {
			continue
		}
		r := remainder{seg: s, sent: s.sent - int(h.played/time.Millisecond)*bytesPerMS}
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

// resume queues what was not heard of a segment again. Nothing more comes of it: its agent has
// heard that it was cut.
func (p *playout) resume(r remainder) {
	s := r.seg
	s.sent -= r.sent
	s.marked, s.proved = min(s.marked, s.sent), min(s.proved, s.sent)
	s.mark, s.heard, s.ended = "", false, true
	s.chunks, s.queued = []chunk{{ulaw: r.ulaw}}, len(r.ulaw)
	p.queued += len(r.ulaw)
	p.live = append(p.live, s)
	p.enqueue(s)
}
