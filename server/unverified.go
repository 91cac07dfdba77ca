package server

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Bounds of bodies that are read before anybody knows who sent them.
const (
	maxUnverified  = 64 // at once
	unverifiedWait = 5 * time.Second
)

// unverified are the bodies that are being read of requests whose signature is not checked yet.
type unverified struct {
	mu   sync.Mutex
	list []*unread // the oldest first
}

// unread is a body. Its cut ends the reading of it; it is called while the request is answered.
type unread struct{ cut func() }

// begin takes a place. With one too many the oldest reading is cut: Twilio's bodies come with
// their headers, so the oldest is the one that dawdles.
func (u *unverified) begin(cut func()) *unread {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.list) >= maxUnverified {
		u.list[0].cut()
		u.list = slices.Delete(u.list, 0, 1)
	}
	b := &unread{cut}
	u.list = append(u.list, b)
	return b
}

// end gives the place back. Nothing is cut afterwards.
func (u *unverified) end(b *unread) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if i := slices.Index(u.list, b); i >= 0 {
		u.list = slices.Delete(u.list, i, i+1)
	}
}

// readUnverified has the body read of a request whose signature is not checked yet, within
// unverifiedWait, and gives an accepted request the usual time again.
func (s *Server) readUnverified(w http.ResponseWriter, read func() error) error {
	out := http.NewResponseController(w)
	// A writer without deadlines, such as a test's, has nobody to wait for.
	_ = out.SetReadDeadline(time.Now().Add(unverifiedWait))
	b := s.unverified.begin(func() { _ = out.SetReadDeadline(time.Unix(1, 0)) })
	err := read()
	s.unverified.end(b)
	if err == nil {
		_ = out.SetReadDeadline(time.Now().Add(readTimeout))
	}
	return err
}
