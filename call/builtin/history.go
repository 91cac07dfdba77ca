package builtin

// History is what the log of a call has of its tools, for an instance that goes on with the call.
type History struct {
	sent      sentDigits
	callbacks int
	messages  int // the highest number of a spoken one
}

// Restore takes on what another instance did. What is known here besides stays, for the log does not have all of it.
func (s *State) Restore(h History) {
	if h.sent.times > s.sent.times {
		s.sent = h.sent
	}
	s.messages = max(s.messages, h.messages)
	l := &s.callbacks
	l.earlier = max(l.earlier, h.callbacks-len(l.list))
}
