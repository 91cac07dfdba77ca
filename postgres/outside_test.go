package postgres_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/internal/hostile"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/permits"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

// marked is a text as the database gives it back.
func marked(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// once is a text with one mark for several in a row: JSON is marked byte by byte.
func once(s string) string { return regexp.MustCompile("\ufffd+").ReplaceAllString(s, "\ufffd") }

// stores is what keeps text from outside, beside the call log: each keeps a text under the number i, and
// gives it back.
var stores = map[string]func(t *testing.T, db *postgres.DB, i int, text string) (string, error){
	"a chat": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		sid := fmt.Sprint("CA", i, text)
		if err := db.NoteChat(t.Context(), sid, calllog.Chat{ID: fmt.Sprint(i, text), EndReason: text}); err != nil {
			return "", err
		}
		list, err := db.ChatsOf(t.Context(), sid)
		return append(list, calllog.Chat{})[0].EndReason, err
	},
	"a document": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		sid := fmt.Sprint("CA", i, text)
		if err := db.SetNext(t.Context(), sid, postgres.Next{Document: text, Step: text}); err != nil {
			return "", err
		}
		got, _, err := db.TakeNext(t.Context(), sid)
		if got.Step != got.Document {
			t.Errorf("the step is %q, the document %q", got.Step, got.Document)
		}
		return got.Document, err
	},
	"a claim": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		key := [32]byte{byte(i)}
		if _, err := db.Claim(t.Context(), key, key, text, time.Minute); err != nil {
			return "", err
		}
		c, err := db.Claim(t.Context(), key, key, "", time.Minute)
		return c.CallID, err
	},
	"a key": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		hash := [32]byte{byte(i)}
		k := keys.Key{Name: fmt.Sprint(i, text), Rights: []keys.Right{keys.Right(text)}, Sellers: []string{text}, By: text, Created: time.Now(), Expires: time.Now().Add(time.Hour)}
		if err := db.Keys().AddKey(t.Context(), k, hash); err != nil {
			return "", err
		}
		if _, err := db.Keys().RevokeKey(t.Context(), k.Name); err != nil {
			return "", err
		}
		found, err := db.Keys().FindKeys(t.Context(), [][32]byte{hash})
		got := found[hash]
		if len(got.Sellers) != 1 || len(got.Rights) != 1 || got.Sellers[0] != got.By || string(got.Rights[0]) != got.By {
			t.Errorf("a key with %q came back as %+v", text, got)
		}
		return got.By, err
	},
	"an order to erase": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		r, err := db.Erasures().Order(t.Context(), erasure.Record{ID: fmt.Sprint("era_", i), Person: [32]byte{byte(i)}, Why: text}, text)
		return r.Why, err
	},
	"a permit's event": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		id, ref, problem := fmt.Sprint("permit_", i), "", ""
		err := db.Permits().AddPermit(t.Context(), permits.Record{ID: id, Sealed: []byte{1}, ExpiresAt: time.Now().Add(time.Hour)})
		for range 2 {
			err = errors.Join(err, db.Permits().ReportPermit(t.Context(), id, "x", func(r *permits.Record, c *permits.Claim) (*permits.Claim, error) {
				if c != nil {
					ref, problem = r.CallRef, c.Answer.Problem
					return nil, nil
				}
				r.CallRef = text
				return &permits.Claim{ID: "x", Type: permits.EventType(text), At: time.Now(), Answer: permits.Answer{Problem: text}}, nil
			}))
		}
		if ref != problem {
			t.Errorf("a call of %q is %q", problem, ref)
		}
		return problem, err
	},
	"a reminder": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		s := db.Reminders()
		r := someReminder(t, i)
		r.Key, r.Order.Agent, r.Order.Subject = fmt.Sprint(i, text), text, text
		r.Order.Location.State, r.Order.Location.Zone = text, text
		r.Order.Variables = map[string]string{"a": text, "b": `\u0000`}
		if _, err := s.Add(t.Context(), []remind.Reminder{r}, nobody); err != nil {
			return "", err
		}
		again := r
		again.ID += "x"
		if list, err := s.Add(t.Context(), []remind.Reminder{again}, nobody); err != nil || len(list) != 1 || list[0].ID != r.ID {
			t.Errorf("of the key %q there is %+v, %v", r.Key, list, err)
		}
		_, err := s.Move(t.Context(), r.ID, remind.State{Status: remind.Held, NextAt: r.NextAt, Reason: text, Rules: []string{text}})
		got, getErr := s.Get(t.Context(), r.ID)
		if got.Order.Subject != got.Reason || once(got.Order.Variables["a"]) != once(marked(text)) || got.Order.Variables["b"] != `\u0000` || len(got.Rules) != 1 || got.Rules[0] != got.Reason {
			t.Errorf("a reminder with %q came back as %+v", text, got)
		}
		return got.Reason, errors.Join(err, getErr)
	},
	"an attempt": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		s := db.Reminders()
		r := someReminder(t, 1000+i)
		_, err := s.Add(t.Context(), []remind.Reminder{r}, nobody)
		n, claimErr := s.Claim(t.Context(), r.ID, fmt.Sprint(i, text), r.NextAt)
		_, settleErr := s.Settle(t.Context(), remind.Settlement{ID: r.ID, Attempt: n, CallID: fmt.Sprint("c", i, text), Fate: remind.Placed, Outcome: text, Counts: true,
			State: remind.State{Status: remind.Scheduled, NextAt: r.NextAt, Reason: text, Rules: []string{text}}})
		v, viewErr := s.View(t.Context(), r.ID)
		if id, err := s.ByCall(t.Context(), fmt.Sprint("c", i, text)); id != r.ID || err != nil || v.Last == nil || v.Last.Outcome != v.Reason {
			t.Errorf("an attempt of %q: %q, %v, %+v", text, id, err, v)
		}
		_, cancelErr := s.CancelAll(t.Context(), []string{r.ID}, text)
		got, getErr := s.Get(t.Context(), r.ID)
		return got.Reason, errors.Join(err, claimErr, settleErr, viewErr, cancelErr, getErr)
	},
	"a pause": func(t *testing.T, db *postgres.DB, i int, text string) (string, error) {
		agent := fmt.Sprint(i, text)
		err := db.Reminders().Pause(t.Context(), remind.Pause{Agent: agent, Until: time.Now().Add(time.Hour), Reason: text})
		list, listErr := db.Reminders().Pauses(t.Context())
		for _, p := range list {
			if p.Agent == marked(agent) {
				return p.Reason, errors.Join(err, listErr)
			}
		}
		return "", errors.Join(err, listErr, errors.New("there is no pause"))
	},
	"a command": func(t *testing.T, db *postgres.DB, _ int, text string) (string, error) {
		return marked(text), db.SendCommand(t.Context(), text, text, text)
	},
	"an instance": func(t *testing.T, db *postgres.DB, _ int, text string) (string, error) {
		_, err := db.CloseOrphans(t.Context(), text, time.Minute)
		return marked(text), errors.Join(err, db.Beat(t.Context(), text))
	},
}

// Whatever a text is, each store keeps it, and all that stands beside it.
func TestEveryStoreHoldsWhatComesFromOutside(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	for name, keep := range stores {
		for i, in := range hostile.Texts() {
			got, err := keep(t, db, i, in.Text)
			if err != nil {
				t.Errorf("%s: %s: %v", name, in.Name, err)
			} else if got != marked(in.Text) {
				t.Errorf("%s: %s: %q came back as %q", name, in.Name, in.Text, got)
			}
		}
	}
}
