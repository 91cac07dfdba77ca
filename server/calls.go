package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
)

func (s *Server) listCalls(w http.ResponseWriter, r *http.Request) {
	f, err := filter(r)
	if err != nil {
		problem(w, http.StatusBadRequest, "bad request", err.Error())
		return
	}
	s.flush(r)
	ctx, cancel := bounded(r)
	defer cancel()
	calls, next, err := s.cfg.Calls.List(ctx, f)
	if err != nil {
		s.storeProblem(w, err)
		return
	}
	nobody, err := s.unknownAgent(len(calls), f.Agent, func() (int, error) {
		some, _, err := s.cfg.Calls.List(ctx, calllog.Filter{Agent: f.Agent, Limit: 1})
		return len(some), err
	})
	switch {
	case err != nil:
		s.storeProblem(w, err)
		return
	case nobody:
		problem(w, http.StatusBadRequest, "bad request", noAgent)
		return
	}
	if calls == nil {
		calls = []calllog.Call{}
	}
	reply(w, http.StatusOK, api.CallList{Calls: calls, Next: next})
}

func (s *Server) getCall(w http.ResponseWriter, r *http.Request) {
	s.flush(r)
	ctx, cancel := bounded(r)
	defer cancel()
	c, err := s.cfg.Calls.Get(ctx, r.PathValue("id"))
	if err != nil {
		s.storeProblem(w, err)
		return
	}
	if s.cfg.Chats != nil {
		if c.Chats, err = s.cfg.Chats.ChatsOf(ctx, c.TwilioCallSID); err != nil {
			s.storeProblem(w, err)
			return
		}
	}
	reply(w, http.StatusOK, c)
}

// Bounds of what a reader waits for: the log's writer (what is not there by then
// is missing from the answer), and the store itself.
const (
	flushWait = time.Second
	storeWait = 3 * time.Second
)

// bounded is a request's context for asking the store.
func bounded(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(r.Context(), storeWait)
}

// flush lets an operator read what this instance has just written.
func (s *Server) flush(r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), flushWait)
	defer cancel()
	if err := s.cfg.Flush(ctx); err != nil {
		s.log.Warn().Err(err).Msg("the call log is behind")
	}
}

func (s *Server) hangUp(w http.ResponseWriter, r *http.Request) {
	if !s.recordOf(w, r) {
		return
	}
	s.ordered(w, s.cfg.Switchboard.HangUp(r.Context(), r.PathValue("id")))
}

// sayBound is the longest text that an operator may have spoken, in bytes:
// about a minute.
const sayBound = 1000

func (s *Server) say(w http.ResponseWriter, r *http.Request) {
	var body api.Say
	d := json.NewDecoder(io.LimitReader(r.Body, 64<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil || d.Decode(new(any)) != io.EOF {
		problem(w, http.StatusBadRequest, "bad request", `the body must be {"text": "…"}`)
		return
	}
	body.Text = strings.TrimSpace(body.Text)
	if body.Text == "" || len(body.Text) > sayBound {
		problem(w, http.StatusBadRequest, "bad request", fmt.Sprintf("text is %d bytes: want 1 to %d", len(body.Text), sayBound))
		return
	}
	if !s.recordOf(w, r) {
		return
	}
	s.ordered(w, s.cfg.Switchboard.Say(r.Context(), r.PathValue("id"), body.Text))
}

// ordered answers an order to a live call.
func (s *Server) ordered(w http.ResponseWriter, err error) {
	switch {
	case err == nil:
		reply(w, http.StatusAccepted, api.Accepted{Status: "accepted"})
	case errors.Is(err, call.ErrNotLive):
		problem(w, http.StatusConflict, "conflict", "the call is not live")
	case errors.Is(err, call.ErrAgentAway):
		problem(w, http.StatusConflict, "conflict", "the agent is not connected at the moment")
	default:
		s.storeProblem(w, err)
	}
}

// storeProblem answers an error of the log's store.
func (s *Server) storeProblem(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, calllog.ErrNotFound):
		problem(w, http.StatusNotFound, "not found", "unknown call")
	case errors.Is(err, calllog.ErrBadFilter):
		problem(w, http.StatusBadRequest, "bad request", err.Error())
	default:
		s.log.Error().Err(err).Msg("call log not read")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the call log cannot be read at the moment")
	}
}

// listTools shows the registry.
func (s *Server) listTools(w http.ResponseWriter, r *http.Request) {
	list := []api.Tool{}
	for _, t := range s.cfg.Tools.List() {
		if !s.cfg.Directory.uses(t.Name) {
			continue
		}
		list = append(list, api.Tool{Name: t.Name, Description: t.Description, Parameters: t.Schema})
	}
	reply(w, http.StatusOK, api.ToolList{Tools: list})
}
