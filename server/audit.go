package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// listAccesses tells who did what.
func (s *Server) listAccesses(w http.ResponseWriter, r *http.Request) {
	f, wrong := accessFilter(r)
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), ledgerWait)
	defer cancel()
	facts, next, err := s.cfg.Audit.Accesses(ctx, f)
	if err != nil {
		s.ledgerAway(err).send(w)
		return
	}
	list := api.AccessList{Accesses: []api.Access{}}
	for _, a := range facts {
		list.Accesses = append(list.Accesses, api.Access{Seq: a.Seq, At: a.RecordedAt, Key: a.Key, Right: a.Right,
			Route: a.Route, CallID: a.CallID, Person: a.Person, About: a.About, Outcome: a.Outcome})
	}
	if next != 0 {
		list.Next = strconv.FormatInt(next, 10)
	}
	reply(w, http.StatusOK, list)
}

// accessFilter reads which accesses are wanted.
func accessFilter(r *http.Request) (f consent.AccessFilter, wrong []api.FieldError) {
	q := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		bad := func(detail string) { wrong = append(wrong, fieldError(short(name), detail)) }
		var err error
		switch v := q.Get(name); name {
		case "key":
			f.Key = v
		case "right":
			f.Right = v
		case "call":
			f.CallID = v
		case "number":
			if f.Number, err = phone.Parse(v); err != nil {
				bad(wantNumber)
			}
		case "since":
			if f.Since, err = time.Parse(time.RFC3339, v); err != nil {
				if f.Since, err = time.Parse(time.DateOnly, v); err != nil {
					bad("want a time such as 2026-11-22T18:00:00Z, or a date such as 2026-11-22")
				}
			}
		case "limit":
			if f.Limit, err = strconv.Atoi(v); err != nil || f.Limit < 1 || f.Limit > consent.MaxAccesses {
				bad("want a number from 1 to " + strconv.Itoa(consent.MaxAccesses))
			}
		case "cursor":
			if f.Before, err = strconv.ParseInt(v, 10, 64); err != nil || f.Before < 1 {
				bad("want the next value of an earlier page")
			}
		default:
			bad("unknown parameter: this route takes call, cursor, key, limit, number, right, since")
		}
	}
	return f, wrong
}

// unrecorded is where nothing can be written down: all that has to be is refused.
type unrecorded struct{}

var errUnrecorded = errors.New("server: the access log is missing")

func (unrecorded) RecordAccess(context.Context, consent.Access) error { return errUnrecorded }

func (unrecorded) Accesses(context.Context, consent.AccessFilter) ([]consent.Fact, int64, error) {
	return nil, 0, errUnrecorded
}
