package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Access is one row of who did what.
type Access struct {
	Seq     int64     `json:"seq"` // of its row in the ledger
	At      time.Time `json:"at"`
	Key     string    `json:"key"`
	Right   string    `json:"right"`
	Route   string    `json:"route"`
	CallID  string    `json:"call_id,omitempty"`
	Person  string    `json:"person,omitempty"` // stands for a number: the token of its rows
	About   string    `json:"about,omitempty"`  // the name of a key that was made or revoked
	Outcome string    `json:"outcome"`
}

// AccessList is the answer of GET /v1/audit: a page, the newest first. A page may be short
// and have another behind it.
type AccessList struct {
	Accesses []Access `json:"accesses"`
	Next     string   `json:"next,omitempty"` // cursor of the next page; empty on the last
}

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
	list := AccessList{Accesses: []Access{}}
	for _, a := range facts {
		list.Accesses = append(list.Accesses, Access{a.Seq, a.RecordedAt, a.Key, a.Right, a.Route, a.CallID, a.Person, a.About, a.Outcome})
	}
	if next != 0 {
		list.Next = strconv.FormatInt(next, 10)
	}
	reply(w, http.StatusOK, list)
}

// accessFilter reads which accesses are wanted.
func accessFilter(r *http.Request) (f consent.AccessFilter, wrong []FieldError) {
	q := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		bad := func(detail string) { wrong = append(wrong, FieldError{short(name), detail}) }
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
