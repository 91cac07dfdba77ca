package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

// Bounds of what is scheduled.
const (
	maxRemindersLength = 4 << 20        // bytes of a body
	duePast            = 24 * time.Hour // how long ago a reminder may have been due that is new
	dueFuture          = 2 * 366 * 24 * time.Hour
	addWait            = 10 * time.Second // for as many reminders as fit into a request
)

// addReminders schedules a call, or an array of them: all or none.
func (s *Server) addReminders(w http.ResponseWriter, r *http.Request) {
	raw, ok := readBody(w, r, maxRemindersLength)
	if !ok {
		return
	}
	var wrong []api.FieldError
	key := idempotencyKey(r, &wrong)
	list, many := s.readReminders(raw, &wrong)
	switch {
	case many && key != "":
		wrong = append(wrong, fieldError("Idempotency-Key", "only valid for one reminder: in an array, give each its own key"))
	case !many && len(list) == 1 && key != "" && list[0].Key == "":
		list[0].Key = key
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), addWait)
	defer cancel()
	stored, fresh, err := s.cfg.Reminders.Add(ctx, list...)
	var clash *remind.KeyError
	switch {
	case errors.As(err, &clash):
		keysClash(clash, many).send(w)
		return
	case err != nil:
		s.remindersProblem(w, err)
		return
	}
	status := http.StatusCreated
	if fresh == 0 {
		status = http.StatusOK // all of them were there
	}
	if many {
		reply(w, status, api.RemindersAdded{Reminders: shownReminders(stored), Created: fresh})
		return
	}
	reply(w, status, shownReminder(stored[0]))
}

// keysClash is the answer to reminders whose keys are taken by others.
func keysClash(e *remind.KeyError, many bool) answer {
	var wrong []api.FieldError
	for _, i := range e.Places {
		field := "key"
		if many {
			field = fmt.Sprintf("[%d].key", i)
		}
		if wrong = append(wrong, fieldError(field, "already used for another reminder")); enough(wrong) {
			break
		}
	}
	d := document{Title: "conflict", Status: http.StatusConflict, Errors: wrong}
	d.Detail = fmt.Sprintf("the keys of %d reminder(s) were already used for others; nothing was scheduled", len(e.Places))
	return d.answer()
}

// bodyOf is a hash of what is asked for under a key, however it is written.
func (s *Server) bodyOf(fields map[string]json.RawMessage, due time.Time) []byte {
	said := map[string]any{}
	for name, raw := range fields {
		var v any
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&v); err == nil && v != nil && name != "key" {
			said[name] = v
		}
	}
	said["due_at"] = due
	sum := s.secret("reminder", encode(said))
	return sum[:]
}

// readReminders reads one reminder, or an array of them.
func (s *Server) readReminders(raw []byte, wrong *[]api.FieldError) (list []remind.Reminder, many bool) {
	now := s.cfg.now()
	if !isArray(raw) {
		return []remind.Reminder{s.readReminder(raw, "", now, wrong)}, false
	}
	bodies, ok := readList(raw, "body", remind.MaxAdd, wrong)
	if !ok {
		return nil, true
	}
	for i, b := range bodies {
		list = append(list, s.readReminder(b, fmt.Sprintf("[%d].", i), now, wrong))
		if enough(*wrong) {
			break
		}
	}
	return list, true
}

// readReminder reads a reminder: an order with a time, and maybe a key.
func (s *Server) readReminder(raw []byte, path string, now time.Time, wrong *[]api.FieldError) remind.Reminder {
	before := len(*wrong)
	o := readObject(raw, path, wrong, fieldsOf[api.ReminderRequest]()...)
	if o.fields == nil {
		return remind.Reminder{}
	}
	r := remind.Reminder{Key: o.text("key", maxKeyLength), Due: o.due("due_at", now)}
	r.Body = s.bodyOf(o.fields, r.Due)
	for name := range o.fields {
		if !slices.Contains(orderFields, name) {
			delete(o.fields, name)
		}
	}
	r.Order = s.readOrder(encode(o.fields), path, wrong)
	if len(*wrong) > before {
		return r
	}
	if why := consent.Unreachable(r.Order.To); why != "" {
		o.complain("to", "this number can't be called: %s", why)
		return r
	}
	var bad *call.OrderError
	if _, err := s.cfg.Placer.Request(r.Order); errors.As(err, &bad) {
		*wrong = append(*wrong, ofOrder(bad, path)...)
	}
	return r
}

// due reads when a call shall be placed.
func (o object) due(name string, now time.Time) time.Time {
	const want = "a time such as 2026-11-24T18:00:00Z"
	var at time.Time
	if _, ok := o.fields[name]; !ok {
		o.complain(name, "required: %s", want)
		return at
	}
	if !o.read(name, want, &at) {
		return at
	}
	switch {
	case at.Before(now.Add(-duePast)):
		o.complain(name, "in the past")
	case at.After(now.Add(dueFuture)):
		o.complain(name, "more than two years in the future")
	}
	return at.UTC().Truncate(time.Microsecond) // as it is stored
}
