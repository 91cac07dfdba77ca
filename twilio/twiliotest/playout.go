package twiliotest

// Sound on a media stream: µ-law, 8000 bytes a second.
const (
	frameBytes = 160  // in 20 ms
	silence    = 0xff // µ-law's zero
)

// playout is Twilio's buffer of sound on its way to the caller's ear. It has no bound,
// as Twilio documents none. A mark lies in it between two sounds and comes back when all
// before it has been played or flushed, so at once if there is nothing before it.
type playout struct {
	items []item
}

// item is a sound, or a mark if it has a name.
type item struct {
	sound []byte
	mark  string
}

// media queues sound.
func (p *playout) media(ulaw []byte) { p.items = append(p.items, item{sound: ulaw}) }

// mark queues a mark and returns the marks that come back at once.
func (p *playout) mark(name string) []string {
	p.items = append(p.items, item{mark: name})
	return p.reached()
}

// clear drops all sound. It returns how many bytes those were, and all marks, in order.
func (p *playout) clear() (dropped int, marks []string) {
	for _, it := range p.items {
		if it.mark != "" {
			marks = append(marks, it.mark)
		}
		dropped += len(it.sound)
	}
	p.items = nil
	return dropped, marks
}

// play appends the next 20 ms to dst, silence where there is no sound, and returns the
// marks that were reached.
func (p *playout) play(dst []byte) (heard []byte, marks []string) {
	left := frameBytes
	for left > 0 && len(p.items) > 0 {
		first := &p.items[0]
		n := min(left, len(first.sound))
		dst = append(dst, first.sound[:n]...)
		first.sound = first.sound[n:]
		left -= n
		if len(first.sound) == 0 {
			p.items = p.items[1:]
			marks = append(marks, p.reached()...)
		}
	}
	return appendSilence(dst, left), marks
}

// reached takes the marks at the head out.
func (p *playout) reached() []string {
	var marks []string
	for len(p.items) > 0 && p.items[0].mark != "" {
		marks = append(marks, p.items[0].mark)
		p.items = p.items[1:]
	}
	return marks
}

// queued is how many bytes wait.
func (p *playout) queued() int {
	n := 0
	for _, it := range p.items {
		n += len(it.sound)
	}
	return n
}

func appendSilence(b []byte, n int) []byte {
	for range n {
		b = append(b, silence)
	}
	return b
}
