package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/twilio"
)

// whisper says what somebody hears to whom a call is put through, before the caller is
// joined. With accepted they have pressed a key to take it; with answered it is only told
// that somebody did.
func (s *Server) whisper(w http.ResponseWriter, r *http.Request) {
	v, err := twilio.ParseVoice(form(r))
	if err != nil {
		s.bad(w, err)
		return
	}
	q := r.URL.Query()
	id := q.Get("call")
	switch {
	case q.Has("answered"):
		if v.Status == twilio.InProgress {
			s.cfg.Switchboard.Taken(id)
		}
		w.WriteHeader(http.StatusNoContent)
	case q.Has("accepted") && v.Digits != "":
		s.follow(w, s.cfg.Switchboard.Taken(id))
	default:
		try, _ := strconv.Atoi(q.Get("try")) // 0 is of no transfer
		s.follow(w, s.cfg.Switchboard.Whisper(r.Context(), id, try))
	}
}

// transfer has a live call put through to a person.
func (s *Server) transfer(w http.ResponseWriter, r *http.Request) {
	var body struct {
		To      string `json:"to"`
		Summary string `json:"summary"`
	}
	d := json.NewDecoder(io.LimitReader(r.Body, 64<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil || d.Decode(new(any)) != io.EOF {
		problem(w, http.StatusBadRequest, "bad request", `the body must be {"to": "…", "summary": "…"}, the summary optional`)
		return
	}
	body.Summary = strings.TrimSpace(body.Summary)
	if len(body.Summary) > builtin.MaxSummary {
		problem(w, http.StatusBadRequest, "bad request", fmt.Sprintf("summary is %d bytes: want at most %d", len(body.Summary), builtin.MaxSummary))
		return
	}
	if !s.recordOf(w, r) {
		return
	}
	err := s.cfg.Switchboard.Transfer(r.Context(), r.PathValue("id"), body.To, body.Summary)
	var unlisted *builtin.TransferError
	if errors.As(err, &unlisted) {
		detail := "to is not on the list of the call's agent"
		if len(unlisted.Names) > 0 {
			detail += ": want " + strings.Join(unlisted.Names, ", ")
		}
		problem(w, http.StatusBadRequest, "bad request", detail)
		return
	}
	s.ordered(w, err)
}
