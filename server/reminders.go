package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
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

// Reminder is a scheduled call as the API shows it.
type Reminder struct {
	ID        string            `json:"id"`
	Key       string            `json:"key,omitempty"`
	To        string            `json:"to"`
	From      string            `json:"from"`
	Agent     string            `json:"agent"`
	Purpose   consent.Purpose   `json:"purpose"`
	Marketing bool              `json:"contains_marketing"`
	Subject   string            `json:"subject,omitempty"`
	Variables map[string]string `json:"variables,omitempty"`
	Location  consent.Location  `json:"location,omitzero"`
	DueAt     time.Time         `json:"due_at"`
	Status    remind.Status     `json:"status"`
	Attempts  int               `json:"attempts"` // calls that rang, or may have
	NextAt    *time.Time        `json:"next_at"`  // when it is looked at again; null if it has ended
	CallIDs   []string          `json:"call_ids"`
	Reason    string            `json:"reason,omitempty"` // why it stands so
	Rules     []string          `json:"rules,omitempty"`  // ids of the rules that stood in the way
	CreatedAt time.Time         `json:"created_at"`
}

// ReminderList is the answer of GET /v1/reminders.
type ReminderList struct {
	Reminders []Reminder     `json:"reminders"`
	Next      string         `json:"next,omitempty"`   // cursor of the next page; empty on the last
	Paused    []remind.Pause `json:"paused,omitempty"` // agents whose calls rest, because the carrier fails
}

// RemindersAdded is the answer of POST /v1/reminders with an array.
type RemindersAdded struct {
	Reminders []Reminder `json:"reminders"`
	Created   int        `json:"created"` // the others had a key that was there before
}

func shownReminder(r remind.Reminder) Reminder {
	o := r.Order
	shown := Reminder{ID: r.ID, Key: r.Key, To: o.To.E164(), From: o.From.E164(), Agent: o.Agent, Purpose: o.Purpose, Marketing: o.Marketing, Subject: o.Subject,
		Variables: o.Variables, Location: o.Location, DueAt: r.Due, Status: r.Status, Attempts: r.Attempts, CallIDs: r.CallIDs, Reason: r.Reason, Rules: r.Rules, CreatedAt: r.CreatedAt}
	if !r.NextAt.IsZero() {
		shown.NextAt = &r.NextAt
	}
	if shown.CallIDs == nil {
		shown.CallIDs = []string{}
	}
	return shown
}

func shownReminders(list []remind.Reminder) []Reminder {
	shown := make([]Reminder, len(list))
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
	reply(w, http.StatusOK, ReminderList{shownReminders(list), next, paused})
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
