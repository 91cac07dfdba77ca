package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Bounds of a live stream of events.
const (
	eventsEvery  = 250 * time.Millisecond // how often the log is asked
	eventsPing   = 15 * time.Second       // a comment keeps proxies from closing it
	eventsWrites = 10 * time.Second       // for a reader to take what it is sent
)

// callEvents sends the entries of a call as server-sent events, as they are
// written. It reads the log, not the call, so that any instance can tell it. An
// entry that is rewritten, as when it is known how far it was heard, comes
// again under its seq. The event's id is where a reader may go on from. The last event is
// "end" where the call is over, and "unauthorized" where the key is.
func (s *Server) callEvents(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.flush(r)
	ctx, cancel := bounded(r)
	_, err := s.cfg.Calls.Get(ctx, id)
	cancel()
	if err != nil {
		s.storeProblem(w, err)
		return
	}
	var rev int64
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		if rev, err = strconv.ParseInt(last, 10, 64); err != nil || rev < 0 {
			problem(w, http.StatusBadRequest, "bad request", "Last-Event-ID is invalid")
			return
		}
	}
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	tick := time.NewTicker(eventsEvery)
	defer tick.Stop()
	for quiet := time.Now(); ; {
		ctx, cancel := bounded(r)
		entries, last, ended, err := s.cfg.Calls.Since(ctx, id, rev)
		cancel()
		switch {
		case keyEnded(r):
			fmt.Fprintf(w, "event: unauthorized\ndata: %s\n\n", bytes.TrimSpace(endedKey.answer().Body))
			out.Flush()
			return
		case err != nil || r.Context().Err() != nil:
			return // the reader comes again with Last-Event-ID
		}
		out.SetWriteDeadline(time.Now().Add(eventsWrites))
		for i, e := range entries {
			b, err := json.Marshal(e)
			if err != nil {
				return
			}
			if i == len(entries)-1 { // a reader cut off before it gets them all again
				fmt.Fprintf(w, "id: %d\n", last)
			}
			fmt.Fprintf(w, "event: entry\ndata: %s\n\n", b)
		}
		rev = last
		switch {
		case ended:
			fmt.Fprint(w, "event: end\ndata: {}\n\n")
			out.Flush()
			return
		case len(entries) > 0:
			quiet = time.Now()
		case time.Since(quiet) > eventsPing:
			fmt.Fprint(w, ": still live\n\n")
			quiet = time.Now()
		}
		if out.Flush() != nil {
			return
		}
		select {
		case <-tick.C:
		case <-r.Context().Done(): // whether the key has ended is seen above
		}
	}
}
