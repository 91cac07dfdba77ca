package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/remind"
)

// Reminders is who keeps scheduled calls: *remind.Service.
type Reminders interface {
	Add(ctx context.Context, list ...remind.Reminder) (stored []remind.Reminder, fresh int, err error)
	Get(ctx context.Context, id string) (remind.Reminder, error)
	List(ctx context.Context, f remind.Filter) (list []remind.Reminder, next string, err error)
	Pauses(ctx context.Context) ([]remind.Pause, error)
	Cancel(ctx context.Context, id string) (remind.Reminder, error)
}

func shownReminder(r remind.Reminder) api.Reminder {
	o := r.Order
	shown := api.Reminder{ID: r.ID, Key: r.Key, To: o.To.E164(), From: o.From.E164(), Agent: o.Agent, Purpose: o.Purpose, Marketing: o.Marketing, Subject: o.Subject,
		Variables: o.Variables, Location: o.Location, DueAt: r.Due, Status: api.ReminderStatus(r.Status), Attempts: r.Attempts, CallIDs: r.CallIDs, Reason: r.Reason, Rules: r.Rules, CreatedAt: r.CreatedAt}
	if !r.NextAt.IsZero() {
		shown.NextAt = &r.NextAt
	}
	if shown.CallIDs == nil {
		shown.CallIDs = []string{}
	}
	return shown
}

func shownReminders(list []remind.Reminder) []api.Reminder {
	shown := make([]api.Reminder, len(list))
	for i, r := range list {
		shown[i] = shownReminder(r)
	}
	return shown
}

func (s *Server) listReminders(w http.ResponseWriter, r *http.Request) {
	f, err := reminderFilter(r)
	if err != nil {
		problem(w, http.StatusBadRequest, "bad request", err.Error())
		return
	}
	ctx, cancel := bounded(r)
	defer cancel()
	list, next, err := s.cfg.Reminders.List(ctx, f)
	if err != nil {
		s.remindersProblem(w, err)
		return
	}
	nobody, err := s.unknownAgent(len(list), f.Agent, func() (int, error) {
		some, _, err := s.cfg.Reminders.List(ctx, remind.Filter{Agent: f.Agent, Limit: 1})
		return len(some), err
	})
	switch {
	case err != nil:
		s.remindersProblem(w, err)
		return
	case nobody:
		problem(w, http.StatusBadRequest, "bad request", noAgent)
		return
	}
	paused, err := s.cfg.Reminders.Pauses(ctx)
	if err != nil {
		s.remindersProblem(w, err)
		return
	}
	answer := api.ReminderList{Reminders: shownReminders(list), Next: next}
	for _, p := range paused {
		answer.Paused = append(answer.Paused, api.Pause(p))
	}
	reply(w, http.StatusOK, answer)
}

func reminderFilter(r *http.Request) (f remind.Filter, err error) {
	for name, values := range r.URL.Query() {
		v := values[0]
		switch name {
		case "limit":
			if f.Limit, err = limitOf(v, remind.MaxLimit); err != nil {
				return f, err
			}
		case "cursor":
			f.Cursor = v
		case "id":
			f.ID = v
		case "agent":
			f.Agent = v
		case "status":
			if f.Status = remind.Status(v); !slices.Contains(remind.Statuses, f.Status) {
				return f, fmt.Errorf("status is %q: want one of %v", short(v), remind.Statuses)
			}
		case "to":
			if f.To, err = phone.Parse("+" + strings.TrimLeft(v, "+ ")); err != nil { // a plus that nobody escaped is a space
				return f, fmt.Errorf("to: %s", wantNumber)
			}
		default:
			return f, fmt.Errorf("unknown parameter %s: this list takes agent, cursor, id, limit, status, to", short(name))
		}
	}
	return f, nil
}

func (s *Server) getReminder(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := bounded(r)
	defer cancel()
	got, err := s.cfg.Reminders.Get(ctx, r.PathValue("id"))
	if err != nil {
		s.remindersProblem(w, err)
		return
	}
	reply(w, http.StatusOK, shownReminder(got))
}

// cancelReminder cancels what is still to come; to do so twice is no error.
func (s *Server) cancelReminder(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := bounded(r)
	defer cancel()
	got, err := s.cfg.Reminders.Cancel(ctx, r.PathValue("id"))
	switch {
	case errors.Is(err, remind.ErrFinal) && got.Status != remind.Cancelled:
		problem(w, http.StatusConflict, "conflict", fmt.Sprintf("the reminder has ended: its status is %s", got.Status))
	case err != nil && !errors.Is(err, remind.ErrFinal):
		s.remindersProblem(w, err)
	default:
		reply(w, http.StatusOK, shownReminder(got))
	}
}

// remindersProblem answers an error of the reminders' store.
func (s *Server) remindersProblem(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, remind.ErrNotFound):
		problem(w, http.StatusNotFound, "not found", "unknown reminder")
	case errors.Is(err, remind.ErrBadFilter):
		problem(w, http.StatusBadRequest, "bad request", err.Error())
	default:
		s.log.Error().Err(err).Msg("reminders not read")
		problem(w, http.StatusServiceUnavailable, "unavailable", "the reminders can't be read or written at the moment")
	}
}
